// Who one is: a key is sent once and then kept by the browser, out of reach for scripts. A service without keys shows nothing.

import { button, element } from "../widget/dom.js";
import { reason } from "../widget/service.js";
import { TEXTS as CHAT } from "../widget/texts.js";
import { TEXTS } from "./texts.js";

// onChange() is called when one has signed in or out. Returns {place, reload(), relabel(language)}.
export function makeSession(service, onChange) {
  const place = element("details", { class: "session", id: "session", hidden: true });
  let session = null; // {may, groups, keyed}
  let language = "nb";
  let missed = false;

  async function load() {
    try {
      session = await service.get("api/v1/session");
    } catch (error) {
      session = null;
      missed = error.key === "network";
    }
    draw();
  }

  // Contact is back.
  function reload() {
    if (!missed) return;
    missed = false;
    load();
  }

  async function tried(options, problem) {
    problem.textContent = "";
    try {
      await service.reach("api/v1/session", options);
      onChange();
    } catch (error) {
      problem.textContent = reason(error)(CHAT[language]);
    }
  }

  function draw() {
    const texts = TEXTS[language];
    place.hidden = session === null;
    if (session === null) return;
    const problem = element("p", { class: "problem", role: "alert" });
    const field = element("input", { type: "password", id: "key", autocomplete: "current-password" });
    const submit = element("button", { type: "submit", class: "small" }, texts.signIn);
    const form = element(
      "form",
      { class: "sheet", novalidate: true },
      element("label", { for: "key" }, texts.keyField),
      element("div", { class: "buttons" }, field, submit),
      element("p", { class: "facts" }, texts.keyNote),
    );
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (field.value) tried({ method: "POST", headers: { Authorization: `Bearer ${field.value}` } }, problem);
      else problem.textContent = texts.noKey;
    });
    const leave = button(texts.signOut, { class: "small" }, () => tried({ method: "DELETE" }, problem));
    const signed = element("div", { class: "sheet" }, element("p", { class: "facts" }, texts.signedIn), leave);
    const sheet = session.keyed ? signed : form;
    sheet.append(problem);
    place.replaceChildren(element("summary", {}, texts.key), sheet);
  }

  load();
  return {
    place,
    reload,
    relabel: (wanted) => {
      language = wanted;
      draw();
    },
  };
}
