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
// Where the window that the launcher opens leaves no room for the page.
const SMALL = matchMedia("(max-width: 600px), (max-height: 560px)");

export class AssistantChat extends HTMLElement {
  static observedAttributes = ["data-lang", "data-title", "data-colour", "data-mode", "hidden"];

  #built = null; // {frame, parts, panel, asking, contact, ...}; made when first in a page
  #picked = null; // the language that the user picked in here
  #around = null; // that of the page, as it was heard last
  #colours = new CSSStyleSheet();
  #watching = new MutationObserver(() => this.#hostLanguage());
  #resized = () => this.#built.parts.window.open && this.#raise();

  connectedCallback() {
    if (!this.#built) this.#build();
    this.#around = this.#hostLang;
    this.#watching.observe(document.documentElement, { attributes: true, attributeFilter: ["lang"], subtree: true });
    SMALL.addEventListener("change", this.#resized);
    this.#resized(); // what is taken out of a page is no longer over it
    this.#built.panel.listen(true);
    this.#draw();
    if (this.mode !== "launcher") this.#load();
  }

  disconnectedCallback() {
    this.#watching.disconnect();
    SMALL.removeEventListener("change", this.#resized);
    this.#built.panel.listen(false);
    this.#built.contact.stop();
    this.#built.asking.leave();
  }

  attributeChangedCallback() {
    if (!this.#built) return;
    if (this.hidden) this.#open(false); // or the page would wait for a window that is not seen
    this.#draw();
  }

  get mode() {
    return ["inline", "page"].includes(this.dataset.mode) ? this.dataset.mode : "launcher";
  }

  get language() {
    return this.#picked || languageOf(this.dataset.lang || this.#hostLang || "nb");
  }

  get #hostLang() {
    return (this.closest("[lang]") || document.documentElement).lang;
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
    const service = makeService(address, () => this.language, (there) => (there ? contact.found() : contact.lost()));
    const history = makeHistory(service.base);
    const parts = this.#parts();
    const panel = makePanel(parts.columns, service, (open) => parts.frame.classList.toggle("wide", open));
    const contact = makeContact(service, (gone) => this.#contact(gone));
    const onBusy = (busy, asked) => {
      parts.anew.disabled = busy || asked === 0;
      parts.anew.hidden = asked === 0;
      parts.past.disabled = busy;
    };
    const tools = { service, panel, history, language: () => this.language, chosen: () => this.#picked || this.dataset.answers || null, onBusy };
    const asking = makeAsking(parts, tools);
    this.#built = { parts, panel, contact, history, service, asking, loaded: false };
    root.append(parts.window, parts.corner);
    root.addEventListener("keydown", (event) => this.#key(event));
    // A browser has other ways to ask for it than the key in here: the key elsewhere, a telephone's way back.
    parts.window.addEventListener("cancel", (event) => {
      event.preventDefault();
      this.#back();
    });
    parts.window.addEventListener("close", () => this.#opened());
  }

  #parts() {
    const text = (tag, name, attributes) => element(tag, { "data-text": name, ...attributes });
    const tool = (name, path, onClick) => {
      const made = button("", { class: "tool", "data-name": name }, onClick);
      made.append(icon(path), text("span", name));
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
      launcher: button("", { class: "base launcher", id: "launcher", "aria-haspopup": "dialog" }, () => this.#open(true)),
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
    parts.window = element("dialog", { class: "window", "aria-labelledby": "title" });
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
    parts.frame.className = `base frame ${mode === "launcher" ? "" : mode}${this.#built.panel.shown() ? " wide" : ""}`;
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
    const place = launched ? parts.window : this.shadowRoot;
    if (parts.frame.parentNode !== place) place.prepend(parts.frame);
    if (!launched) parts.window.close();
    parts.close.hidden = !launched;
    parts.launcher.hidden = !launched || parts.window.open;
    if (!parts.earlier.hidden) this.#showHistory(true);
    asking.relabel();
  }

  #open(open) {
    const { parts } = this.#built;
    if (this.mode !== "launcher" || parts.window.open === open) return;
    if (open) this.#raise();
    else parts.window.close();
    this.#opened();
  }

  // The window beside the page, or over all of it: then nothing of the page can be reached before it is closed.
  #raise() {
    const { parts } = this.#built;
    const held = this.shadowRoot.activeElement;
    parts.window.close();
    if (SMALL.matches) parts.window.showModal();
    else parts.window.show();
    held?.focus({ preventScroll: true });
  }

  // The window has been opened or closed, by us or by the browser.
  #opened() {
    const { parts } = this.#built;
    const { open } = parts.window;
    if (this.mode !== "launcher" || parts.launcher.hidden === open) return;
    parts.launcher.hidden = open;
    if (open) {
      this.#load();
      parts.box.focus();
    } else parts.launcher.focus();
  }

  #key(event) {
    if (event.key !== "Escape" || event.isComposing) return;
    event.preventDefault();
    event.stopPropagation();
    this.#back();
  }

  #back() {
    const { parts, panel } = this.#built;
    if (panel.shown()) panel.close();
    else if (!parts.earlier.hidden) this.#showHistory(false);
    else this.#open(false);
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

  // The page, or the part of it that this stands in, has been turned to another language, and the component with it.
  #hostLanguage() {
    if (this.#hostLang === this.#around) return;
    this.#around = this.#hostLang;
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
