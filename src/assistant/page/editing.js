// For editors: documents sent in, the folder read in again, how far that is, and what could not be read.

import { button, element } from "../widget/dom.js";
import { reason } from "../widget/service.js";
import { TEXTS as CHAT } from "../widget/texts.js";
import { TEXTS } from "./texts.js";

const TRIES = 5;
const PAUSE = 1000;
const COPIES = "@web/"; // what the job fetches lies nowhere in the documents' folder

const isUnderWay = (state) => state !== null && (state.status === "running" || state.again);

// onRead() is called when documents have been read in. Returns {place, relabel(language), shown(), know(documents)}.
export function makeEditing(service, onRead) {
  const heading = element("h3");
  const note = element("p", { class: "facts" });
  const filesLabel = element("label", { for: "upload-files" });
  const files = element("input", { type: "file", multiple: true, id: "upload-files" });
  const folderLabel = element("label", { for: "upload-folder" });
  const folder = element("select", { id: "upload-folder" });
  const send = button("", { class: "primary" }, sendAll);
  const anew = button("", {}, readAnew);
  const said = element("p", { role: "status", class: "facts" });
  // The figures change several times a second: shown, and not announced.
  const bar = element("progress", { max: 1, hidden: true });
  const line = element("p", { class: "facts", id: "ingest-line" });
  const fault = element("p", { class: "problem", role: "alert" });
  const results = element("ul", { class: "results" }); // of the last upload
  const last = element("div", { class: "last-run" });
  const fields = element("div", { class: "controls" }, element("div", {}, filesLabel, files), element("div", {}, folderLabel, folder));
  const place = element("section", { class: "editing", id: "editing", hidden: true });
  place.append(heading, note, fields, element("div", { class: "buttons" }, send, anew), said, bar, line, fault, results, last);
  let language = "nb";
  let state = null; // of the ingestion, where this visitor may see it
  let lastRun = null; // of all, wherever it was started
  let groups = null; // that the key is for; null for all there are
  let documents = [];
  let spoken = ""; // the name of the text that was announced last
  let following = false;
  let wanted = false;

  const texts = () => TEXTS[language];
  const locale = () => (language === "en" ? "en-GB" : "nb-NO");

  // --- a run, as it goes on -----------------------------------------------------------------------

  async function follow() {
    wanted = true;
    if (following) return;
    following = true;
    try {
      while (wanted) {
        wanted = false;
        await untilOver();
      }
    } catch (error) {
      fault.textContent = state === null ? "" : reason(error)(CHAT[language]);
    }
    following = false;
    place.hidden = state === null; // whoever may not see the state may not edit either
  }

  // A connection that breaks is made anew: the run goes on without it.
  async function untilOver() {
    for (let failed = 0; ; ) {
      try {
        for await (const { data } of service.events("api/v1/ingest")) {
          take(data);
          failed = 0;
        }
        if (!isUnderWay(state)) return;
      } catch (error) {
        failed += 1;
        if (state === null || failed > TRIES || !["cut", "network"].includes(error.key)) throw error;
      }
      await new Promise((resolve) => setTimeout(resolve, PAUSE));
    }
  }

  function take(now) {
    const wasUnderWay = isUnderWay(state);
    state = now;
    place.hidden = false;
    fault.textContent = "";
    if (isUnderWay(now)) {
      spoken = now.progress?.stage === "wait" ? "waiting" : "ingesting";
    } else {
      lastRun = now.last_run || null;
      if (wasUnderWay) {
        spoken = now.status === "failed" ? "notIngested" : "ingested";
        onRead();
      }
      drawLast();
    }
    drawProgress();
  }

  function drawProgress() {
    say(spoken ? texts()[spoken] : "");
    bar.hidden = line.hidden = !isUnderWay(state);
    bar.setAttribute("aria-label", texts().ingesting);
    const progress = state?.progress;
    if (progress && progress.stage !== "wait") bar.value = progress.share;
    else bar.removeAttribute("value"); // at work, and nobody knows how long
    line.textContent = progress && progress.stage !== "wait" ? figures(progress) : "";
  }

  // Only what is new is announced.
  function say(words) {
    if (said.textContent !== words) said.textContent = words;
  }

  function figures(progress) {
    if (progress.stage === "publish") return texts().publishing;
    const parts = [texts().reading(progress.documents, progress.documents_total)];
    if (progress.passages_total) parts.push(texts().embedded(progress.passages, progress.passages_total));
    if (typeof progress.rate === "number") {
      parts.push(texts().rate(progress.rate.toLocaleString(locale(), { maximumFractionDigits: 1 })), left(progress.seconds_left));
    }
    return parts.join(" · ");
  }

  function left(seconds) {
    const minutes = Math.ceil(seconds / 60);
    if (seconds < 90) return texts().secondsLeft(Math.ceil(seconds));
    return minutes < 90 ? texts().minutesLeft(minutes) : texts().hoursLeft(Math.floor(minutes / 60), minutes % 60);
  }

  async function readAnew() {
    try {
      if (!isUnderWay(state)) await service.reach("api/v1/ingest", { method: "POST" });
    } catch (error) {
      // where somebody else has just started one, it is followed as well
      if (error.status !== 409) {
        fault.textContent = reason(error)(CHAT[language]);
        return;
      }
    }
    await follow();
  }

  // --- what the last run came to ------------------------------------------------------------------

  function drawLast() {
    const parts = [];
    const why = trouble();
    if (why) parts.push(element("p", { class: "problem" }, why));
    const failed = lastRun?.files || [];
    if (failed.length) parts.push(drawFailed(failed));
    if (lastRun) {
      const time = new Date(lastRun.finished).toLocaleString(locale(), { dateStyle: "short", timeStyle: "short" });
      parts.push(element("p", { class: "facts" }, texts().lastRun(time)));
    }
    last.replaceChildren(...parts);
  }

  // Why the last run published nothing. Of one that broke down before it could say so, only who started it knows.
  function trouble() {
    const brokeDown = state?.status === "failed" && !(lastRun && lastRun.finished >= state.started);
    if (brokeDown) return state.texts?.[language] || state.error;
    return lastRun?.error ? lastRun.texts?.[language] || lastRun.error : "";
  }

  function drawFailed(failed) {
    const items = failed.map((one) => element("li", {}, element("strong", {}, one.path), ` ${one.texts?.[language] || one.error}`));
    const more = groups === null ? lastRun.failed - failed.length : 0; // of other groups nothing is said
    if (more > 0) items.push(element("li", {}, texts().moreFailed(more)));
    const summary = element("summary", {}, texts().failed(failed.length + Math.max(more, 0)));
    return element("details", { open: true }, summary, element("ul", { class: "failed" }, ...items));
  }

  // --- documents sent in --------------------------------------------------------------------------

  async function sendAll() {
    if (!files.files.length) {
      spoken = "noFiles";
      drawProgress();
      return;
    }
    const chosen = [...files.files].map((file) => [file, element("li")]);
    results.replaceChildren(...chosen.map(([, item]) => item));
    const sent = await Promise.all(chosen.map(([file, item]) => upload(file, folder.value, item, false)));
    files.value = "";
    if (sent.some(Boolean)) await follow(); // an upload starts the job
  }

  async function upload(file, into, item, replace) {
    const body = new FormData();
    body.append("file", file);
    body.append("folder", into);
    if (replace) body.append("replace", "true");
    try {
      await service.reach("api/v1/documents", { method: "POST", body });
    } catch (error) {
      item.className = "problem";
      if (error.status === 409 && !replace) askToReplace(file, into, item);
      else item.replaceChildren(texts().notUploaded(file.name, reason(error)(CHAT[language])));
      return false;
    }
    item.className = "";
    item.replaceChildren(replace ? texts().replaced(file.name) : texts().uploaded(file.name));
    return true;
  }

  function askToReplace(file, into, item) {
    const yes = button(texts().replace, { class: "small", "aria-label": texts().replaceName(file.name) }, async () => {
      if (await upload(file, into, item, true)) await follow();
    });
    item.replaceChildren(`${texts().exists(file.name, into || texts().topFolder)} `, yes);
  }

  // The folders there are, of those that the key is for. One that holds nothing yet is known by its group.
  function drawFolders() {
    const found = new Set(groups === null ? [""] : groups.map((group) => (group === "." ? "" : group)));
    for (const { path } of documents) {
      const parts = path.startsWith(COPIES) ? [] : path.split("/").slice(0, -1);
      parts.forEach((_, at) => found.add(parts.slice(0, at + 1).join("/")));
    }
    const kept = folder.value;
    const sorted = [...found].sort((a, b) => a.localeCompare(b, "nb"));
    folder.replaceChildren(...sorted.map((value) => element("option", { value, selected: value === kept }, value || texts().topFolder)));
  }

  function draw() {
    heading.textContent = texts().upload;
    note.textContent = texts().uploadNote;
    filesLabel.textContent = texts().chooseFiles;
    folderLabel.textContent = texts().folder;
    send.textContent = texts().send;
    anew.textContent = texts().ingest;
    drawFolders();
    drawProgress();
    drawLast();
  }

  async function load() {
    try {
      groups = (await service.get("api/v1/session")).groups;
    } catch {
      groups = null; // the service refuses what is not allowed
    }
    drawFolders();
    await follow();
  }

  return {
    place,
    relabel: (wantedLanguage) => {
      language = wantedLanguage;
      draw();
    },
    shown: load,
    know: (found) => {
      documents = found;
      drawFolders();
    },
  };
}
