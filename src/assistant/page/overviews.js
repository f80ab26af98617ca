// Complete overviews: every document read for one question, into a table to take along.

import { sourceAddress } from "../widget/answer.js";
import { button, element, ownLanguage, save } from "../widget/dom.js";
import { reason } from "../widget/service.js";
import { TEXTS as CHAT, dateText, placeText } from "../widget/texts.js";
import { TEXTS } from "./texts.js";

// Returns {place, relabel(language), shown(language)}.
export function makeOverviews(service) {
  const heading = element("h2", { tabindex: "-1" });
  const lead = element("p", { class: "facts" });
  const label = element("label", { for: "overview-question" });
  const field = element("textarea", { id: "overview-question", rows: 2, "aria-describedby": "overview-example" });
  const example = element("p", { class: "facts", id: "overview-example" });
  const submit = element("button", { type: "submit", class: "primary" });
  const stop = button("", { hidden: true }, () => controller?.abort());
  const said = element("p", { role: "status", class: "facts", id: "overview-status" });
  const bar = element("progress", { hidden: true, "aria-labelledby": "overview-status" });
  const problem = element("div", { class: "problem", role: "alert" });
  const form = element("form", { novalidate: true }, label, field, example, element("div", { class: "buttons" }, submit, stop), problem);
  const result = element("div", { class: "result" });
  const kept = element("section", { class: "kept", hidden: true });
  const place = element("section", { class: "view", id: "overviews" }, heading, lead, form, said, bar, result, kept);
  let language = "nb";
  let controller = null;
  let found = null; // {id, asked, text, status, findings, citations}
  let runs = [];

  const texts = () => TEXTS[language];

  // path: where to begin one, or to go on with one.
  async function make(path, body) {
    if (controller) return;
    problem.textContent = "";
    found = { id: null, asked: "", text: "", status: "running", findings: [], citations: [] };
    controller = new AbortController();
    draw();
    try {
      found = await service.stream(path, body, controller.signal, "overview", take);
      said.textContent = found.text;
    } catch (error) {
      // Where the line broke, the service stops too, and keeps what it has read.
      const halted = error.name === "AbortError" || error.key === "cut";
      if (halted) found.status = "stopped";
      said.textContent = halted ? texts().stopped : "";
      if (error.name !== "AbortError") problem.textContent = error.key === "cut" ? CHAT[language].network : reason(error)(CHAT[language]);
    }
    controller = null;
    draw();
    list();
  }

  function take(name, data) {
    if (name === "status") Object.assign(found, { id: data.id, asked: data.asked });
    if (name === "finding") {
      found.findings.push(data.finding);
      found.citations.push(...data.citations);
    }
    if (name === "progress") {
      bar.max = data.total;
      bar.value = data.done;
      said.textContent = texts().reading(data.done, data.total);
      if (found.findings.length === result.querySelectorAll("tbody tr").length) return;
    }
    drawResult();
  }

  async function list() {
    try {
      runs = await service.get("api/v1/overview", "overviews");
    } catch {
      runs = []; // what may not be listed is not shown
    }
    drawKept();
  }

  async function tried(action) {
    problem.textContent = "";
    try {
      await action();
    } catch (error) {
      problem.textContent = reason(error)(CHAT[language]);
    }
  }

  function draw() {
    heading.textContent = texts().overviewsHeading;
    lead.textContent = texts().overviewsLead;
    label.textContent = texts().overviewQuestion;
    example.textContent = texts().overviewExample;
    submit.textContent = texts().make;
    stop.textContent = texts().stop;
    submit.hidden = Boolean(controller);
    stop.hidden = bar.hidden = !controller;
    drawResult();
    drawKept();
  }

  function drawResult() {
    if (!found) {
      result.replaceChildren();
      return;
    }
    const parts = [];
    if (found.asked) parts.push(element("p", {}, `${texts().readFor} `, element("strong", {}, found.asked)));
    if (found.findings.length) parts.push(drawTable());
    else if (!controller && found.status === "done") parts.push(element("p", { class: "notice" }, texts().noFindings));
    if (!controller && found.id) parts.push(drawTaking(found.id));
    result.replaceChildren(...parts);
  }

  function drawTaking(id) {
    const files = ["csv", "xlsx"].map((format) =>
      button(texts()[format], { class: "small" }, () =>
        tried(async () => {
          const path = `api/v1/overview/${encodeURIComponent(id)}/export?format=${format}`;
          save(await service.file(path), `oversikt.${format}`);
        }),
      ),
    );
    const resume = button(texts().resume, { class: "small" }, () => make(`api/v1/overview/${encodeURIComponent(id)}/resume`, {}));
    return element("div", { class: "buttons" }, ...files, found.status === "stopped" ? resume : null);
  }

  function drawTable() {
    const { table } = texts();
    const head = element("tr", {}, ...Object.values(table).map((name) => element("th", { scope: "col" }, name)));
    const rows = found.findings.map((finding) => {
      const cited = finding.citations.map((number) => found.citations.find((one) => one.number === number)).filter(Boolean);
      const links = cited.map((citation) => {
        const words = `[${citation.number}] ${placeText(citation, language)}`.trim();
        return element("a", { href: sourceAddress(citation, language, service.base), target: "_blank", rel: "noopener", "aria-label": `${words}: ${citation.title}` }, `${words} `);
      });
      const own = ownLanguage(cited[0]);
      return element(
        "tr",
        {},
        element("th", { scope: "row", ...own }, finding.title),
        element("td", { "data-label": table.date, class: "date" }, dateText(finding.date, language)),
        element("td", { "data-label": table.finding, class: "finding", ...own }, finding.text),
        element("td", { "data-label": table.place }, ...links),
      );
    });
    return element("table", { class: "stacked" }, element("thead", {}, head), element("tbody", {}, ...rows));
  }

  function drawKept() {
    kept.hidden = runs.length === 0;
    const items = runs.map((run) => {
      const open = button(run.question, { class: "past", "aria-label": texts().open(run.question) }, () =>
        tried(async () => {
          found = await service.get(`api/v1/overview/${encodeURIComponent(run.id)}`);
          said.textContent = found.text;
          draw();
          said.scrollIntoView({ block: "nearest" });
        }),
      );
      const remove = button(texts().remove, { class: "small", "aria-label": texts().removeName(run.question) }, () =>
        tried(async () => {
          await service.reach(`api/v1/overview/${encodeURIComponent(run.id)}`, { method: "DELETE" });
          if (found?.id === run.id) found = null;
          await list();
          drawResult();
        }),
      );
      open.disabled = remove.disabled = Boolean(controller);
      return element("li", {}, open, element("span", { class: "facts" }, dateText(run.updated.slice(0, 10), language)), remove);
    });
    kept.replaceChildren(element("h3", {}, texts().kept), element("ul", {}, ...items));
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const question = field.value.trim();
    if (question) make("api/v1/overview", { question });
    else {
      problem.textContent = texts().noQuestion;
      field.focus();
    }
  });

  return {
    place,
    relabel: (wanted) => {
      language = wanted;
      draw();
    },
    shown: list,
  };
}
