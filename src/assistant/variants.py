"""One form for words that Norwegian has several of: nynorsk under bokmål; and English ones under theirs, as `glossary`
lists them. Tables and pure functions; `assistant.text` applies them before it stems.

What stems bring together by themselves (kommunar and kommuner, dagleg and daglig) is not listed, and an entry need not
be a good translation: it must bring a question and the passage that answers it to the same word. Words that mean
something else in the other written form (vert, leie, sel) are left out, but for the commonest."""

from __future__ import annotations

import re

from assistant.glossary import ENGLISH

_SPELLINGS = """
ikke: ikkje; hva: kva; hvem: kven; hvor: kor; hver: kvar; hvert: kvart; hverandre: kvarandre; hvordan: korleis åssen
hvorfor: kvifor korfor; hvorvidt: korvidt; hvilken: kvilken; hvilke: kvilke; jeg: eg; vi: me; dere: dykk
deres: dykkar deira; hun: ho; hennes: hennar; de: dei; noen: nokon nokre; noe: noko; en: ein; et: eit; ett: eitt
ene: eine; egen: eigen; eget: eige; egne: eigne; annen: annan; begge: båe; selv: sjølv; mye: mykje; mer: meir
flere: fleire; hel: heil; helt: heilt; hele: heile; bare: berre; også: òg; ennå: enno; nå: no nu; da: då; fra: frå
siden: sidan; etter: efter; hjem: heim; hjemme: heime; utenfor: utanfor; innenfor: innanfor; innen: innan; uten: utan
utenom: utanom; sammen: saman; derfor: difor; dessuten: dessutan; fortsatt: framleis fremdeles; gang: gong
ganger: gonger; særlig: særleg; spesielt: særskilt; tidligere: tidlegare; senere: seinare; sen: sein; sent: seint
først: fyrst; første: fyrste; øverst: øvst; nederst: nedst; videre: vidare; nærmere: nærare; nærmest: nærast
bedre: betre; høy: høg; høyt: høgt; høye: høge; høyere: høgare; høyest: høgast; høyeste: høgaste; lav: låg; lavt: lågt
lave: låge; lavere: lågare; lavest: lågast; laveste: lågaste; nyere: nyare; nyest: nyast; nyeste: nyaste
enklere: enklare; hvit: kvit; umulig: umogleg; sjelden: sjeldan; nødvendig: naudsynt; forskjellig: ulik
forskjellige: ulike; forskjell: skilnad; forskjeller: skilnader; alene: åleine; eneste: einaste; enig: einig
enige: einige; enkelt: einskild; enkelte: einskilde; eksempel: døme; årlig: årleg; være: vere vera; vært: vore
ble: vart blei; bli: verte; blitt: vorte; gjøre: gjere; gjør: gjer; kommer: kjem; komme: koma; fikk: fekk; gikk: gjekk
sto: stod; gi: gje; gir: gjev; ga: gav; gitt: gjeve; tar: tek; tatt: teke; si: seie; sier: seier; se: sjå; vite: vete
vet: veit; legge: leggje; legger: legg; ligge: liggje; ligger: ligg; sette: setje; setter: set; sitter: sit
skriver: skriv; skrev: skreiv; driver: driv; drev: dreiv; finner: finn; fant: fann; funnet: funne; finnes: finst fins
fantes: fanst; begynne: byrje; begynner: byrjar; begynte: byrja; åpne: opne; åpner: opnar; åpnet: opna
følger: følgjer; fulgte: følgde; fulgt: følgt; velge: velje; valgte: valde; valgt: valt; selge: selje; solgte: selde
solgt: selt; øke: auke; øker: aukar; økte: auka; økning: auken auking aukinga; vokse: vekse; vokser: veks
vokst: vakse; eier: eig; bor: bur; bodde: budde; bodd: butt; heter: heiter; het: heitte; krever: krev; søker: søkjer
spurte: spurde; forteller: fortel; fortalte: fortalde; besøke: vitje; besøker: vitjar; besøkte: vitja
besøk: vitjing vitjinga vitjingar; bruker: brukar; deltar: deltek; deltatt: delteke; trenger: treng; viste: synte
tror: trur; trodde: trudde; mener: meiner; mente: meinte; gjelder: gjeld; gjaldt: galdt; vinner: vinn; vunnet: vunne
synker: søkk; sank: sokk; holde: halde; holder: held; holdt: heldt; inneholde: innehalde; inneholder: inneheld
foreslå: føreslå; foreslår: føreslår; foreslo: føreslo; foreslått: føreslått; forberede: førebu; forbereder: førebur
vedtar: vedtek; vedtatt: vedteke; født: fødd; ledet: leidde leidd; utgjør: utgjer
forslag: framlegg framlegget framlegga; tall: tal; tallet: talet; tallene: tala; antall: antal; antallet: antalet
måned: månad; uke: veke; uker: veker; uken: veka; ukene: vekene; høst: haust; høsten: hausten; norge: noreg
norges: noregs; vei: veg; veien: vegen; veier: vegar; veiene: vegane; vann: vatn; vannet: vatnet; gård: gard
gården: garden; navn: namn; barna: borna; gutt: gut; gutten: guten; gutter: gutar; menneskene: menneska
ledelse: leiing; ledelsen: leiinga; salg: sal; salget: salet; valg: val; valget: valet; forhold: tilhøve
forholdet: tilhøvet; anledning: høve; fordel: føremon; fordeler: føremoner; erfaring: røynsle; erfaringer: røynsler
betydning: tyding; sted: stad; stedet: staden; steder: stader; stedene: stadene; stemme: røyst; stemmer: røyster
tillatelse: løyve; penger: pengar; pengene: pengane; samtykke: samtykkje; enighet: semje; uenighet: usemje
enhet: eining; enheter: einingar; enheten: eininga; verden: verda; verdens: verdas; bidrar: bidreg; bidro: bidrog
melk: mjølk; syv: sju; syvende: sjuande; tjue: tyve; tretti: tredve; produsere: produsera; etablere: etablera
lansere: lansera; mandag: måndag; lørdag: laurdag; søndag: sundag; kilometer: km; gjennom: igjennom
framover: fremover; fram: frem; hvite: kvite
"""
"""`word: other ways to write it`, parted by semicolons or lines."""

_PARTS = """
tenest tjenest; verksemd virksomhet; rettleiing veiledning; rettleiar veileder; innbyggjar innbygger; skule skole
skular skoler; skulan skolen; sjukehus sykehus; sjukeheim sykehjem; sjukdom sykdom; sjukepleiar sykepleier
sjukmeld sykmeld; fråvær fravær; gjevar giver; leiarskap lederskap; leiar leder; høyring høring; utgreiing utredning
løyving bevilgning; føresegn bestemmelse; føresetnad forutsetning; føremål formål; føretak foretak; kjelde kilde
tilskot tilskudd; verkemid virkemid; verknad virkning; marknad marked; rekneskap regnskap; køyr kjør; oppgåv oppgav
utgåv utgav; bustad bolig; mogleg mulig; vitskap vitenskap; rengjering rengjøring; oppgjer oppgjør
tryggleik sikkerhet; storleik størrelse; kjærleik kjærlighet; lækjar lege; lækjemid legemid; vegkart veikart
riksveg riksvei; fylkesveg fylkesvei; motorveg motorvei; gangveg gangvei; sykkelveg sykkelvei; innanlands innenlands
utanlands utenlands; innanriks innenriks; utanriks utenriks; eigar eier; eigedom eiendom; tilsett ansatt
tilsetj ansett; namn navn; meining mening; tenar tjener; sjølv selv; samanlikn sammenlign; heilskap helhet
tilbod tilbud; anbod anbud; forbod forbud; påbod påbud; tilbydar tilbyder; innhald innhold; opphald opphold
hushald hushold; vedlikehald vedlikehold; løysing løsning; løys løs; forbetr forbedr; vidare videre
omsetnad omsetning; folketal folketall; fleirtal flertall; mindretal mindretall; årstal årstall; nøkkeltal nøkkeltall
medlemstal medlemstall; stortingsval stortingsvalg; kommuneval kommunevalg; fylkestingsval fylkestingsvalg
månad måned; milliardar milliarder; millionar millioner; fremlegg framlegg; fremstilling framstilling
fremdrift framdrift; fremvekst framvekst; fremgang framgang; kunngjer kunngjør; grunngjev begrunn; lønsemd lønnsomhet
dugleik ferdighet; arbeidsstad arbeidssted; vanskeleg vanskelig; offentleg offentlig; forsking forskning
byggjing bygging; ordførar ordfører; sakshandsam saksbehandl; handsam behandl
"""
"""Parts of compounds, nynorsk and bokmål, wherever in a word they stand."""

_STARTS = """
aust øst; saman sammen; eigen egen; løns lønns; frå fra; vass vann; fleir fler; meir mer; heim hjem; frem fram
verds verdens; sjuk syk; utan uten; innan innen; heil hel; høg høy; låg lav; kvit hvit
"""
"""The same, as a compound's first part: at least four letters must follow."""


_NUMERALS = dict(
    pair.split("=")
    for pair in "fem=5 seks=6 syv=7 åtte=8 ni=9 ti=10 elleve=11 tolv=12 tretten=13 fjorten=14 femten=15 seksten=16 "
    "sytten=17 atten=18 nitten=19 tjue=20 tretti=30 førti=40 femti=50 seksti=60 sytti=70 åtti=80 nitti=90 "
    "hundre=100".split()
)
"""Not the smaller ones: "to" and "fire" are words of English, "tre" is a tree."""


def _listed(table: str) -> dict[str, str]:
    """Each other form by itself; the first entry that names one has it."""
    found: dict[str, str] = {}
    for entry in re.split(r"[;\n]", table):
        word, _, others = entry.strip().partition(": ")
        for other in others.split():
            found.setdefault(other, word)
    return found


def _paired(table: str) -> dict[str, str]:
    return dict(pair.split() for pair in re.split(r"[;\n]", table) if pair)


_OF_WORD = _listed(ENGLISH) | _listed(_SPELLINGS)
_OF_PART = _paired(_PARTS)
_OF_START = _paired(_STARTS)

_PART = re.compile("|".join(sorted(_OF_PART, key=len, reverse=True)))
_NOT_STARTED = "austral|auster|fråts|fråde|frem[mr]|fremst|vasse|verdse|verdsa"
_START = re.compile(f"(?!{_NOT_STARTED})(?:{'|'.join(_OF_START)})(?=.{{4}})")
_SOFT = re.compile(r"(?<=gg|kk|lg|nk|rk|øk)j(?=[eai])")
"""byggje, tenkje, søkjar."""
_HEIT = re.compile(r"(?<=..)(?:heit(?:a|er|ene|s)?|heta)$")
_AUKE = re.compile(r"(?<=...)auken?$")
_COMPARED = re.compile(r"(?<=..)(leg|ig|sk|rk|nt|nk|in|id|øg|åg|al)are$")
_PERSONS = re.compile(r"(?<=...)(?:er(?:e|er|en|ne|es|ens|nes|ar|ane)|ar(?:ar|ane|en))$")
"""-ere, -eren and -erne, -arar, -aren and -arane: those who do something, comparatives, verbs in -ere. The stemmer
takes one ending off, and so keeps leder, lederen and lederne apart."""
_DOCTORS = re.compile(r"(?<=fast|tann|over|dyre|vakt|mune|ehus|rnus|ikts)leg(?=(?:e|en|er|ene|ane|es|ens)$)")
"""Whose -leg- the stemmer takes for the ending of an adjective."""


def spelling(word: str) -> str:
    """A word in lower case as it is written in bokmål, where the tables know; part by part in a compound."""
    if word in _OF_WORD:
        return _OF_WORD[word]
    if len(word) < 5 or word[0].isdigit():
        return word
    word = _PART.sub(lambda part: _OF_PART[part.group()], _SOFT.sub("", word))
    word = _START.sub(lambda start: _OF_START[start.group()], word, count=1) if _START.match(word) else word
    return _COMPARED.sub(r"\1ere", _AUKE.sub("økning", _HEIT.sub("het", word)))


def base(word: str) -> str:
    """A word as `spelling` gives it, without what the stemmer goes wrong at; a number in words as its figure."""
    if word in _NUMERALS:
        return _NUMERALS[word]
    return _DOCTORS.sub("legj", _PERSONS.sub("er", word))
