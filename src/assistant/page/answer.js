// One question and what came of it, drawn as an <article>. Whatever comes from outside is set as text, never as HTML.

import { drawLeavingOut, drawRecognised } from "./again.js";
import { drawReferenceList } from "./references.js";
import { TEXTS, dateText, placeText } from "./texts.js";

export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) made.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) made.setAttribute(name, value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

// A list and its lead-in have an empty line between them in the document; here they are one piece.
function compact(text) {
  return text.replace(/\n\s*\n/g, "\n");
}

// Addresses come from the service; only its own viewer is let into the page.
export function sourceAddress(citation, language) {
  let address = new URL(`/source/${encodeURIComponent(citation.document_id)}`, location.origin);
  try {
    const given = new URL(citation.url || "", location.origin);
    if (given.origin === location.origin && given.pathname.startsWith("/source/")) address = given;
  } catch {
    // An address that cannot be read: the document's own page is the next best.
  }
  address.searchParams.set("language", language);
  return address.pathname + address.search;
}

// entry: {question, phase: "working" | "answered", understood, drafting, sentences, sources, answer, article}
// openSource(entry, number, link) shows a citation; askAgain(entry, choices) puts the same question to other documents,
// or as it is written, without what was said before.
export function drawEntry(entry, language, openSource, askAgain) {
  const texts = TEXTS[language];
  const parts = [
    element("h3", { class: "asked" }, element("span", { class: "hidden" }, `${texts.question}: `), entry.question),
  ];
  if (entry.understood) parts.push(drawUnderstood(entry, texts, askAgain));
  if (entry.phase === "working") parts.push(...drawWorking(entry, texts));
  if (entry.phase === "answered") parts.push(...drawAnswer(entry, language, openSource, askAgain));
  return parts;
}

// A follow-up is searched for with what it leaves unsaid; the user sees how, and has the last word.
function drawUnderstood(entry, texts, askAgain) {
  const line = element("p", { class: "understood" }, `${texts.understood} `, element("span", {}, entry.understood));
  if (entry.phase === "answered") {
    const name = texts.myWordsName(entry.question);
    const button = element("button", { type: "button", class: "small", title: name, "aria-label": `${texts.myWords}. ${name}` }, texts.myWords);
    button.addEventListener("click", () => askAgain(entry, { standalone: true }));
    line.append(" ", button);
  }
  return line;
}

function drawWorking(entry, texts) {
  const parts = [];
  if (entry.sources.length) {
    const titles = [...new Set(entry.sources.map((source) => source.title))];
    parts.push(element("p", { class: "looking" }, `${texts.found(titles.length)} ${titles.join(" · ")}`));
  }
  if (entry.sentences.length) {
    const said = entry.sentences.map((s) => `${s.text} ${(s.citations || []).map((n) => `[${n}]`).join("")} `);
    parts.push(element("p", { class: "text" }, ...said));
  }
  if (entry.drafting) parts.push(element("p", { class: "drafting" }, texts.drafting));
  return parts;
}

function drawAnswer(entry, language, openSource, askAgain) {
  const { answer } = entry;
  const texts = TEXTS[language];
  const parts = [];
  if (answer.recognised?.length) parts.push(drawRecognised(entry, language, askAgain));
  if (answer.notice) parts.push(element("p", { class: "notice", lang: answer.language }, answer.notice));
  if (answer.status === "answered" && answer.sentences.length) {
    // Without a language model the sentences are quotes from here and there, not one running text; nor is what
    // the assistant says of itself.
    const kind = answer.about ? "text quoted told" : answer.model === "none" ? "text quoted" : "text";
    const text = element("p", { class: kind, lang: answer.language });
    for (const sentence of answer.sentences) {
      const said = element("span", {}, ...withLinks(compact(sentence.text), answer.documents || [], language));
      for (const number of sentence.citations) {
        const citation = answer.citations.find((one) => one.number === number);
        if (citation) said.append("\u202f", referenceLink(entry, citation, language, openSource));
      }
      text.append(said, " ");
    }
    parts.push(text);
  } else {
    parts.push(element("p", { class: "text none", lang: answer.language }, ...withLinks(answer.text, answer.near, language)));
  }
  const unnamed = answer.near.filter((near) => answer.status === "answered" || !answer.text.includes(near.title));
  if (unnamed.length) parts.push(drawNear(unnamed, language));
  if (answer.citations.length) parts.push(...drawReferences(entry, language, openSource));
  if (answer.citations.length) parts.push(drawLeavingOut(entry, language, askAgain));
  if (answer.references?.length) parts.push(drawReferenceList(answer, language));
  if (answer.dropped.length) parts.push(drawDropped(answer, texts));
  if (answer.coverage && answer.status === "answered" && !answer.about) {
    parts.push(element("p", { class: "coverage" }, texts.coverage(answer.coverage.searched, answer.coverage.total)));
  }
  return parts;
}

// A refusal names the documents that come nearest, an answer about the assistant those that it lists: their
// titles become links.
function withLinks(text, documents, language) {
  let parts = [text];
  for (const one of documents) {
    const index = parts.findIndex((part) => typeof part === "string" && part.includes(one.title));
    if (index < 0 || !one.title) continue;
    const [before, ...after] = parts[index].split(one.title);
    const link = element("a", { href: sourceAddress(one, language) }, one.title);
    parts = [...parts.slice(0, index), before, link, after.join(one.title), ...parts.slice(index + 1)];
  }
  return parts;
}

function referenceLink(entry, citation, language, openSource) {
  const name = TEXTS[language].reference(citation.number, citation.title, placeText(citation, language));
  const link = element(
    "a",
    { class: "reference", href: sourceAddress(citation, language), "aria-label": name, title: name },
    `[${citation.number}]`,
  );
  link.addEventListener("click", (event) => {
    // A click with a key held is the browser's own: new tab, new window, download.
    if (event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    openSource(entry, citation.number, link);
  });
  return link;
}

function drawReferences(entry, language, openSource) {
  const texts = TEXTS[language];
  const list = element("ol", { class: "references" });
  for (const citation of entry.answer.citations) {
    const facts = [dateText(citation.date, language), placeText(citation, language)];
    const path = (citation.heading_path || []).filter((heading) => heading !== citation.title).join(" › ");
    list.append(
      element(
        "li",
        { value: citation.number },
        referenceLink(entry, citation, language, openSource),
        " ",
        element("span", { class: "title" }, citation.title),
        element("span", { class: "facts" }, facts.filter(Boolean).map((fact) => `, ${fact}`).join("")),
        citation.superseded_by ? drawSuperseded(citation.superseded_by, language) : null,
        path ? element("span", { class: "path" }, path) : null,
        element("blockquote", {}, compact(citation.quote)),
      ),
    );
  }
  return [element("h4", {}, texts.sources), list];
}

function drawSuperseded(newer, language) {
  const link = element("a", { href: sourceAddress({ document_id: newer }, language) }, TEXTS[language].superseded);
  return element("span", { class: "superseded" }, " (", link, ")");
}

function drawNear(nearest, language) {
  const list = element("ul");
  for (const near of nearest) {
    list.append(element("li", {}, element("a", { href: sourceAddress(near, language) }, near.title)));
  }
  return element("div", { class: "near" }, element("p", {}, TEXTS[language].near), list);
}

function drawDropped(answer, texts) {
  const list = element("ul");
  for (const dropped of answer.dropped) {
    list.append(element("li", {}, element("q", {}, dropped.text), element("p", { class: "reason" }, dropped.reason)));
  }
  return element(
    "details",
    { class: "dropped" },
    element("summary", {}, texts.dropped(answer.dropped.length)),
    element("p", {}, texts.droppedNote),
    list,
  );
}
