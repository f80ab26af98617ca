// One question and what came of it, drawn as an <article>. Whatever comes from outside is set as text, never as HTML.

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

// entry: {question, phase: "working" | "answered", drafting, sentences, sources, answer, article}
// openSource(entry, number, link) shows a citation.
export function drawEntry(entry, language, openSource) {
  const texts = TEXTS[language];
  const parts = [
    element("h3", { class: "asked" }, element("span", { class: "hidden" }, `${texts.question}: `), entry.question),
  ];
  if (entry.phase === "working") parts.push(...drawWorking(entry, texts));
  if (entry.phase === "answered") parts.push(...drawAnswer(entry, language, openSource));
  return parts;
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

function drawAnswer(entry, language, openSource) {
  const { answer } = entry;
  const texts = TEXTS[language];
  const parts = [];
  if (answer.notice) parts.push(element("p", { class: "notice", lang: answer.language }, answer.notice));
  if (answer.status === "answered" && answer.sentences.length) {
    // Without a language model the sentences are quotes from here and there, not one running text.
    const kind = answer.model === "none" ? "text quoted" : "text";
    const text = element("p", { class: kind, lang: answer.language });
    for (const sentence of answer.sentences) {
      const said = element("span", {}, compact(sentence.text));
      for (const number of sentence.citations) {
        const citation = answer.citations.find((one) => one.number === number);
        if (citation) said.append("\u202f", referenceLink(entry, citation, language, openSource));
      }
      text.append(said, " ");
    }
    parts.push(text);
  } else {
    parts.push(element("p", { class: "text none", lang: answer.language }, ...withLinks(answer, language)));
  }
  const unnamed = answer.near.filter((near) => answer.status === "answered" || !answer.text.includes(near.title));
  if (unnamed.length) parts.push(drawNear(unnamed, language));
  if (answer.citations.length) parts.push(...drawReferences(entry, language, openSource));
  if (answer.references?.length) parts.push(drawReferenceList(answer, language));
  if (answer.dropped.length) parts.push(drawDropped(answer, texts));
  if (answer.coverage && answer.status === "answered") {
    parts.push(element("p", { class: "coverage" }, texts.coverage(answer.coverage.searched, answer.coverage.total)));
  }
  return parts;
}

// A refusal names the documents that come nearest, and how many were searched: its titles become links.
function withLinks(answer, language) {
  let parts = [answer.text];
  for (const near of answer.near) {
    const index = parts.findIndex((part) => typeof part === "string" && part.includes(near.title));
    if (index < 0 || !near.title) continue;
    const [before, ...after] = parts[index].split(near.title);
    const link = element("a", { href: sourceAddress(near, language) }, near.title);
    parts = [...parts.slice(0, index), before, link, after.join(near.title), ...parts.slice(index + 1)];
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
        path ? element("span", { class: "path" }, path) : null,
        element("blockquote", {}, compact(citation.quote)),
      ),
    );
  }
  return [element("h4", {}, texts.sources), list];
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
