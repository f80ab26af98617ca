// Questions to begin with, so that nobody has to start from an empty box. The box does not wait for them: the service
// finds which are answered, and they are shown as they come.

import { button, element, focused } from "./dom.js";
import { TEXTS } from "./texts.js";

const WAIT = 1500; // Milliseconds until it is looked again whether there are more,
const MOST_TRIES = 80; // and how often.

// place: where they are shown. language(): what they are asked for in. ask(question) puts one.
export function makeStarters(place, service, language, ask) {
  let questions = [];
  let wanted = null; // the language they were asked for in, null before that
  let timer = null;

  function draw() {
    const held = focused(place)?.textContent;
    const items = questions.map(({ text }) => element("li", {}, button(text, { class: "suggestion" }, () => ask(text))));
    const shown = items.length ? [element("h3", {}, TEXTS[language()].starters), element("ul", { class: "chips" }, ...items)] : [];
    place.replaceChildren(...shown);
    // One that has the keyboard keeps it when others come.
    for (const one of place.querySelectorAll("button")) if (one.textContent === held) one.focus();
  }

  async function load(tries = 0) {
    const asked = language();
    clearTimeout(timer);
    if (wanted !== asked) questions = [];
    wanted = asked;
    let found;
    try {
      found = await service.questions([]);
    } catch {
      found = { questions: [], complete: true }; // a service without them
    }
    if (wanted !== asked) return; // in another language there are others
    questions = found.questions;
    draw();
    if (!found.complete && tries < MOST_TRIES) timer = setTimeout(() => load(tries + 1), WAIT);
  }

  function relabel() {
    if (wanted !== null && wanted !== language()) load();
    draw();
  }

  return { load: () => load(), relabel, stop: () => clearTimeout(timer) };
}
