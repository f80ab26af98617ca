// Which documents a question is put to: chosen before it is asked, from what the documents are.

import { button, element, focused } from "./dom.js";
import { TEXTS, languageName } from "./texts.js";

const FIELDS = { kinds: "kind", publishers: "publisher", languages: "language" };

// place: a <details>. onChange() is called when a choice was made.
// show(documents, language) draws it; chosen() gives `filters` for the service, null where nothing is chosen.
export function makeFilters(place, onChange) {
  const picked = { kinds: new Set(), publishers: new Set(), languages: new Set(), from: "", to: "" };
  let documents = [];
  const summary = element("summary");
  const body = element("div", { class: "filters" });
  place.replaceChildren(summary, body);

  function show(found, language) {
    const held = focused(place)?.id;
    const texts = TEXTS[language];
    documents = found;
    const groups = Object.keys(FIELDS).map((field) => drawGroup(field, texts, language));
    const clear = button(texts.filterClear, { class: "small" }, () => {
      for (const field of Object.keys(FIELDS)) picked[field].clear();
      picked.from = picked.to = "";
      changed(language);
      summary.focus();
    });
    clear.hidden = !any();
    body.replaceChildren(...groups.filter(Boolean), ...drawYears(texts, language), clear);
    const open = documents.filter(passes).length;
    summary.textContent = any() ? texts.filtered(open, documents.length) : texts.filter;
    place.hidden = documents.length < 2;
    if (held) [...body.querySelectorAll("[id]")].find((one) => one.id === held)?.focus();
  }

  function changed(language) {
    show(documents, language);
    onChange();
  }

  function drawGroup(field, texts, language) {
    const counts = new Map();
    for (const one of documents) {
      const value = one[FIELDS[field]];
      if (value) counts.set(value, (counts.get(value) || 0) + 1);
    }
    if (counts.size < 2) return null;
    const named = (value) => (field === "languages" ? languageName(value, language) : value);
    const chips = [...counts].sort(([a], [b]) => named(a).localeCompare(named(b), "nb")).map(([value, count], number) => {
      const box = element("input", { type: "checkbox", id: `${field}-${number}`, checked: picked[field].has(value) });
      box.addEventListener("change", () => {
        if (box.checked) picked[field].add(value);
        else picked[field].delete(value);
        changed(language);
      });
      return element("label", { class: "chip" }, box, element("span", {}, `${named(value)} (${count})`));
    });
    return element("fieldset", {}, element("legend", {}, texts.filterBy[field]), ...chips);
  }

  function drawYears(texts, language) {
    const years = [...new Set(documents.map((one) => (one.date || "").slice(0, 4)).filter(Boolean))].sort();
    if (years.length < 2) return [];
    const selects = ["from", "to"].map((end) => {
      const options = ["", ...years].map((year) => element("option", { value: year, selected: picked[end] === year }, year || texts.anyYear));
      const select = element("select", { id: `year-${end}` }, ...options);
      select.addEventListener("change", () => {
        picked[end] = select.value;
        // The end that was chosen last holds.
        if (picked.from && picked.to && picked.from > picked.to) picked[end === "from" ? "to" : "from"] = select.value;
        changed(language);
      });
      return element("label", {}, `${texts.filterBy[end]} `, select);
    });
    return [element("fieldset", {}, element("legend", {}, texts.filterBy.years), ...selects)];
  }

  function any() {
    return Object.keys(FIELDS).some((field) => picked[field].size) || Boolean(picked.from || picked.to);
  }

  function passes(one) {
    if (Object.entries(FIELDS).some(([field, name]) => picked[field].size && !picked[field].has(one[name]))) return false;
    const year = (one.date || "").slice(0, 4);
    return !((picked.from && !(year >= picked.from)) || (picked.to && !(year && year <= picked.to)));
  }

  function chosen() {
    if (!any()) return null;
    const filters = Object.fromEntries(Object.keys(FIELDS).map((field) => [field, [...picked[field]]]));
    return { ...filters, date_from: picked.from || null, date_to: picked.to || null };
  }

  return { show, chosen };
}
