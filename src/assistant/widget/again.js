// Asking the same again with other documents: what the question itself limited taken away, or sources left out.

import { button, element, ownLanguage } from "./dom.js";
import { TEXTS } from "./texts.js";

// What the question's own words limited the search to: chips that can be taken away.
export function drawRecognised(entry, language, askAgain) {
  const texts = TEXTS[language];
  const chips = entry.answer.recognised.map((one) => {
    const name = texts.withoutLimit(one.label);
    const remove = button("×", { class: "small", "aria-label": name, title: name }, () =>
      askAgain(entry, { ignore: [...(entry.choices.ignore || []), one.field] }),
    );
    return element("li", { class: "chip" }, element("span", { lang: entry.answer.language }, one.label), " ", remove);
  });
  return element("div", { class: "recognised" }, element("p", {}, texts.limited), element("ul", { class: "chips" }, ...chips));
}

// The cited documents, each to be left out when the question is asked again.
export function drawLeavingOut(entry, language, askAgain) {
  const texts = TEXTS[language];
  const cited = new Map(entry.answer.citations.map((one) => [one.document_id, one]));
  const boxes = [...cited.values()].map((one) => ({ one, box: element("input", { type: "checkbox", checked: true }) }));
  const again = button(texts.askWithout, { class: "small", disabled: true }, () => {
    const left = boxes.filter(({ box }) => !box.checked).map(({ one }) => one.document_id);
    askAgain(entry, { without: [...(entry.choices.without || []), ...left] });
  });
  for (const { box } of boxes) {
    box.addEventListener("change", () => (again.disabled = boxes.every((each) => each.box.checked)));
  }
  const items = boxes.map(({ one, box }) => element("li", {}, element("label", { class: "chip" }, box, element("span", ownLanguage(one), one.title))));
  return element(
    "details",
    { class: "leaving-out" },
    element("summary", {}, texts.leaveOut),
    element("p", {}, texts.leaveOutNote),
    element("ul", { class: "chips" }, ...items),
    again,
  );
}
