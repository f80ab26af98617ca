// <assistant-chat>: the questions and answers of a service, in any page. What it looks like is its own business, in a
// shadow root; what it is called, its colour, language and place are the host's, by attributes and CSS variables.

import sheet from "./chat.css" with { type: "css" };
import base from "./base.css" with { type: "css" };
import { makeAsking } from "./asking.js";
import { coloured } from "./colour.js";
import { makeContact } from "./contact.js";
import { ICONS, button, element, icon } from "./dom.js";
import { drawHistory, makeHistory } from "./history.js";
import { makePanel } from "./panel.js";
import { makeService } from "./service.js";
import { TEXTS, languageOf } from "./texts.js";

// Where this file came from is where the service is, unless an attribute says otherwise.
const HOME = document.currentScript?.src ? new URL(".", document.currentScript.src).href : new URL("/", location.href).href;
const LANGUAGES = { nb: "Bokmål", nn: "Nynorsk", en: "English" };

export class AssistantChat extends HTMLElement {
  static observedAttributes = ["data-lang", "data-title", "data-colour", "data-mode"];

  #built = null; // {frame, parts, panel, asking, contact, ...}; made when first in a page
  #picked = null; // the language that the user picked in here
  #colours = new CSSStyleSheet();
  #watching = new MutationObserver(() => this.#hostLanguage());

  connectedCallback() {
    if (!this.#built) this.#build();
    this.#watching.observe(document.documentElement, { attributes: true, attributeFilter: ["lang"] });
    this.#built.panel.listen(true);
    this.#draw();
    if (this.mode !== "launcher") this.#load();
  }

  disconnectedCallback() {
    this.#watching.disconnect();
    this.#built.panel.listen(false);
    this.#built.contact.stop();
    this.#built.asking.leave();
  }

  attributeChangedCallback() {
    if (this.#built) this.#draw();
  }

  get mode() {
    return ["inline", "page"].includes(this.dataset.mode) ? this.dataset.mode : "launcher";
  }

  get language() {
    const around = this.closest("[lang]") || document.documentElement;
    return this.#picked || languageOf(this.dataset.lang || around.lang || "nb");
  }

  // Puts a question as if it had been written in the box.
  ask(question, filters) {
    this.#open(true);
    this.#built.asking.ask(question, filters ? { filters } : undefined);
  }

  focus() {
    this.#open(true);
    this.#built.parts.box.focus();
  }

  // --- building -------------------------------------------------------------------------------------

  #build() {
    const root = this.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [base, sheet, this.#colours];
    const address = this.dataset.address ? new URL(`${this.dataset.address.replace(/\/+$/, "")}/`, location.href).href : HOME;
    const service = makeService(address, () => this.language);
    const history = makeHistory(service.base);
    const parts = this.#parts();
    const panel = makePanel(parts.columns, service, (open) => parts.frame.classList.toggle("wide", open));
    const contact = makeContact(service, (gone) => this.#contact(gone));
    const onBusy = (busy, asked) => {
      parts.anew.disabled = busy || asked === 0;
      parts.anew.hidden = asked === 0;
      parts.past.disabled = busy;
    };
    const tools = { service, panel, history, contact, language: () => this.language, chosen: () => this.#picked || this.dataset.answers || null, onBusy };
    const asking = makeAsking(parts, tools);
    this.#built = { parts, panel, contact, history, service, asking, loaded: false };
    root.append(parts.frame, parts.corner);
    root.addEventListener("keydown", (event) => this.#key(event));
  }

  #parts() {
    const text = (tag, name, attributes) => element(tag, { "data-text": name, ...attributes });
    const tool = (name, path, onClick) => {
      const made = button("", { class: "tool", "data-name": name }, onClick);
      made.append(icon(path));
      return made;
    };
    const parts = {
      title: element("h2", { class: "name", id: "title" }),
      past: tool("history", ICONS.list, () => this.#showHistory(this.#built.parts.earlier.hidden)),
      anew: tool("newConversation", ICONS.plus, () => this.#built.asking.beginAnew()),
      close: tool("shut", ICONS.close, () => this.#open(false)),
      language: element("select", { class: "language", id: "language" }),
      contact: element("p", { class: "contact", role: "status", id: "contact" }),
      welcome: element("div", { class: "welcome" }),
      starters: element("div", { class: "starters", id: "starters" }),
      transcript: element("div", { class: "transcript", id: "entries" }),
      scroller: element("div", { class: "scroll", id: "transcript", role: "region", tabindex: "0" }),
      box: element("textarea", { id: "question", name: "question", rows: 2, "aria-describedby": "hint problem", autocomplete: "off" }),
      submit: text("button", "submit", { type: "submit", class: "primary", id: "submit" }),
      stop: text("button", "stop", { type: "button", id: "stop", hidden: true }),
      status: element("span", { id: "status", role: "status" }),
      elapsed: element("span", { id: "elapsed", "aria-hidden": "true" }),
      problem: element("div", { class: "problem", id: "problem", role: "alert" }),
      filters: element("details", { class: "narrow", id: "filters", hidden: true }),
      announcement: element("div", { class: "hidden", id: "announcement", role: "log", "aria-live": "polite" }),
      earlier: element("section", { class: "earlier", id: "earlier", hidden: true, "aria-labelledby": "earlier-heading" }),
      columns: element("div", { class: "columns", id: "columns" }),
      launcher: button("", { class: "base launcher", id: "launcher", "aria-expanded": "false" }, () => this.#open(true)),
    };
    parts.corner = element("section", {}, parts.launcher); // a place of its own among the page's
    for (const [code, name] of Object.entries(LANGUAGES)) parts.language.append(element("option", { value: code, lang: code }, name));
    parts.language.addEventListener("change", () => this.#pick(parts.language.value));
    parts.welcome.append(text("p", "heading", { class: "heading" }), text("p", "lead", { class: "lead" }), parts.starters);
    parts.scroller.append(parts.welcome, parts.transcript);
    const asking = element(
      "div",
      { class: "asking" },
      text("label", "label", { for: "question" }),
      element("div", { class: "line" }, parts.box, parts.submit, parts.stop),
      text("p", "hint", { class: "hint", id: "hint" }),
      parts.problem,
      element("p", { class: "status" }, parts.status, " ", parts.elapsed),
      parts.filters,
    );
    parts.form = element("form", { id: "ask", novalidate: true }, asking);
    const chat = element("div", { class: "chat" }, parts.scroller, parts.form);
    parts.columns.append(chat);
    const language = element("label", { class: "pick" }, text("span", "language", { class: "hidden" }), parts.language);
    const top = element("div", { class: "top" }, parts.title, element("div", { class: "tools" }, language, parts.anew, parts.past, parts.close));
    parts.frame = element("div", { class: "frame" }, top, parts.contact, parts.earlier, parts.columns, parts.announcement);
    return parts;
  }

  // --- what is shown --------------------------------------------------------------------------------

  #draw() {
    const { parts, asking } = this.#built;
    const texts = TEXTS[this.language];
    const { mode } = this;
    this.#colours.replaceSync(coloured(this.dataset.colour));
    const title = this.dataset.title || texts.brand;
    parts.title.textContent = title;
    parts.frame.lang = this.language;
    parts.frame.className = `base frame ${mode === "launcher" ? "floating" : mode}${this.#built.panel.shown() ? " wide" : ""}`;
    for (const place of parts.frame.querySelectorAll("[data-text]")) place.textContent = texts[place.dataset.text];
    for (const place of parts.frame.querySelectorAll("[data-name]")) {
      place.setAttribute("aria-label", texts[place.dataset.name]);
      place.title = texts[place.dataset.name];
    }
    parts.scroller.setAttribute("aria-label", texts.transcript);
    parts.language.value = this.language;
    parts.launcher.replaceChildren(icon(ICONS.chat), element("span", {}, title));
    parts.launcher.setAttribute("aria-label", `${title}. ${texts.open}`);
    parts.corner.lang = this.language;
    parts.corner.setAttribute("aria-label", title);
    const launched = mode === "launcher";
    parts.close.hidden = !launched;
    if (launched) {
      parts.frame.setAttribute("role", "dialog");
      parts.frame.setAttribute("aria-labelledby", "title");
      if (parts.launcher.getAttribute("aria-expanded") === "false") parts.frame.hidden = true;
    } else {
      parts.frame.removeAttribute("role");
      parts.frame.removeAttribute("aria-labelledby");
      parts.frame.hidden = false;
    }
    parts.launcher.hidden = !launched || !parts.frame.hidden;
    if (!parts.earlier.hidden) this.#showHistory(true);
    asking.relabel();
  }

  #open(open) {
    if (this.mode !== "launcher") return;
    const { parts } = this.#built;
    if (parts.frame.hidden !== open) return;
    parts.frame.hidden = !open;
    parts.launcher.hidden = open;
    parts.launcher.setAttribute("aria-expanded", String(open));
    if (open) {
      this.#load();
      parts.box.focus();
    } else parts.launcher.focus();
  }

  #key(event) {
    if (event.key !== "Escape" || event.isComposing) return;
    const { parts, panel } = this.#built;
    if (panel.shown()) panel.close();
    else if (!parts.earlier.hidden) this.#showHistory(false);
    else this.#open(false);
    event.stopPropagation();
  }

  #load() {
    if (this.#built.loaded) return;
    this.#built.loaded = true;
    this.#built.asking.load();
  }

  #contact(gone) {
    const { parts, asking } = this.#built;
    parts.contact.textContent = gone ? TEXTS[this.language].lost : "";
    if (!gone) asking.reload();
  }

  #pick(language) {
    this.#picked = language;
    this.#draw();
    this.dispatchEvent(new CustomEvent("assistant-language", { detail: language, bubbles: true, composed: true }));
  }

  // The page has been turned to another language, and the component with it.
  #hostLanguage() {
    this.#picked = null;
    this.#draw();
  }

  #showHistory(show) {
    const { parts, history, service, asking } = this.#built;
    parts.earlier.hidden = !show;
    parts.columns.hidden = show;
    if (!show) {
      parts.past.focus();
      return;
    }
    drawHistory(parts.earlier, this.language, { history, service, say: asking.tell, close: () => this.#showHistory(false), resume: asking.resume, beginAnew: asking.beginAnew, current: asking.current });
  }
}
