// What the reader thinks of an answer: a thumb, and a comment if they like.

import { ICONS, button, element, icon } from "./dom.js";
import { reason } from "./service.js";
import { TEXTS } from "./texts.js";

// Services that take no feedback, by their address: their thumbs are gone for the visit.
const deaf = new Set();

export function drawFeedback(entry, language, service) {
  const texts = TEXTS[language];
  if (deaf.has(service.base) || !entry.answer.id) return null;
  const said = element("span", { class: "said", role: "status" }, entry.rated ? texts.thanks : "");
  const place = element("div", { class: "feedback", role: "group", "aria-label": texts.feedback });
  const thumbs = [[1, texts.useful], [-1, texts.useless]].map(([rating, name]) => {
    const pressed = String(entry.rated === rating);
    const made = button("", { class: `tool${rating < 0 ? " down" : ""}`, "aria-label": name, title: name, "aria-pressed": pressed }, () => rate(rating));
    made.append(icon(ICONS.up));
    return made;
  });
  const comment = element("div", { class: "comment" });
  place.append(...thumbs, said, comment);
  if (entry.rated && !entry.commented) drawComment();

  async function rate(rating) {
    if (!(await send(rating))) return;
    entry.rated = rating;
    thumbs.forEach((thumb, at) => thumb.setAttribute("aria-pressed", String(rating === (at ? -1 : 1))));
    said.textContent = texts.thanks;
    if (!comment.childElementCount) drawComment();
  }

  function drawComment() {
    const id = `comment-${entry.answer.id}`;
    const field = element("textarea", { id, rows: 2, maxlength: 2000 });
    const submit = button(texts.sendComment, { class: "small" }, async () => {
      if (!field.value.trim() || !(await send(entry.rated, field.value.trim()))) return;
      entry.commented = true;
      comment.replaceChildren();
      said.textContent = texts.commented;
    });
    comment.replaceChildren(element("label", { for: id }, texts.comment), field, submit);
  }

  async function send(rating, words) {
    try {
      await service.rate(entry.answer.id, rating, words);
      return true;
    } catch (error) {
      if (error.status === 404 || error.status === 405) {
        deaf.add(service.base);
        place.replaceChildren(said);
        said.textContent = texts.noFeedback;
      } else said.textContent = reason(error)(texts);
      return false;
    }
  }

  return place;
}
