// The reference list of an answer, and the way to take it, or the whole answer, along to a document of one's own.

import { button, element, ownLanguage } from "./dom.js";
import { TEXTS } from "./texts.js";

const TITLE = /(?<!\\)\*(.+?)(?<!\\)\*/s; // a reference holds its title between asterisks, and escapes others

export function drawReferenceList(answer, language) {
  const texts = TEXTS[language];
  const list = element("ul", { class: "apa", lang: answer.language }, ...answer.references.map((one) => item(one, answer.citations)));
  return element("div", { class: "reference-list" }, element("h4", {}, texts.references), list, drawCopying(list, texts.copy, texts));
}

// The whole answer: what it says, with its numbers, and the list of what the numbers are.
export function drawCopyAnswer(entry, text, language) {
  const texts = TEXTS[language];
  const numbered = entry.answer.citations.map((one) => element("p", {}, `[${one.number}] ${one.title}${one.page ? `, ${texts.page(one.page)}` : ""}`));
  const references = (entry.answer.references || []).map((one) => element("p", {}, ...item(one, []).childNodes));
  const spoken = [...text.children].map((one) => element("p", {}, one.textContent));
  const whole = element(
    "div",
    { class: "hidden", "aria-hidden": "true" },
    ...spoken,
    ...numbered,
    ...(references.length ? [element("p", {}, texts.references), ...references] : []),
  );
  const row = drawCopying(whole, texts.copyAnswer, texts);
  row.append(whole);
  return row;
}

// A button that copies what is in a place, with a word on how it went.
function drawCopying(place, name, texts) {
  // Empty until there is something to say: a live region is read when it changes.
  const said = element("span", { class: "said", role: "status" });
  const copying = button(name, { class: "small" }, async () => {
    said.textContent = "";
    const copied = await copy(place);
    said.textContent = copied ? texts.copied : texts.notCopied;
  });
  return element("div", { class: "buttons" }, copying, said);
}

function item(reference, citations) {
  const [before, title, after] = split(reference);
  // A reference leaves out the full stop that a title ends with.
  const of = citations.find((one) => one.title.replace(/\s+/g, " ").replace(/\.+$/, "") === title);
  return element("li", {}, before, title ? element("i", ownLanguage(of), title) : null, after);
}

function split(reference) {
  const found = TITLE.exec(reference);
  const parts = found ? [reference.slice(0, found.index), found[1], reference.slice(found.index + found[0].length)] : [reference, "", ""];
  return parts.map((part) => part.replaceAll("\\*", "*"));
}

// With its italics where the program that is pasted into takes them. Resolves to whether it went well.
async function copy(place) {
  const plain = [...place.children].map((one) => one.textContent).join("\n");
  const rich = [...place.children].map((one) => `<p>${one.innerHTML}</p>`).join("");
  try {
    const types = { "text/plain": plain, "text/html": rich };
    const blobs = Object.entries(types).map(([type, text]) => [type, new Blob([text], { type })]);
    await navigator.clipboard.write([new ClipboardItem(Object.fromEntries(blobs))]);
    return true;
  } catch {
    return copySelected(place, plain, rich);
  }
}

// The clipboard is kept from pages that are not served over https. What is selected can still be copied,
// and stays selected where not even that is let, so that the user can do it.
function copySelected(place, plain, rich) {
  const given = (event) => {
    event.clipboardData.setData("text/plain", plain);
    event.clipboardData.setData("text/html", rich);
    event.preventDefault();
    event.stopImmediatePropagation();
  };
  const selection = getSelection();
  selection.selectAllChildren(place);
  document.addEventListener("copy", given, { capture: true, once: true });
  const copied = document.execCommand("copy");
  document.removeEventListener("copy", given, { capture: true });
  if (copied) selection.removeAllRanges();
  return copied;
}
