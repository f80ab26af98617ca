// The source beside the answer (under it on a narrow screen): the viewer in a frame, and a way on to the next citation.

import { element, sourceAddress } from "./answer.js";
import { TEXTS, placeText } from "./texts.js";

const wide = matchMedia("(min-width: 64rem)");

// columns: the element that holds the two columns. Returns {open, close, relabel}.
export function makePanel(columns) {
  const heading = element("h2", { tabindex: "-1", id: "panel-heading", "aria-live": "polite" });
  const previous = element("button", { type: "button", class: "small" }, "‹");
  const next = element("button", { type: "button", class: "small" }, "›");
  const tab = element("a", { target: "_blank", rel: "noopener" });
  const close = element("button", { type: "button", class: "small" });
  const frame = element("iframe", { id: "source-frame" });
  const bar = element("div", { class: "bar" }, heading, previous, next, tab, close);
  const panel = element("section", { class: "panel", id: "panel", "aria-labelledby": "panel-heading" }, bar, frame);
  let shown = null; // {entry, number, link, language}

  function place() {
    if (!shown) return;
    const home = wide.matches ? columns : shown.entry.article;
    if (panel.parentElement !== home) home.append(panel);
    columns.classList.toggle("split", wide.matches);
  }

  function draw() {
    const { entry, number, language } = shown;
    const texts = TEXTS[language];
    const { citations } = entry.answer;
    const index = citations.findIndex((citation) => citation.number === number);
    const address = sourceAddress(citations[index], language);
    heading.textContent = texts.panelOf(number, citations.length);
    previous.setAttribute("aria-label", texts.previous);
    previous.disabled = index === 0;
    next.setAttribute("aria-label", texts.next);
    next.disabled = index === citations.length - 1;
    tab.textContent = texts.newTab;
    tab.href = address;
    close.textContent = texts.close;
    frame.title = texts.reference(number, citations[index].title, placeText(citations[index], language));
    // The user may have turned pages or searched in there, so it is not enough that the attribute is right.
    const at = frame.contentWindow?.location;
    if (!at || at.pathname + at.search !== address) frame.setAttribute("src", address);
    for (const link of document.querySelectorAll(".reference[aria-current]")) link.removeAttribute("aria-current");
    for (const link of entry.article.querySelectorAll(".reference")) {
      if (link.textContent === `[${number}]`) link.setAttribute("aria-current", "true");
    }
  }

  function open(entry, number, link, language) {
    const before = link.getBoundingClientRect().top;
    shown = { entry, number, link, language };
    place();
    draw();
    // A narrower column has more lines: what was clicked stays where it was.
    if (wide.matches) scrollBy(0, link.getBoundingClientRect().top - before);
    heading.focus({ preventScroll: wide.matches });
    if (!wide.matches) panel.scrollIntoView({ block: "start" });
  }

  function step(by) {
    const { citations } = shown.entry.answer;
    const index = citations.findIndex((citation) => citation.number === shown.number) + by;
    if (!citations[index]) return;
    shown.number = citations[index].number;
    draw();
    // The button that was pressed may be of no use now, and would take the keyboard's place with it.
    if (document.activeElement?.disabled || document.activeElement === document.body) heading.focus();
  }

  function shut() {
    if (!shown) return;
    const { link, entry, number } = shown;
    shown = null;
    panel.remove();
    frame.removeAttribute("src");
    columns.classList.remove("split");
    for (const marked of document.querySelectorAll(".reference[aria-current]")) marked.removeAttribute("aria-current");
    // The link itself may have been drawn anew since; its like is the place to go back to.
    const back = link.isConnected
      ? link
      : [...entry.article.querySelectorAll(".reference")].find((one) => one.textContent === `[${number}]`);
    back?.focus();
  }

  function relabel(language) {
    if (!shown) return;
    shown.language = language;
    draw();
  }

  previous.addEventListener("click", () => step(-1));
  next.addEventListener("click", () => step(1));
  close.addEventListener("click", shut);
  wide.addEventListener("change", place);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.isComposing) shut();
  });
  return { open, close: shut, relabel };
}
