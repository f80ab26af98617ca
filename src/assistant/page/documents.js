// The documents: found, filtered, sorted; for editors also uploaded and read in again, with what could not be read.

import { button, element } from "../widget/dom.js";
import { reason } from "../widget/service.js";
import { TEXTS as CHAT, dateText, languageName } from "../widget/texts.js";
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
  const results = element("ul", { class: "results" }); // of the last upload; stays when the rest is drawn anew
  const editing = element("section", { class: "editing", id: "editing", hidden: true });
  const place = element("section", { class: "view", id: "documents" }, heading, editing, controls, count, problem, list);
  let documents = null;
  let language = "nb";
  let state = null; // of the ingestion, where this visitor may see it

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

  // --- for editors ------------------------------------------------------------------------------

  // Whoever may not read the state of the ingestion may not edit either, and sees nothing of it.
  async function askForState() {
    try {
      state = await service.get("api/v1/ingest");
    } catch {
      state = null;
    }
    drawEditing();
  }

  function drawEditing() {
    editing.hidden = state === null;
    if (state === null) return;
    const said = element("p", { role: "status", class: "facts" });
    const files = element("input", { type: "file", multiple: true, id: "upload-files" });
    const send = button(texts().send, { class: "primary" }, async () => {
      if (!files.files.length) {
        said.textContent = texts().noFiles;
        return;
      }
      results.replaceChildren();
      const sent = await Promise.all([...files.files].map(upload));
      files.value = "";
      if (sent.some(Boolean)) await ingest(said, false); // an upload starts the job
    });
    const anew = button(texts().ingest, {}, () => ingest(said, true));
    const failed = state.result?.failed || [];
    const broken = element(
      "details",
      { open: true },
      element("summary", {}, texts().failed(failed.length)),
      element("ul", { class: "failed" }, ...failed.map((one) => element("li", {}, element("strong", {}, one.path), ` ${one.texts?.[language] || one.error}`))),
    );
    const parts = [
      element("h3", {}, texts().upload),
      element("p", { class: "facts" }, texts().uploadNote),
      element("label", { for: "upload-files" }, texts().chooseFiles),
      element("div", { class: "buttons" }, files, send, anew),
      said,
      results,
      failed.length ? broken : null,
    ];
    editing.replaceChildren(...parts.filter(Boolean));
  }

  async function upload(file) {
    const body = new FormData();
    body.append("file", file);
    let words = texts().uploaded(file.name);
    let done = true;
    try {
      await service.reach("api/v1/documents", { method: "POST", body });
    } catch (error) {
      done = false;
      words = texts().notUploaded(file.name, reason(error)(CHAT[language]));
    }
    results.append(element("li", { class: done ? null : "problem" }, words));
    return done;
  }

  async function ingest(said, start) {
    said.textContent = texts().ingesting;
    try {
      if (start) await service.reach("api/v1/ingest", { method: "POST" });
      state = await finished();
      await load();
      drawEditing();
      editing.querySelector("[role=status]").textContent = state.error || texts().ingested;
    } catch (error) {
      said.textContent = reason(error)(CHAT[language]);
    }
  }

  async function finished() {
    for (;;) {
      const now = await service.get("api/v1/ingest");
      if (now.status !== "running" && !now.again) return now;
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
  }

  function draw() {
    heading.textContent = texts().documentsHeading;
    drawControls();
    drawList();
    drawEditing();
  }

  return {
    place,
    relabel: (wanted) => {
      language = wanted;
      draw();
    },
    shown: () => {
      load();
      askForState();
    },
  };
}
