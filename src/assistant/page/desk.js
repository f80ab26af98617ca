// The page at `/`: the same component, large, and beside it what the documents are and what all of them say.

import base from "../widget/base.css" with { type: "css" };
import sheet from "./desk.css" with { type: "css" };
import { AssistantChat } from "../widget/chat.js";
import { makeContact } from "../widget/contact.js";
import { button, element } from "../widget/dom.js";
import { makeService } from "../widget/service.js";
import { TEXTS as CHAT, languageOf } from "../widget/texts.js";
import { makeDocuments } from "./documents.js";
import { makeOverviews } from "./overviews.js";
import { makeSession } from "./session.js";
import { TEXTS } from "./texts.js";

const LANGUAGES = { nb: "Bokmål", nn: "Nynorsk", en: "English" };
const VIEWS = ["ask", "documents", "overviews"];

// The language that the user chose; null until then.
function stored() {
  try {
    const kept = localStorage.getItem("language");
    return Object.hasOwn(TEXTS, kept || "") ? kept : null;
  } catch {
    return null; // Storage may be turned off; the choice then lasts for the visit.
  }
}

class AssistantDesk extends HTMLElement {
  #language = stored() || languageOf(navigator.language);
  #views = {};
  #links = {};
  #parts = null;
  #session = null;
  #gone = false; // whether the service cannot be reached

  connectedCallback() {
    if (this.#parts) return;
    document.documentElement.lang = this.#language;
    const root = this.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [base, sheet];
    const service = makeService(new URL("/", location.href).href, () => this.#language, (there) => (there ? contact.found() : contact.lost()));
    const contact = makeContact(service, (gone) => this.#contact(gone));
    const chat = element("assistant-chat", { "data-mode": "page", "data-scheme": "auto", "data-answers": stored() });
    const ask = (question, filters) => {
      location.hash = "ask";
      this.#show(false);
      chat.ask(question, filters);
    };
    this.#views = { ask: { place: chat }, documents: makeDocuments(service, ask), overviews: makeOverviews(service) };
    this.#session = makeSession(service, () => location.reload());
    this.#parts = this.#build(root, chat);
    this.#draw();
    addEventListener("hashchange", () => this.#show(true));
    this.#show(false);
  }

  #build(root, chat) {
    const brand = element("h1", { class: "brand" });
    // A button, since an address within a page does not reach into a component.
    const skip = button("", { class: "skip" }, () => {
      location.hash = "ask";
      this.#show(false);
      chat.focus();
    });
    this.#links = Object.fromEntries(VIEWS.map((name) => [name, element("a", { href: `#${name}` })]));
    const nav = element("nav", {}, ...Object.values(this.#links));
    const languages = element("div", { class: "languages", role: "group", "aria-label": "Språk / Language" });
    for (const [code, name] of Object.entries(LANGUAGES)) {
      languages.append(button(name, { lang: code, "data-language": code }, () => this.#choose(code)));
    }
    const contact = element("p", { class: "contact", role: "status" });
    const main = element("main", {}, contact, ...VIEWS.map((name) => this.#views[name].place));
    this.dataset.scheme = "auto";
    const head = element("header", { class: "head" }, skip, brand, nav, this.#session.place, languages);
    root.append(element("div", { class: "base desk" }, head, main));
    return { brand, skip, nav, languages, chat, contact };
  }

  #choose(language) {
    this.#language = language;
    this.#parts.chat.dataset.answers = language;
    document.documentElement.lang = language; // the component follows it
    try {
      localStorage.setItem("language", language);
    } catch {
      // As above.
    }
    this.#draw();
  }

  #contact(gone) {
    this.#gone = gone;
    this.#drawContact();
    if (gone) return;
    this.#session.reload();
    this.#show(false); // what the view shows is fetched again
  }

  #drawContact() {
    this.#parts.contact.textContent = this.#gone ? CHAT[this.#language].lost : "";
  }

  #draw() {
    const texts = TEXTS[this.#language];
    const { brand, skip, nav, languages } = this.#parts;
    this.#drawContact();
    document.title = brand.textContent = texts.brand;
    skip.textContent = texts.skip;
    nav.setAttribute("aria-label", texts.parts);
    for (const name of VIEWS) this.#links[name].textContent = texts[name];
    for (const one of languages.children) one.setAttribute("aria-pressed", String(one.dataset.language === this.#language));
    for (const view of Object.values(this.#views)) view.relabel?.(this.#language);
    this.#session.relabel(this.#language);
  }

  #show(moved) {
    const wanted = VIEWS.includes(location.hash.slice(1)) ? location.hash.slice(1) : "ask";
    for (const name of VIEWS) {
      this.#views[name].place.hidden = name !== wanted;
      if (name === wanted) this.#links[name].setAttribute("aria-current", "page");
      else this.#links[name].removeAttribute("aria-current");
    }
    this.#parts.contact.hidden = wanted === "ask"; // where the component says it itself
    this.#views[wanted].shown?.(this.#language);
    if (moved && wanted !== "ask") this.#views[wanted].place.querySelector("h2")?.focus();
  }
}

customElements.define("assistant-chat", AssistantChat);
customElements.define("assistant-desk", AssistantDesk);
