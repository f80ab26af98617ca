// The source beside the answer (over it where there is no room): the viewer in a frame, and a way on to the next citation.

import { sourceAddress } from "./answer.js";
import { ICONS, button, element, focused, icon } from "./dom.js";
import { TEXTS, placeText } from "./texts.js";

// columns: the element that holds the two columns. service: as makeService gives it. Returns {open, close, relabel, shown}.
export function makePanel(columns, service, onChange) {
  const heading = element("h2", { tabindex: "-1", id: "panel-heading", "aria-live": "polite" });
  const previous = button("‹", { class: "small" }, () => step(-1));
  const next = button("›", { class: "small" }, () => step(1));
  // What they say is drawn where it has no room.
  const tab = element("a", { class: "brief", target: "_blank", rel: "noopener" }, icon(ICONS.out), element("span"));
  const close = button("", { class: "small brief" }, shut);
  close.append(icon(ICONS.close), element("span"));
  const refused = element("p", { class: "notice", role: "alert", hidden: true });
  const frame = element("iframe", { id: "source-frame" });
  const bar = element("div", { class: "panel-bar" }, heading, previous, next, tab, close);
  const panel = element("section", { class: "panel", id: "panel", "aria-labelledby": "panel-heading" }, bar, refused, frame);
  let shown = null; // {entry, number, link, language}
  let address = "";

  function draw(anew = false) {
    const { entry, number, language } = shown;
    const texts = TEXTS[language];
    const { citations } = entry.answer;
    const index = citations.findIndex((citation) => citation.number === number);
    const wanted = sourceAddress(citations[index], language, service.base);
    heading.textContent = texts.panelOf(number, citations.length);
    previous.setAttribute("aria-label", texts.previous);
    previous.disabled = index === 0;
    next.setAttribute("aria-label", texts.next);
    next.disabled = index === citations.length - 1;
    tab.lastChild.textContent = tab.title = texts.newTab;
    tab.href = wanted;
    close.lastChild.textContent = close.title = texts.close;
    refused.textContent = texts.frameRefused;
    frame.title = texts.reference(number, citations[index].title, placeText(citations[index], language));
    // The user may have turned pages or searched in there, so it is not enough that the address was right.
    if (anew || wanted !== address) frame.setAttribute("src", wanted);
    address = wanted;
    unmark();
    for (const link of references(entry, number)) link.setAttribute("aria-current", "true");
  }

  function unmark() {
    for (const link of columns.querySelectorAll(".reference[aria-current]")) link.removeAttribute("aria-current");
  }

  function references(entry, number) {
    return [...entry.article.querySelectorAll(".reference")].filter((one) => one.textContent === `[${number}]`);
  }

  function open(entry, number, link, language) {
    const scroller = columns.querySelector(".scroll");
    const before = link.getBoundingClientRect().top;
    shown = { entry, number, link, language };
    if (!panel.isConnected) columns.append(panel);
    columns.classList.add("split");
    onChange(true);
    draw(true);
    // A narrower column has more lines: what was clicked stays where it was.
    scroller.scrollTop += link.getBoundingClientRect().top - before;
    // Where nothing in here scrolls, the source may be out of sight.
    if (scroller.scrollHeight <= scroller.clientHeight) panel.scrollIntoView({ block: "nearest" });
    heading.focus({ preventScroll: true });
  }

  function step(by) {
    const { citations } = shown.entry.answer;
    const index = citations.findIndex((citation) => citation.number === shown.number) + by;
    if (!citations[index]) return;
    shown.number = citations[index].number;
    draw();
    // The button that was pressed may be of no use now, and would take the keyboard's place with it.
    if (!focused(columns) || focused(columns).disabled) heading.focus();
  }

  function shut() {
    if (!shown) return;
    const { link, entry, number } = shown;
    shown = null;
    address = "";
    panel.remove();
    frame.removeAttribute("src");
    refused.hidden = true;
    columns.classList.remove("split");
    onChange(false);
    unmark();
    // The link itself may have been drawn anew since; its like is the place to go back to.
    (link.isConnected ? link : references(entry, number)[0])?.focus();
  }

  function relabel(language) {
    if (!shown) return;
    shown.language = language;
    draw();
  }

  // Keys pressed in a frame are heard there alone; the viewer tells of the one that matters.
  function told(event) {
    if (event.source === frame.contentWindow && event.data === "assistant-escape") shut();
  }

  // The host page's own policy may keep frames out; then there is the new tab.
  function blocked(event) {
    if (shown && event.blockedURI.startsWith(new URL(service.base).origin) && /^(frame|child|default)-src/.test(event.effectiveDirective)) {
      refused.hidden = false;
    }
  }

  function listen(on) {
    const change = on ? "addEventListener" : "removeEventListener";
    window[change]("message", told);
    document[change]("securitypolicyviolation", blocked);
  }

  return { open, close: shut, relabel, listen, shown: () => shown !== null };
}
