// Putting questions and showing what comes of them: one question box, what is going on, and the conversation.

import { drawEntry, drawFurther } from "./answer.js";
import { element, focused } from "./dom.js";
import { makeFilters } from "./filters.js";
import { reason } from "./service.js";
import { makeStarters } from "./starters.js";
import { TEXTS } from "./texts.js";

// parts: the elements {form, box, submit, stop, status, elapsed, problem, filters, transcript,
// scroller, welcome, starters, announcement}.
// tools: {service, panel, history, language(), chosen(), onBusy(busy, asked)};
// chosen() is the language that the user chose, or null.
export function makeAsking(parts, tools) {
  const { form, box, problem, transcript, scroller, announcement } = parts;
  const { service, panel, history } = tools;
  const filters = makeFilters(parts.filters, () => say(null));
  const starters = makeStarters(parts.starters, service, tools.language, (text) => askAlso(text));
  const entries = [];
  let conversation = null;
  let running = null; // {entry, controller, stage, started, timer}
  let library = null;
  let problemText = null;

  const texts = () => TEXTS[tools.language()];

  // --- what is on the screen --------------------------------------------------------------------

  function relabel() {
    filters.show(library || [], tools.language());
    starters.relabel();
    drawStatus();
    say(problemText);
    entries.forEach(draw);
    panel.relabel(tools.language());
  }

  function draw(entry) {
    entry.body.replaceChildren(...drawEntry(entry, what()));
  }

  function what() {
    const openSource = (of, number, link) => panel.open(of, number, link, tools.language());
    return { language: tools.language(), service, openSource, askAgain, askAlso };
  }

  // text: a function of the texts, so that it can be said again in another language; null for nothing.
  function say(text) {
    problemText = text;
    const words = text ? text(texts()) : "";
    if (problem.textContent !== words) problem.textContent = words;
    if (words) box.setAttribute("aria-invalid", "true");
    else box.removeAttribute("aria-invalid");
  }

  function drawStatus() {
    const held = focused(form);
    if (running) parts.status.textContent = texts().stages[running.stage] || "";
    parts.submit.hidden = box.readOnly = Boolean(running);
    parts.stop.hidden = !running;
    // What is hidden would take the keyboard's place with it.
    if (held === parts.submit && running) parts.stop.focus();
    if (held === parts.stop && !running) box.focus();
    parts.welcome.hidden = entries.length > 0;
    tools.onBusy(Boolean(running), entries.length);
  }

  function drawElapsed() {
    const seconds = running ? Math.round((performance.now() - running.started) / 1000) : 0;
    parts.elapsed.textContent = seconds < 3 ? "" : seconds < 20 ? texts().elapsed(seconds) : texts().slow(seconds);
  }

  // For those who hear the page: a sentence is read when it comes, after those before it.
  function tell(words) {
    if (words) announcement.append(element("p", {}, words));
  }

  // --- asking -----------------------------------------------------------------------------------

  function submit() {
    const question = box.value.trim();
    if (!question) {
      say((said) => said.empty);
      box.focus();
      return;
    }
    put(question, { filters: filters.chosen() });
  }

  // The same question, with some of what limited it taken away, with some documents left out, or as it was written,
  // whatever was said before it.
  function askAgain(entry, changes) {
    askAlso(entry.question, { ...entry.choices, ...changes });
  }

  function askAlso(question, choices = { filters: filters.chosen() }) {
    if (running) return;
    box.value = question;
    box.focus(); // what was pressed is drawn anew
    put(question, choices);
  }

  // choices: {filters: as chosen before asking, ignore: fields that the question's words are not to limit, without: ids,
  // standalone: as it is written}
  async function put(question, choices) {
    if (running) return;
    say(null);
    const body = { question };
    if (tools.chosen()) body.language = tools.chosen();
    if (conversation) body.conversation_id = conversation;
    if (choices.filters || choices.without) body.filters = { ...choices.filters, without: choices.without || [] };
    if (choices.ignore) body.ignore = choices.ignore;
    if (choices.standalone) body.standalone = true;
    if (entries.length) body.history = said();
    const entry = begin(question, choices);
    try {
      const answer = await service.ask(body, running.controller.signal, (name, data) => take(entry, name, data));
      show(entry, answer);
      conversation = answer.conversation_id || conversation;
      if (conversation) history.remember(conversation, entries[0].question);
      box.value = "";
      if (!entry.sentences.length) tell(answer.text);
      finish(texts().ready(answer.citations.length));
      reveal(entry);
      suggestFor(entry);
    } catch (error) {
      fail(entry, error);
    }
  }

  function show(entry, answer) {
    entry.answer = answer;
    entry.phase = "answered";
    entry.understood = answer.understood_as || null;
    draw(entry);
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
    if (running) return;
    clear();
    tell(texts().begun);
    box.focus();
  }

  function clear() {
    conversation = null;
    panel.close();
    for (const entry of entries.splice(0)) entry.article.remove();
    announcement.replaceChildren();
    say(null);
    drawStatus();
  }

  // A conversation that the service keeps, shown as it was.
  function resume(id, turns) {
    clear();
    for (const { answer } of turns) {
      const entry = add(answer.question, {});
      show(entry, answer);
    }
    conversation = id;
    drawStatus();
    tell(texts().opened);
    box.focus();
    if (entries.length) reveal(entries.at(-1));
  }

  function add(question, choices) {
    const body = element("div");
    const article = element("article", { class: "entry" }, body);
    const entry = {
      question, choices, phase: "working", understood: null, drafting: false, sentences: [], sources: [], answer: null, suggested: [], article, body,
    };
    entries.push(entry);
    transcript.append(article);
    return entry;
  }

  function begin(question, choices) {
    const entry = add(question, choices);
    running = { entry, controller: new AbortController(), stage: "send", started: performance.now(), timer: setInterval(drawElapsed, 1000) };
    announcement.replaceChildren();
    draw(entry);
    drawStatus();
    reveal(entry);
    return entry;
  }

  // scrollIntoView would scroll the page around the component too, so that is for where nothing in here scrolls.
  function reveal(entry) {
    if (scroller.scrollHeight > scroller.clientHeight) {
      scroller.scrollTop += entry.article.getBoundingClientRect().top - scroller.getBoundingClientRect().top - 8;
    } else entry.article.scrollIntoView({ block: "nearest" });
  }

  function take(entry, name, data) {
    if (name === "status" && Object.hasOwn(TEXTS.nb.stages, data?.stage)) {
      stage(data.stage);
      return;
    }
    if (name === "sources" && Array.isArray(data?.sources)) entry.sources = data.sources;
    else if (name === "understood" && typeof data?.question === "string") {
      entry.understood = data.question;
      tell(`${texts().understood} ${data.question}`);
    } else if (name === "token" && typeof data?.text === "string") {
      entry.drafting = true; // shown sentence by sentence, once checked
    } else if (name === "sentence" && typeof data?.text === "string") {
      entry.sentences.push(data);
      tell(data.text);
    } else return;
    redrawSoon(entry);
  }

  function stage(name) {
    running.stage = name;
    drawStatus();
  }

  // Tokens may come by the hundred a second; one drawing a frame is enough.
  function redrawSoon(entry) {
    if (entry.waiting) return;
    entry.waiting = true;
    requestAnimationFrame(() => {
      entry.waiting = false;
      if (entry.phase !== "working") return;
      draw(entry);
      scroller.scrollTop = scroller.scrollHeight;
    });
  }

  function finish(words) {
    clearInterval(running.timer);
    running = null;
    drawElapsed();
    drawStatus();
    parts.status.textContent = "";
    tell(words);
  }

  function fail(entry, error) {
    // What had come is not checked, so none of it stays; the question is still in the box.
    entry.phase = "failed";
    entry.article.remove();
    entries.splice(entries.indexOf(entry), 1);
    // The service may have forgotten the conversation; the next question then begins a new one.
    if (error.status === 404) conversation = null;
    finish("");
    say(reason(error));
    box.focus();
  }

  // Questions that the cited documents answer, or those nearest to a refusal, but for those that were asked or are shown.
  // They are a help, and none is missed.
  async function suggestFor(entry) {
    const { citations, near, suggestions } = entry.answer;
    const ids = [...new Set((citations.length ? citations : near).map((one) => one.document_id))].slice(0, 3);
    if (!ids.length || suggestions?.length) return;
    const asked = new Set(entries.map((one) => one.question));
    try {
      const { questions } = await service.questions(ids);
      entry.suggested = questions.map((one) => one.text).filter((text) => !asked.has(text)).slice(0, 3);
    } catch {
      return;
    }
    if (entry.suggested.length) entry.body.append(drawFurther(entry.suggested, what()));
  }

  // --- what there is to ask about ---------------------------------------------------------------

  async function load() {
    try {
      library = await service.documents();
      filters.show(library, tools.language());
    } catch (error) {
      say(reason(error));
      return;
    }
    starters.load();
  }

  // Contact is back: what could not be fetched is fetched now.
  function reload() {
    if (problemText) say((said) => said.contact);
    if (library === null) load();
    else if (!entries.length) starters.load();
  }

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
  const stop = () => running?.controller.abort();
  const leave = () => {
    stop();
    starters.stop();
  };
  parts.stop.addEventListener("click", stop);
  return { relabel, load, reload, beginAnew, resume, tell, say, leave, ask: askAlso, current: () => conversation };
}
