// The documents: found, filtered, sorted; what editors may do with them stands above.

import { button, element } from "../widget/dom.js";
import { reason } from "../widget/service.js";
import { TEXTS as CHAT, dateText, languageName } from "../widget/texts.js";
import { makeEditing } from "./editing.js";
import { TEXTS } from "./texts.js";

const ORDERS = {
  newest: (a, b) => (b.date || "").localeCompare(a.date || ""),
  oldest: (a, b) => (a.date || "9").localeCompare(b.date || "9"),
  title: (a, b) => a.title.localeCompare(b.title, "nb"),
  ingested: (a, b) => (b.ingested || "").localeCompare(a.ingested || ""),
};

// ask(question, filters) goes to the question box. Returns {place, relabel(language), shown(language)}.
export function makeDocuments(service, ask) {
  const heading = element("h2", { tabindex: "-1" });
  const count = element("p", { class: "facts", role: "status", id: "document-count" });
  const problem = element("div", { class: "problem", role: "alert" });
  const field = element("input", { type: "search", id: "document-search", autocomplete: "off" });
  const selects = Object.fromEntries(["kind", "language", "order"].map((name) => [name, element("select", { id: `document-${name}` })]));
  const controls = element("div", { class: "controls", role: "search" });
  const list = element("div", { class: "list" });
  const editing = makeEditing(service, load);
  const place = element("section", { class: "view", id: "documents" }, heading, editing.place, controls, count, problem, list);
  let documents = null;
  let language = "nb";

  const texts = () => TEXTS[language];

  async function load() {
    problem.textContent = "";
    try {
      const found = await service.get("api/v1/documents");
      documents = found.documents.map((one) => ({ ...one, ingested: found.ingested?.[one.id] || "" }));
    } catch (error) {
      documents = null;
      problem.textContent = reason(error)(CHAT[language]);
    }
    editing.know(documents || []);
    draw();
  }

  function options(select, values, named) {
    const kept = select.value;
    select.replaceChildren(...values.map((value) => element("option", { value, selected: value === kept }, named(value))));
  }

  function drawControls() {
    const values = (name) => ["", ...new Set((documents || []).map((one) => one[name]).filter(Boolean))].sort();
    options(selects.kind, values("kind"), (value) => value || texts().all);
    options(selects.language, values("language"), (value) => (value ? languageName(value, language) : texts().all));
    options(selects.order, Object.keys(ORDERS), (value) => texts().orders[value]);
    if (controls.childElementCount) {
      for (const label of controls.querySelectorAll("label")) label.textContent = texts()[label.dataset.text];
      return;
    }
    for (const [name, input] of [["search", field], ...Object.entries(selects)]) {
      controls.append(element("div", {}, element("label", { for: input.id, "data-text": name }, texts()[name]), input));
      input.addEventListener("input", drawList);
    }
  }

  function drawList() {
    if (documents === null) {
      count.textContent = "";
      list.replaceChildren();
      return;
    }
    const words = field.value.trim().toLowerCase().split(/\s+/);
    const fits = (one) =>
      words.every((word) => `${one.title} ${one.publisher || ""} ${one.path}`.toLowerCase().includes(word)) &&
      (!selects.kind.value || one.kind === selects.kind.value) &&
      (!selects.language.value || one.language === selects.language.value);
    const found = documents.filter(fits).sort(ORDERS[selects.order.value || "newest"]);
    count.textContent = documents.length ? texts().count(found.length, documents.length) : "";
    const nothing = element("p", { class: "notice" }, documents.length ? texts().none : texts().empty);
    list.replaceChildren(found.length ? drawTable(found) : nothing);
  }

  function drawTable(found) {
    const { columns } = texts();
    const head = element("tr", {}, ...Object.values(columns).map((name) => element("th", { scope: "col" }, name)), element("td", {}));
    return element("table", { class: "stacked" }, element("thead", {}, head), element("tbody", {}, ...found.map(drawRow)));
  }

  function drawRow(one) {
    const { columns } = texts();
    const address = service.at(`source/${encodeURIComponent(one.id)}?language=${language}`);
    const title = element("th", { scope: "row" }, element("a", { href: address, lang: one.language }, one.title));
    if (one.superseded_by) title.append(element("span", { class: "facts" }, ` (${texts().superseded})`));
    if (one.unread) title.append(element("span", { class: "facts" }, ` (${texts().unread})`));
    const facts = {
      date: dateText(one.date, language),
      kind: one.kind,
      publisher: one.publisher,
      pages: one.pages,
      ingested: one.ingested ? new Date(one.ingested).toLocaleString(language === "en" ? "en-GB" : "nb-NO", { dateStyle: "short", timeStyle: "short" }) : "",
    };
    const cells = Object.entries(facts).map(([name, value]) => element("td", { "data-label": columns[name], class: name }, value === null ? "" : String(value)));
    const name = texts().askAboutName(one.title);
    const asking = button(texts().askAbout, { class: "small", "aria-label": name, title: name }, () =>
      ask(texts().askAboutText(one.title), { documents: [one.id] }),
    );
    return element("tr", {}, title, ...cells, element("td", {}, asking));
  }

  function draw() {
    heading.textContent = texts().documentsHeading;
    drawControls();
    drawList();
  }

  return {
    place,
    relabel: (wanted) => {
      language = wanted;
      editing.relabel(wanted);
      draw();
    },
    shown: () => {
      load();
      editing.shown();
    },
  };
}
