// Everything the page says, in the three languages of the product. A function takes what it names.

const nb = {
  brand: "Spør dokumentene",
  skip: "Gå til spørsmålet",
  heading: "Hva vil du vite?",
  lead: "Svaret bygger bare på dokumentene, og hver setning viser til stedet der det står.",
  label: "Spørsmålet ditt",
  hint: "Enter sender, Shift + Enter gir ny linje.",
  submit: "Spør",
  stop: "Stans",
  transcript: "Spørsmål og svar",
  question: "Du spurte",
  stages: { send: "Sender spørsmålet …", search: "Søker i dokumentene …", answer: "Leser det som er funnet …", verify: "Sjekker svaret mot kildene …" },
  elapsed: (s) => `${s} sekunder`,
  slow: (s) => `${s} sekunder. Det tar lengre tid enn vanlig; du kan vente eller stanse.`,
  found: (n) => (n === 1 ? "Ser i ett dokument:" : `Ser i ${n} dokumenter:`),
  drafting: "Språkmodellen skriver. Hver setning vises når den er kontrollert mot kildene.",
  ready: (text) => `Svaret er klart. ${text}`,
  sources: "Kilder",
  page: (n) => `side ${n}`,
  slide: (n) => `lysbilde ${n}`,
  row: (n) => `rad ${n}`,
  reference: (n, title, place) => `Kilde ${n}: ${title}${place ? `, ${place}` : ""}`,
  references: "Referanseliste",
  copy: "Kopier referanselisten",
  copied: "Referanselisten er kopiert.",
  notCopied: "Nettleseren ville ikke kopiere. Listen er markert: trykk Ctrl + C.",
  near: "Se eventuelt i disse dokumentene:",
  dropped: (n) => (n === 1 ? "Én setning ble tatt ut av svaret" : `${n} setninger ble tatt ut av svaret`),
  droppedNote: "De sto i utkastet, men dokumentene gir ikke dekning for dem.",
  coverage: (searched, total) => `${searched} av ${total} dokumenter gjennomsøkt`,
  panelOf: (n, total) => `Kilde ${n} av ${total}`,
  previous: "Forrige kilde",
  next: "Neste kilde",
  newTab: "Åpne i ny fane",
  close: "Lukk",
  documents: (n) => (n === 0 ? "Ingen dokumenter er lest inn ennå" : n === 1 ? "Ett dokument å spørre i" : `${n} dokumenter å spørre i`),
  documentsFailed: "Listen over dokumenter kunne ikke hentes. Last inn siden på nytt for å prøve igjen.",
  empty: "Skriv et spørsmål først. Hele setninger eller bare stikkord går like bra.",
  stopped: "Stanset. Spørsmålet står fortsatt i feltet, så du kan endre det eller spørre igjen.",
  network: "Får ikke kontakt med tjenesten. Sjekk nettforbindelsen, vent litt og spør igjen. Spørsmålet står fortsatt i feltet.",
  cut: "Forbindelsen ble brutt før svaret var ferdig, så det som kom, er ikke kontrollert og er tatt bort. Spør igjen.",
  garbled: "Svaret fra tjenesten kunne ikke leses. Spør igjen. Skjer det på nytt, gi beskjed til den som drifter tjenesten.",
  refused: (status) => `Tjenesten kunne ikke svare (feil ${status}). Vent litt og spør igjen. Spørsmålet står fortsatt i feltet.`,
};

const nn = {
  brand: "Spør dokumenta",
  skip: "Gå til spørsmålet",
  heading: "Kva vil du vite?",
  lead: "Svaret byggjer berre på dokumenta, og kvar setning viser til staden der det står.",
  label: "Spørsmålet ditt",
  hint: "Enter sender, Shift + Enter gir ny linje.",
  submit: "Spør",
  stop: "Stans",
  transcript: "Spørsmål og svar",
  question: "Du spurde",
  stages: { send: "Sender spørsmålet …", search: "Søkjer i dokumenta …", answer: "Les det som er funne …", verify: "Sjekkar svaret mot kjeldene …" },
  elapsed: (s) => `${s} sekund`,
  slow: (s) => `${s} sekund. Det tek lengre tid enn vanleg; du kan vente eller stanse.`,
  found: (n) => (n === 1 ? "Ser i eitt dokument:" : `Ser i ${n} dokument:`),
  drafting: "Språkmodellen skriv. Kvar setning blir vist når ho er kontrollert mot kjeldene.",
  ready: (text) => `Svaret er klart. ${text}`,
  sources: "Kjelder",
  page: (n) => `side ${n}`,
  slide: (n) => `lysbilete ${n}`,
  row: (n) => `rad ${n}`,
  reference: (n, title, place) => `Kjelde ${n}: ${title}${place ? `, ${place}` : ""}`,
  references: "Referanseliste",
  copy: "Kopier referanselista",
  copied: "Referanselista er kopiert.",
  notCopied: "Nettlesaren ville ikkje kopiere. Lista er markert: trykk Ctrl + C.",
  near: "Sjå eventuelt i desse dokumenta:",
  dropped: (n) => (n === 1 ? "Éi setning vart teken ut av svaret" : `${n} setningar vart tekne ut av svaret`),
  droppedNote: "Dei stod i utkastet, men dokumenta gir ikkje dekning for dei.",
  coverage: (searched, total) => `${searched} av ${total} dokument gjennomsøkte`,
  panelOf: (n, total) => `Kjelde ${n} av ${total}`,
  previous: "Førre kjelde",
  next: "Neste kjelde",
  newTab: "Opne i ny fane",
  close: "Lukk",
  documents: (n) => (n === 0 ? "Ingen dokument er lesne inn enno" : n === 1 ? "Eitt dokument å spørje i" : `${n} dokument å spørje i`),
  documentsFailed: "Lista over dokument kunne ikkje hentast. Last inn sida på nytt for å prøve igjen.",
  empty: "Skriv eit spørsmål først. Heile setningar eller berre stikkord går like bra.",
  stopped: "Stansa. Spørsmålet står framleis i feltet, så du kan endre det eller spørje igjen.",
  network: "Får ikkje kontakt med tenesta. Sjekk nettsambandet, vent litt og spør igjen. Spørsmålet står framleis i feltet.",
  cut: "Sambandet vart brote før svaret var ferdig, så det som kom, er ikkje kontrollert og er teke bort. Spør igjen.",
  garbled: "Svaret frå tenesta kunne ikkje lesast. Spør igjen. Skjer det på nytt, gi beskjed til den som driftar tenesta.",
  refused: (status) => `Tenesta kunne ikkje svare (feil ${status}). Vent litt og spør igjen. Spørsmålet står framleis i feltet.`,
};

const en = {
  brand: "Ask the documents",
  skip: "Go to the question",
  heading: "What would you like to know?",
  lead: "The answer rests on the documents alone, and each sentence points to the place where it is written.",
  label: "Your question",
  hint: "Enter sends, Shift + Enter starts a new line.",
  submit: "Ask",
  stop: "Stop",
  transcript: "Questions and answers",
  question: "You asked",
  stages: { send: "Sending the question …", search: "Searching the documents …", answer: "Reading what was found …", verify: "Checking the answer against its sources …" },
  elapsed: (s) => `${s} seconds`,
  slow: (s) => `${s} seconds. This takes longer than usual; you can wait or stop.`,
  found: (n) => (n === 1 ? "Looking in one document:" : `Looking in ${n} documents:`),
  drafting: "The language model is writing. Each sentence is shown once it has been checked against the sources.",
  ready: (text) => `The answer is ready. ${text}`,
  sources: "Sources",
  page: (n) => `page ${n}`,
  slide: (n) => `slide ${n}`,
  row: (n) => `row ${n}`,
  reference: (n, title, place) => `Source ${n}: ${title}${place ? `, ${place}` : ""}`,
  references: "Reference list",
  copy: "Copy the reference list",
  copied: "The reference list is copied.",
  notCopied: "The browser would not copy. The list is selected: press Ctrl + C.",
  near: "These documents may be worth a look:",
  dropped: (n) => (n === 1 ? "One sentence was taken out of the answer" : `${n} sentences were taken out of the answer`),
  droppedNote: "They were in the draft, but the documents do not support them.",
  coverage: (searched, total) => `${searched} of ${total} documents searched`,
  panelOf: (n, total) => `Source ${n} of ${total}`,
  previous: "Previous source",
  next: "Next source",
  newTab: "Open in a new tab",
  close: "Close",
  documents: (n) => (n === 0 ? "No documents have been read in yet" : n === 1 ? "One document to ask in" : `${n} documents to ask in`),
  documentsFailed: "The list of documents could not be fetched. Reload the page to try again.",
  empty: "Write a question first. Whole sentences or just keywords both work.",
  stopped: "Stopped. The question is still in the box, so you can change it or ask again.",
  network: "The service cannot be reached. Check your connection, wait a little and ask again. The question is still in the box.",
  cut: "The connection broke before the answer was complete, so what had come was not checked and is taken away. Ask again.",
  garbled: "The reply from the service could not be read. Ask again. If it happens once more, tell whoever runs the service.",
  refused: (status) => `The service could not answer (error ${status}). Wait a little and ask again. The question is still in the box.`,
};

export const TEXTS = { nb, nn, en };

// A browser's language tag to one of ours; "no" and the neighbours' languages are best served by bokmål.
export function languageOf(tag) {
  const language = String(tag || "").toLowerCase().split("-")[0];
  if (language === "nn") return "nn";
  return ["nb", "no", "da", "sv"].includes(language) ? "nb" : "en";
}

// Where in its document a citation is: the page as it is numbered in print, the slide, the row.
export function placeText(citation, language) {
  const texts = TEXTS[language];
  const pages = /presentation/.test(citation.media_type || "") ? texts.slide : texts.page;
  const page = citation.page_label || citation.page;
  return [page ? pages(page) : "", citation.row ? texts.row(citation.row) : ""].filter(Boolean).join(", ");
}

// An ISO 8601 year, month or day as people write it; anything else as it is.
export function dateText(date, language) {
  const parts = /^(\d{4})-(\d\d)(?:-(\d\d))?/.exec(date || "");
  if (!parts) return date || "";
  const when = new Date(Date.UTC(Number(parts[1]), Number(parts[2]) - 1, Number(parts[3] || 1)));
  const shape = { year: "numeric", month: "long", timeZone: "UTC", ...(parts[3] ? { day: "numeric" } : {}) };
  // Months have the same names in both written forms of Norwegian, and not every browser knows nynorsk.
  return Number.isNaN(when.getTime()) ? date : new Intl.DateTimeFormat(language === "en" ? "en-GB" : "nb-NO", shape).format(when);
}
