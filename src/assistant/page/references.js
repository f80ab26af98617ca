// The reference list of an answer, and the way to take it along to a document of one's own.

import { element } from "./answer.js";
import { TEXTS } from "./texts.js";

const TITLE = /(?<!\\)\*(.+?)(?<!\\)\*/s; // a reference holds its title between asterisks, and escapes others

export function drawReferenceList(answer, language) {
  const texts = TEXTS[language];
  const list = element("ul", { class: "apa", lang: answer.language }, ...answer.references.map(item));
  // Empty until there is something to say: a live region is read when it changes.
  const said = element("span", { class: "said", role: "status" });
  const button = element("button", { type: "button", class: "small" }, texts.copy);
  button.addEventListener("click", async () => {
    said.textContent = "";
    const copied = await copy(list);
    said.textContent = copied ? texts.copied : texts.notCopied;
  });
  return element(
    "div",
    { class: "reference-list" },
    element("h4", {}, texts.references),
    list,
    element("p", { class: "buttons" }, button, said),
  );
}

function item(reference) {
  const [before, title, after] = split(reference);
  return element("li", {}, before, title ? element("i", {}, title) : null, after);
}

function split(reference) {
  const found = TITLE.exec(reference);
  const parts = found ? [reference.slice(0, found.index), found[1], reference.slice(found.index + found[0].length)] : [reference, "", ""];
  return parts.map((part) => part.replaceAll("\\*", "*"));
}

// With its italics where the program that is pasted into takes them. Resolves to whether it went well.
async function copy(list) {
  const plain = [...list.children].map((one) => one.textContent).join("\n");
  const rich = [...list.children].map((one) => `<p>${one.innerHTML}</p>`).join("");
  try {
    const types = { "text/plain": plain, "text/html": rich };
    const blobs = Object.entries(types).map(([type, text]) => [type, new Blob([text], { type })]);
    await navigator.clipboard.write([new ClipboardItem(Object.fromEntries(blobs))]);
    return true;
  } catch {
    return copySelected(list);
  }
}

// The clipboard is kept from pages that are not served over https. What is selected can still be copied,
// and stays selected where not even that is let, so that the user can do it.
function copySelected(list) {
  const selection = getSelection();
  selection.selectAllChildren(list);
  const copied = document.execCommand("copy");
  if (copied) selection.removeAllRanges();
  return copied;
}
