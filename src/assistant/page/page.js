// The page: one question box, what is going on, and the questions and answers of this visit, newest first.

import { drawEntry, element } from "./answer.js";
import { makeFilters } from "./filters.js";
import { makePanel } from "./panel.js";
import { AskError, ask, documents } from "./stream.js";
import { TEXTS, dateText, languageOf } from "./texts.js";

const by = (id) => document.getElementById(id);
const form = by("ask");
const box = by("question");
const problem = by("problem");
const transcript = by("transcript");
const panel = makePanel(by("columns"));
const filters = makeFilters(by("filters"), () => say(null));
const entries = [];

let chosen = stored(); // The language the user chose; null until then, and then the question's own decides.
let language = chosen || languageOf(navigator.language);
let conversation = null;
let running = null; // {entry, controller, stage, started, timer}
let library = null; // The documents; undefined when they could not be had.
let problemText = null;

function stored() {
  try {
    const kept = localStorage.getItem("language");
    return Object.hasOwn(TEXTS, kept || "") ? kept : null;
  } catch {
    return null; // Storage may be turned off; the choice then lasts for the visit.
  }
}

function choose(wanted) {
  chosen = language = wanted;
  try {
    localStorage.setItem("language", wanted);
  } catch {
    // As above.
  }
  drawPage();
}

// --- what is on the screen ----------------------------------------------------------------------

function drawPage() {
  const texts = TEXTS[language];
  document.documentElement.lang = language;
  document.title = texts.brand;
  for (const place of document.querySelectorAll("[data-text]")) place.textContent = texts[place.dataset.text];
  for (const button of document.querySelectorAll("[data-language]")) {
    button.setAttribute("aria-pressed", String(button.dataset.language === language));
  }
  drawLibrary();
  drawStatus();
  say(problemText);
  entries.forEach(draw);
  panel.relabel(language);
}

function draw(entry) {
  const openSource = (of, number, link) => panel.open(of, number, link, language);
  entry.body.replaceChildren(...drawEntry(entry, language, openSource, askAgain));
}

function drawLibrary() {
  const texts = TEXTS[language];
  if (library === null) return;
  by("library-summary").textContent = library ? texts.documents(library.length) : texts.documentsFailed;
  filters.show(library || [], language);
  const items = (library || []).map((one) => {
    const facts = [dateText(one.date, language), one.kind, one.superseded_by && texts.superseded, one.unread && texts.unread].filter(Boolean).map((fact) => `, ${fact}`);
    const link = element("a", { href: `/source/${encodeURIComponent(one.id)}?language=${language}`, lang: one.language }, one.title);
    return element("li", {}, link, element("span", { class: "facts" }, facts.join("")));
  });
  by("library-list").replaceChildren(...items);
}

// text: a function of the texts, so that it can be said again in another language; null for nothing.
function say(text) {
  problemText = text;
  const words = text ? text(TEXTS[language]) : "";
  if (problem.textContent !== words) problem.textContent = words;
  if (words) box.setAttribute("aria-invalid", "true");
  else box.removeAttribute("aria-invalid");
}

function drawStatus() {
  if (running) by("status").textContent = TEXTS[language].stages[running.stage] || "";
  by("submit").disabled = by("new-conversation").disabled = Boolean(running);
  box.readOnly = Boolean(running);
  by("stop").hidden = !running;
}

function drawElapsed() {
  const seconds = running ? Math.round((performance.now() - running.started) / 1000) : 0;
  const texts = TEXTS[language];
  by("elapsed").textContent = seconds < 3 ? "" : seconds < 20 ? texts.elapsed(seconds) : texts.slow(seconds);
}

// --- asking -------------------------------------------------------------------------------------

function submit() {
  const question = box.value.trim();
  if (!question) {
    say((texts) => texts.empty);
    box.focus();
    return;
  }
  put(question, { filters: filters.chosen() });
}

// The same question, with some of what limited it taken away, with some documents left out, or as it was written,
// whatever was said before it.
function askAgain(entry, changes) {
  box.value = entry.question;
  put(entry.question, { ...entry.choices, ...changes });
}

// choices: {filters: as chosen before asking, ignore: fields that the question's words are not to limit, without: ids,
// standalone: as it is written}
async function put(question, choices) {
  if (running) return;
  say(null);
  const body = { question };
  if (chosen) body.language = chosen;
  if (conversation) body.conversation_id = conversation;
  if (choices.filters || choices.without) body.filters = { ...choices.filters, without: choices.without || [] };
  if (choices.ignore) body.ignore = choices.ignore;
  if (choices.standalone) body.standalone = true;
  if (entries.length) body.history = said();
  const entry = begin(question, choices);
  try {
    entry.answer = await ask(body, language, running.controller.signal, (name, data) => take(entry, name, data));
    entry.phase = "answered";
    entry.understood = entry.answer.understood_as || null;
    draw(entry);
    conversation = entry.answer.conversation_id || conversation;
    box.value = "";
    const texts = TEXTS[language];
    finish((entry.understood ? `${texts.understood} ${entry.understood} ` : "") + texts.ready(entry.answer.text));
  } catch (error) {
    fail(entry, error);
  }
}

// The last turns, for a service that keeps no conversations.
function said() {
  return entries.slice(-3).map(({ question, answer }) => ({
    question,
    understood_as: answer.understood_as || null,
    text: answer.text.slice(0, 4000),
    documents: answer.citations.slice(0, 20).map(({ document_id, title }) => ({ document_id, title })),
  }));
}

function beginAnew() {
  conversation = null;
  panel.close();
  for (const entry of entries.splice(0)) entry.article.remove();
  transcript.hidden = true;
  by("announcement").textContent = TEXTS[language].begun;
  box.focus();
}

function begin(question, choices) {
  const body = element("div");
  const article = element("article", { class: "entry" }, body);
  const entry = {
    question, choices, phase: "working", understood: null, drafting: false, sentences: [], sources: [], answer: null, article, body,
  };
  entries.push(entry);
  transcript.hidden = false;
  transcript.querySelector(".conversation").after(article);
  running = { entry, controller: new AbortController(), stage: "send", started: performance.now(), timer: setInterval(drawElapsed, 1000) };
  draw(entry);
  drawStatus();
  return entry;
}

function take(entry, name, data) {
  if (name === "status" && Object.hasOwn(TEXTS.nb.stages, data?.stage)) {
    running.stage = data.stage;
    drawStatus();
    return;
  }
  if (name === "sources" && Array.isArray(data?.sources)) entry.sources = data.sources;
  else if (name === "understood" && typeof data?.question === "string") entry.understood = data.question;
  else if (name === "token" && typeof data?.text === "string") entry.drafting = true; // shown sentence by sentence, once checked
  else if (name === "sentence" && typeof data?.text === "string") entry.sentences.push(data);
  else return;
  redrawSoon(entry);
}

// Tokens may come by the hundred a second; one drawing a frame is enough.
function redrawSoon(entry) {
  if (entry.waiting) return;
  entry.waiting = true;
  requestAnimationFrame(() => {
    entry.waiting = false;
    if (entry.phase === "working") draw(entry);
  });
}

function finish(announcement) {
  clearInterval(running.timer);
  running = null;
  drawElapsed();
  drawStatus();
  by("status").textContent = "";
  // The answer stands below for those who see it; this is for those who hear it.
  by("announcement").textContent = announcement;
  const newest = entries.at(-1)?.article;
  if (announcement && form.contains(document.activeElement)) newest.scrollIntoView({ block: "nearest" });
}

function fail(entry, error) {
  // What had come is not checked, so none of it stays; the question is still in the box.
  entry.phase = "failed";
  entry.article.remove();
  entries.splice(entries.indexOf(entry), 1);
  transcript.hidden = entries.length === 0;
  // The service may have forgotten the conversation; the next question then begins a new one.
  if (error.status === 404) conversation = null;
  finish("");
  say(reason(error));
  box.focus();
}

// A function of the texts that says what went wrong.
function reason(error) {
  if (error.name === "AbortError") return (texts) => texts.stopped;
  if (!(error instanceof AskError)) {
    console.error(error);
    return (texts) => texts.garbled;
  }
  if (error.detail) return () => error.detail;
  return (texts) => (error.key === "refused" ? texts.refused(error.status) : texts[error.key]);
}

async function loadLibrary() {
  try {
    library = await documents(language);
  } catch {
    library = undefined;
  }
  drawLibrary();
}

// --- wiring -------------------------------------------------------------------------------------

form.addEventListener("submit", (event) => {
  event.preventDefault();
  submit();
});
box.addEventListener("keydown", (event) => {
  // While an input method is composing, Enter picks a character.
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    submit();
  }
});
box.addEventListener("input", () => {
  if (problemText) say(null);
});
by("new-conversation").addEventListener("click", beginAnew);
by("stop").addEventListener("click", () => running?.controller.abort());
for (const button of document.querySelectorAll("[data-language]")) {
  button.addEventListener("click", () => choose(button.dataset.language));
}
drawPage();
by("starting").remove();
loadLibrary();
