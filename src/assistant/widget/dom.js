// Making elements. Whatever comes from outside is set as text or as an attribute, never as HTML.

export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) made.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) made.setAttribute(name, value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

export function button(text, attributes, onClick) {
  const made = element("button", { type: "button", ...attributes }, text);
  made.addEventListener("click", onClick);
  return made;
}

const SVG = "http://www.w3.org/2000/svg";

// A line drawing of 24 × 24, in the colour of the text around it. Its name is given by what it stands in.
export function icon(path) {
  const drawing = document.createElementNS(SVG, "svg");
  for (const [name, value] of [["viewBox", "0 0 24 24"], ["aria-hidden", "true"], ["focusable", "false"]]) drawing.setAttribute(name, value);
  const line = document.createElementNS(SVG, "path");
  line.setAttribute("d", path);
  drawing.append(line);
  return drawing;
}

const UP = "M7 11v9H4v-9zM7 11l4-8c1.5 0 2.5 1 2.5 2.5L13 9h6c1.2 0 2 1 1.8 2.2l-1.3 7c-.2 1-1 1.8-2 1.8H7";
export const ICONS = {
  chat: "M4 5h16v11H11l-5 4v-4H4z",
  close: "M6 6l12 12M18 6L6 18",
  list: "M4 6h16M4 12h16M4 18h10",
  out: "M14 4h6v6M20 4l-9 9M18 14v6H4V6h6",
  plus: "M12 5v14M5 12h14",
  up: UP,
};

// A list and its lead-in have an empty line between them in the document; here they are one piece.
export function compact(text) {
  return text.replace(/\n\s*\n/g, "\n");
}

// The `lang` of what a document says, where that is known: it need not be that of the page, or of the answer around it.
// one: a citation, or another that tells of a document.
export function ownLanguage(one) {
  return { lang: /^[a-z]{2,3}(-[a-z\d]{2,8})*$/i.test(one?.language || "") ? one.language : null };
}

// Shows a file that was fetched as one to be saved.
export function save(blob, name) {
  const link = element("a", { href: URL.createObjectURL(blob), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

// What has the keyboard, also where it is inside of a shadow root.
export function focused(node) {
  return node.getRootNode().activeElement;
}
