// The conversations of this browser: which they are is kept here, what was said in them by the service.

import { button, element, save } from "./dom.js";
import { checked, reason } from "./service.js";
import { TEXTS, dateText } from "./texts.js";

const MOST = 30;

// name: the service's address, so that two services on one page do not mix.
export function makeHistory(name) {
  const key = `assistant-chat ${name}`;

  // [{id, title, updated}], the latest first. Storage may be turned off; then they last for the visit.
  let held = null;
  function list() {
    try {
      const kept = JSON.parse(localStorage.getItem(key) || "[]");
      if (Array.isArray(kept)) return kept.filter((one) => typeof one?.id === "string" && typeof one.title === "string");
    } catch {
      // As above, or what is kept is not ours.
    }
    return held || [];
  }

  function put(conversations) {
    held = conversations.slice(0, MOST);
    try {
      localStorage.setItem(key, JSON.stringify(held));
    } catch {
      // As above.
    }
  }

  return {
    list,
    remember: (id, title) => {
      const [known] = list().filter((one) => one.id === id);
      put([{ id, title: known?.title || title, updated: new Date().toISOString() }, ...list().filter((one) => one.id !== id)]);
    },
    remove: (id) => put(list().filter((one) => one.id !== id)),
  };
}

// The list of them in a place of its own. tools: {history, service, say(words), close(), resume(id, turns), beginAnew(), current()}.
export function drawHistory(place, language, tools) {
  const texts = TEXTS[language];
  const { history, service } = tools;
  const problem = element("p", { class: "problem", role: "alert" });
  const redraw = () => drawHistory(place, language, tools);

  async function tried(id, action) {
    problem.textContent = "";
    try {
      await action();
    } catch (error) {
      problem.textContent = error.status === 404 ? texts.gone : reason(error)(texts);
      if (error.status === 404) {
        history.remove(id);
        place.querySelector(`[data-id="${CSS.escape(id)}"]`)?.remove();
      }
    }
  }

  const items = history.list().map(({ id, title, updated }) => {
    const open = () =>
      tried(id, async () => {
        const turns = (await service.conversation(id)).map(({ answer }) => ({ answer: checked(answer) }));
        tools.close();
        tools.resume(id, turns);
      });
    const path = `api/v1/conversations/${encodeURIComponent(id)}/export?format=md`;
    const take = () => tried(id, async () => save(await service.file(path), `${updated.slice(0, 10)}.md`));
    const forget = () =>
      tried(id, async () => {
        await service.forget(id);
        history.remove(id);
        if (tools.current() === id) tools.beginAnew();
        redraw();
        tools.say(texts.forgotten);
      });
    return element(
      "li",
      { "data-id": id },
      button(title, { class: "past" }, open),
      element("span", { class: "facts" }, dateText(updated.slice(0, 10), language)),
      button(texts.exportOne, { class: "small", "aria-label": texts.exportName(title) }, take),
      button(texts.forget, { class: "small", "aria-label": texts.forgetName(title) }, forget),
    );
  });
  const heading = element("h3", { id: "earlier-heading", tabindex: "-1" }, texts.history);
  place.replaceChildren(
    element("div", { class: "panel-bar" }, heading, button(texts.back, { class: "small" }, tools.close)),
    element("p", { class: "facts" }, items.length ? texts.historyNote : texts.noHistory),
    problem,
    element("ul", { class: "conversations" }, ...items),
  );
  heading.focus();
}
