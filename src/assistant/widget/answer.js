// One question and what came of it, drawn as an <article>.

import { drawLeavingOut, drawRecognised } from "./again.js";
import { button, compact, element, ownLanguage } from "./dom.js";
import { drawFeedback } from "./feedback.js";
import { drawCopyAnswer, drawReferenceList } from "./references.js";
import { TEXTS, dateText, placeText } from "./texts.js";

// Addresses come from the service; only its own viewer is let into the page.
export function sourceAddress(citation, language, base) {
  let address = new URL(`source/${encodeURIComponent(citation.document_id)}`, base);
  try {
    const given = new URL((citation.url || "").replace(/^\//, ""), base);
    if (given.href.startsWith(new URL("source/", base).href)) address = given;
  } catch {
    // An address that cannot be read: the document's own page is the next best.
  }
  address.searchParams.set("language", language);
  return address.href;
}

// entry: {question, phase: "working" | "answered", understood, drafting, sentences, sources, answer, suggested, article}
// what: {language, service, openSource(entry, number, link), askAgain(entry, choices), askAlso(question)}. The second shows
// a citation; the third puts the same question to other documents, or as it is written, without what was said before.
export function drawEntry(entry, what) {
  const texts = TEXTS[what.language];
  const parts = [
    element("h3", { class: "asked" }, element("span", { class: "hidden" }, `${texts.question}: `), entry.question),
  ];
  if (entry.understood) parts.push(drawUnderstood(entry, texts, what.askAgain));
  if (entry.phase === "working") parts.push(...drawWorking(entry, texts));
  if (entry.phase === "answered") parts.push(...drawAnswer(entry, what));
  return parts;
}

// A follow-up is searched for with what it leaves unsaid; the user sees how, and has the last word.
function drawUnderstood(entry, texts, askAgain) {
  const line = element("p", { class: "understood" }, `${texts.understood} `, element("span", {}, entry.understood));
  if (entry.phase === "answered") {
    const name = texts.myWordsName(entry.question);
    line.append(" ", button(texts.myWords, { class: "small", title: name, "aria-label": `${texts.myWords}. ${name}` }, () => askAgain(entry, { standalone: true })));
  }
  return line;
}

function drawWorking(entry, texts) {
  const parts = [];
  if (entry.sources.length) {
    const sources = [...new Map(entry.sources.map((source) => [source.title, source])).values()];
    const titles = sources.flatMap((source) => [" · ", element("span", ownLanguage(source), source.title)]).slice(1);
    parts.push(element("p", { class: "looking" }, `${texts.found(sources.length)} `, ...titles));
  }
  if (entry.sentences.length) {
    const said = entry.sentences.map((s) => `${s.text} ${(s.citations || []).map((n) => `[${n}]`).join("")} `);
    parts.push(element("p", { class: "text" }, ...said));
  }
  if (entry.drafting) parts.push(element("p", { class: "drafting" }, texts.drafting));
  return parts;
}

function drawAnswer(entry, what) {
  const { answer } = entry;
  const { language, service, askAgain } = what;
  const texts = TEXTS[language];
  const parts = [];
  if (answer.recognised?.length) parts.push(drawRecognised(entry, language, askAgain));
  if (answer.notice) parts.push(element("p", { class: "notice", lang: answer.language }, answer.notice));
  const text = answer.status === "answered" && answer.sentences.length ? drawText(entry, what) : null;
  parts.push(text || element("p", { class: "text none", lang: answer.language }, ...withParts(answer.text, linked(answer.near, what))));
  const unnamed = answer.near.filter((near) => answer.status === "answered" || !answer.text.includes(near.title));
  if (unnamed.length) parts.push(drawNear(unnamed, what));
  if (text && answer.unanswered?.length) parts.push(element("p", { class: "notice" }, texts.unanswered(answer.unanswered)));
  parts.push(
    element("div", { class: "row" }, text && !answer.about ? drawCopyAnswer(entry, text, language) : null, drawFeedback(entry, language, service)),
  );
  if (answer.citations.length) parts.push(...drawReferences(entry, what));
  if (answer.citations.length) parts.push(drawLeavingOut(entry, language, askAgain));
  if (answer.references?.length) parts.push(drawReferenceList(answer, language));
  if (answer.dropped.length) parts.push(drawDropped(answer, texts));
  if (answer.coverage && answer.status === "answered" && !answer.about) {
    parts.push(element("p", { class: "coverage" }, texts.coverage(answer.coverage.searched, answer.coverage.total)));
  }
  const further = [...(answer.suggestions || []), ...(entry.suggested || [])];
  if (further.length) parts.push(drawFurther(further, what));
  return parts;
}

function drawText(entry, what) {
  const { answer } = entry;
  // Without a language model the sentences are quotes from here and there, not one running text; nor is what
  // the assistant says of itself.
  const kind = answer.about ? "text quoted told" : answer.model === "none" ? "text quoted" : "text";
  const text = element("p", { class: kind, lang: answer.language });
  for (const sentence of answer.sentences) {
    const conflict = Object.values(TEXTS).some((texts) => texts.differ === sentence.text);
    const cited = sentence.citations.map((number) => answer.citations.find((one) => one.number === number)).filter(Boolean);
    const named = [...foreign(cited, answer.language), ...linked(answer.documents || [], what)];
    const said = element("span", { class: conflict ? "conflict" : null }, ...withParts(compact(sentence.text), named));
    for (const citation of cited) said.append("\u202f", referenceLink(entry, citation, what));
    text.append(said, " ");
  }
  return text;
}

// What may be asked next; each is a question that the documents answer.
export function drawFurther(questions, what) {
  const items = questions.map((question) => element("li", {}, button(question, { class: "suggestion" }, () => what.askAlso(question))));
  return element("div", { class: "further" }, element("h4", {}, TEXTS[what.language].further), element("ul", { class: "chips" }, ...items));
}

// A text in which what an element holds stands as that element, each once.
function withParts(text, elements) {
  let parts = [text];
  for (const one of elements) {
    const words = one.textContent;
    const index = parts.findIndex((part) => typeof part === "string" && part.includes(words));
    if (index < 0 || !words) continue;
    const [before, ...after] = parts[index].split(words);
    parts = [...parts.slice(0, index), before, one, after.join(words), ...parts.slice(index + 1)];
  }
  return parts;
}

// A refusal names the documents that come nearest, an answer about the assistant those that it lists: their
// titles become links.
function linked(documents, { language, service }) {
  return documents.map((one) => element("a", { href: sourceAddress(one, language, service.base), ...ownLanguage(one) }, one.title));
}

// What an answer quotes of documents in other languages than its own. The quote first: it may hold its document's title.
function foreign(citations, language) {
  const others = citations.filter((one) => one.language && one.language !== language);
  return others.flatMap((one) => [compact(one.quote), one.title].map((words) => element("span", ownLanguage(one), words)));
}

function referenceLink(entry, citation, { language, service, openSource }) {
  const name = TEXTS[language].reference(citation.number, citation.title, placeText(citation, language));
  const link = element(
    "a",
    { class: "reference", href: sourceAddress(citation, language, service.base), "aria-label": name, title: name },
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

function drawReferences(entry, what) {
  const { language } = what;
  const texts = TEXTS[language];
  const list = element("ol", { class: "references" });
  for (const citation of entry.answer.citations) {
    const facts = [dateText(citation.date, language), placeText(citation, language)];
    const own = ownLanguage(citation);
    const path = (citation.heading_path || []).filter((heading) => heading !== citation.title).join(" › ");
    list.append(
      element(
        "li",
        { value: citation.number },
        referenceLink(entry, citation, what),
        " ",
        element("span", { class: "title", ...own }, citation.title),
        element("span", { class: "facts" }, facts.filter(Boolean).map((fact) => `, ${fact}`).join("")),
        citation.superseded_by ? drawSuperseded(citation.superseded_by, what) : null,
        citation.unread ? element("span", { class: "facts unread" }, ` (${texts.unread})`) : null,
        path ? element("span", { class: "path", ...own }, path) : null,
        element("blockquote", own, compact(citation.quote)),
      ),
    );
  }
  return [element("h4", {}, texts.sources), list];
}

function drawSuperseded(newer, { language, service }) {
  const link = element("a", { href: sourceAddress({ document_id: newer }, language, service.base) }, TEXTS[language].superseded);
  return element("span", { class: "superseded" }, " (", link, ")");
}

function drawNear(nearest, what) {
  const items = linked(nearest, what).map((link) => element("li", {}, link));
  return element("div", { class: "near" }, element("p", {}, TEXTS[what.language].near), element("ul", {}, ...items));
}

function drawDropped(answer, texts) {
  const list = element("ul", { lang: answer.language });
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
