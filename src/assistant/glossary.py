"""English words under Norwegian ones, so that an English question and a Norwegian document share words. Data;
`assistant.variants` applies it to every text alike.

Words of administration, business, health and projects, in the forms that they are used in. An entry need not be a good
translation, as in `variants`. What is also a Norwegian word of another meaning (time, fire, gift, men, art) is left
out, and so is what both languages write alike."""

ENGLISH = """
norge: norway; norsk: norwegian; nordmenn: norwegians; danmark: denmark; dansk: danish; sverige: sweden
svensk: swedish; tyskland: germany; tysk: german; frankrike: france; europa: europe; europeisk: european
utland: abroad overseas; utenlands: foreign; internasjonal: international; nasjonal: national nationwide
regional: regionally; lokal: local locally; nord: north northern; sør: south southern; øst: east eastern
vest: western; københavn: copenhagen; verden: world worldwide; global: globally

kommune: municipality; kommuner: municipalities; kommunal: municipal; fylke: county; fylker: counties
byer: cities towns; land: country; lander: countries; stat: state; statlig: governmental; regjering: government
departement: ministry; minister: ministers; statsråd: secretary; stortinget: parliament; ordfører: mayor
ordførere: mayors; direktorat: directorate; etat: agency; etater: agencies; offentlig: public; myndighet: authority
myndigheter: authorities; råd: council advice; utvalg: committee; styre: board
leder: leader manager head chair chairman; ledere: leaders managers heads; ledelse: leadership management
daglig: managing daily; direktør: director ceo; direktører: directors; ansvarlig: responsible; ansvar: responsibility
politikk: policy politics; politisk: political; lov: law; lover: laws; regel: rule; regler: rules regulations
forskrift: regulation; vedtak: decision; vedta: decide adopt; vedtatt: decided adopted; krav: requirement requirements
rettigheter: rights; plikt: duty obligation; tillatelse: permit permission licence license; søknad: application
søknader: applications; søke: apply; frist: deadline; frister: deadlines; avtale: agreement; avtaler: agreements
kontrakt: contract; kontrakter: contracts; anskaffelse: procurement purchase; anskaffelser: procurements purchases
anbud: tender tenders; høring: consultation; klage: complaint; innbyggere: inhabitants residents citizens
innbyggertall: population; velger: voter; valg: election elections

selskap: company; selskaper: companies; bedrift: enterprise firm; bedrifter: enterprises firms businesses
næring: industry; næringer: industries; næringsliv: business; virksomhet: organisation organization
virksomheter: organisations organizations; forening: association; foreninger: associations; klynge: cluster
klynger: clusters; partnere: partners; samarbeid: cooperation collaboration partnership
samarbeide: cooperate collaborate; fellesskap: community consortium; nettverk: network; nettverker: networks
medlem: member; medlemmer: members; eier: owner; eiere: owners; eid: owned; kunde: customer; kunder: customers
leverandør: supplier; leverandører: suppliers; gründer: founder entrepreneur; gründere: founders; grunnlagt: founded
stiftet: established; etablere: establish; etablering: establishment; ansatt: employee employed
ansatte: employees staff; sysselsatte: workforce; sysselsatt: employs; arbeidsplass: workplace job
arbeidsplasser: workplaces jobs; arbeid: work labour; arbeider: works worker working; arbeidere: workers
jobber: employ; kompetanse: competence skills expertise; utdanning: education; opplæring: training; lønn: salary wage
lønninger: salaries wages; fagbrev: apprenticeship; studenter: students

penger: money; kroner: crowns; milliard: billion; milliarder: billions; millioner: millions; tusen: thousand
hundre: hundred; prosent: percentage; andel: proportion fraction; antall: quantity
tall: number numbers figure figures; beløp: amount amounts; kostnad: cost costs; koste: costing; kostet: costed
pris: price; priser: prices; budsjett: budget; budsjetter: budgets; omsetning: turnover revenue revenues
inntekt: income; inntekter: incomes; overskudd: profit profits; underskudd: deficit loss; støtte: support aid
støttet: supported; tilskudd: grant grants subsidy; finansiering: funding financing; finansiert: funded financed
bevilgning: appropriation; bevilget: allocated; satt: set; investering: investment; investeringer: investments
investere: invest; investert: invested; lån: loan loans; gjeld: debt; skatt: tax; skatter: taxes; avgift: fee
avgifter: fees; verdi: value; verdier: values; eksport: export; eksporten: exports; eksportere: exporting
eksportert: exported; eksporterer: exporter; import: imports; handel: trade; marked: market; markeder: markets
salg: sale sales; selge: sell; solgt: sold; kjøp: buy; kjøpe: buys buying; kjøpt: bought purchased; kjøpte: acquired
vekst: growth; vokse: grow; øke: increase raise; økt: increased raised; økning: increases; redusere: reduce
redusert: reduced; reduksjon: reduction; høy: high; høyest: highest; lav: low; lavest: lowest; stor: large big
størst: largest biggest; større: larger bigger; liten: little; eldst: oldest; ny: new; nye: newer
nyest: newest latest; viktig: important; viktigst: main; flere: several; alle: everyone; ingen: nobody

prosjekt: project; prosjekter: projects; forprosjekt: preproject; planer: plans; strategi: strategy
strategier: strategies; veikart: roadmap; mål: goal goals aim aims target; målet: objective; tiltak: measure measures
satsing: effort initiative; satsinger: efforts initiatives; område: area field; områder: areas fields; oppgave: task
oppgaver: tasks; steg: steps; resultat: result; resultater: results outcomes; funn: findings; rapport: report
rapporter: reports; notat: memo; dokument: document; dokumenter: documents; kilde: source; kilder: sources
vedlegg: appendix; referat: minutes; møte: meeting met; møter: meetings; konferanse: conference
seminar: seminars workshop; besøk: visit visits; besøke: visiting; besøkt: visited; tur: trip; reise: journey travel
delegasjon: delegation; delegasjonen: delegates; deltaker: participant; deltakere: participants
delta: participate attend; deltok: participated attended; verter: host hosts; invitert: invited; lansere: launch
lansert: launched; lansering: launching; presentere: present; presentert: presented; lagt: laid; kunngjøre: announce
kunngjort: announced; publisert: published; skrive: write; skrevet: written; skrev: wrote; starte: begin
startet: started began begun; slutte: finish; ferdig: finished completed; gjennomføre: implement
gjennomført: implemented conducted; planlagt: planned; utvikle: develop; utviklet: developed; utvikling: development
bygge: build; bygget: built; bygning: building; bygninger: buildings; utvide: expand; utvidet: expanded
utvidelse: expansion; kapasitet: capacity; anlegg: plant facility site; anleggene: plants facilities; fabrikk: factory
fabrikker: factories; produksjon: manufacturing; produsere: produce make; produsert: produced
produserer: produces makes; produsent: producer manufacturer; produsenter: producers manufacturers
vare: product goods; varer: products; tjeneste: service; tjenester: services; teknologi: technology
digital: digitally; data: dataset; forskning: research; forsker: researcher; forskere: researchers
kunnskap: knowledge; undersøkelse: survey study; undersøkelser: surveys studies; innovasjon: innovation
universitet: university; universiteter: universities; skole: school; skoler: schools; elev: pupil; elever: pupils
barnehage: kindergarten; barn: child children; ungdom: youth; eldre: elderly; kvinner: women; familie: family

helse: health; sykehus: hospital hospitals; pasient: patient; pasienter: patients; lege: doctor physician
leger: doctors physicians; sykepleier: nurse; sykepleiere: nurses; legemiddel: drug medicine
legemidler: drugs medicines pharmaceuticals; legemiddelindustri: pharmaceutical pharma; farmasøytisk: pharmacy
behandling: treatment; medisin: medication; medisinsk: medical; vaksine: vaccine; vaksiner: vaccines
sykdom: disease illness; sykdommer: diseases; omsorg: care; biologisk: biological; klinisk: clinical
beredskap: preparedness emergency; forsyning: supply; sikkerhet: safety security; risiko: risk; risikoer: risks
miljø: environment; klima: climate; bærekraft: sustainability; bærekraftig: sustainable; grønn: green
grønnere: greener; energi: energy; strøm: electricity; vann: water; avløp: sewage; avfall: waste
transport: transportation; vei: road; veier: roads; jernbane: railway; tog: train; havn: harbour; flyplass: airport
bolig: housing dwelling; boliger: dwellings; hus: house; tomt: plot; areal: acreage; jord: soil; skog: forest
hav: sea ocean; havvind: offshore; fisk: fish; landbruk: agriculture farming; bonde: farmer

år: year years; måned: month; måneder: months; uke: week; uker: weeks; dag: day; dager: days; dato: date
datoer: dates; vår: spring; sommer: summer; høst: autumn; vinter: winter; tidlig: early; sen: late; før: before
etter: after; siden: since; innen: within; under: during; mellom: between; først: first; neste: next; andre: second
tredje: third; fjerde: fourth; femte: fifth; navn: called; heter: named; adresse: address; telefon: phone
personer: people persons; mann: husband; sted: place; steder: places; årsak: reason cause; årsaker: reasons causes
grunn: grounds; betydning: importance; eksempel: example; eksempler: examples; forskjell: difference
forskjeller: differences; likhet: similarity; fordel: advantage benefit; fordeler: advantages benefits
ulempe: drawback; ulemper: drawbacks; utfordring: challenge; utfordringer: challenges
mulighet: opportunity possibility; muligheter: opportunities possibilities; suksess: success; faktor: factor
faktorer: factors; erfaring: experience; erfaringer: experiences; lærdom: lesson; lærdommer: lessons; stabil: stable
rammebetingelser: framework; rammer: conditions; definisjon: definition; betyr: means; ifølge: according
fordelt: distributed spread; totalt: altogether; gjennomsnitt: average; minst: least; bruk: usage; bruke: spend
brukt: used; behov: need needs; trenger: requires; foreslå: propose suggest; foreslått: proposed suggested
forslag: proposal proposals; anbefale: recommend; anbefalt: recommended; anbefaling: recommendation
anbefalinger: recommendations; vurdering: assessment evaluation; vurdert: assessed evaluated; velge: choose
valgt: chosen elected; ønske: wish; ambisjon: ambition; visjon: vision; fram: forward; åpne: opened; lukke: close
lukket: closed; flytte: move; flyttet: moved; endre: change; endret: changed; endring: changes; ta: take; tatt: taken
fortelle: tell; fortalte: told; spørre: ask; spurte: asked; spørsmål: question questions; svar: answer answers
viser: shows; vist: shown; bor: lives; bodde: lived; født: born; død: died death

sa: said; nevner: mention mentions; nevnt: mentioned; beskriver: describe describes; beskrevet: described
gir: give gives; gitt: given; får: get gets receive; fikk: got received; brukes: use; hjelpe: help; hjalp: helped
tilbud: offers; betale: pay; betalt: paid; betaler: pays; leder: leads; eier: owns own; skjedde: happened
skje: happen; inneholder: contain contains; omfatter: include includes included comprises; tilhører: belong belongs
gjelder: applies; krever: require required; trengs: needed; forklarer: explain explains; forklart: explained
kalles: known; sammenligne: compare; beregnet: calculated; målt: measured; telle: count
samlet: gathered joint combined; delt: shared; dele: share; sender: send sends; mottatt: receives; møtte: meets
reiste: travelled; dro: went; kom: came; komme: come; gruppe: group; grupper: groups; målgruppe: audience
punkt: point; punkter: points; del: part; deler: parts; innsats: focus; test: tests testing; prøve: try trying
forsøk: trial trials; kvalitet: quality; metode: method; metoder: methods; verktøy: tool tools; løsning: solution
løsninger: solutions; ide: idea ideas; nivå: level levels; type: kind kinds types; liste: listing; side: page pages
kapittel: chapter; tabell: table tables; figur: chart; bilde: picture; bakgrunn: background; formål: purpose
innhold: content contents; sammendrag: summary; konklusjon: conclusion; tittel: title; forfatter: author
språk: language; ord: words; kontor: office; sentrum: centre; region: regions; distrikt: district; grense: border
marin: navy; luft: air; nærhet: proximity; avstand: distance; størrelse: size; lengde: length; vekt: weight
hastighet: speed; tid: period
"""
"""`Norwegian: English words`, parted by semicolons or lines."""
