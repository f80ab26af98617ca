// Brings the marked place into view: on the picture of a page where there is one, else in the text.
// scrollIntoView would scroll the page around the frame too, so this window is scrolled by hand.

const picture = document.querySelector("img[data-top]");
const place = ["hit", "mark", "place"].map((id) => document.getElementById(id)).find(Boolean);
const form = document.querySelector("form.find");
const field = form.elements.find;
const sought = field.defaultValue;

function showInText() {
  if (place) scrollTo({ top: scrollY + place.getBoundingClientRect().top - innerHeight / 3 });
}

function showOnPicture() {
  const { top, width, height } = picture.getBoundingClientRect();
  scrollTo({ top: scrollY + top + Number(picture.dataset.top) * height - innerHeight / 4 });
  // On a narrow screen the picture keeps a readable size and scrolls sideways in its frame.
  picture.parentElement.scrollLeft = Number(picture.dataset.left) * width - 16;
}

// A picture that cannot be had leaves a sentence in its place.
function giveUp(image) {
  image.hidden = true;
  image.nextElementSibling.hidden = false;
  if (image === picture) showInText();
}

// In the field Enter goes on to the next hit and Shift + Enter back, until something else is written there.
field.addEventListener("keydown", (event) => {
  const step = document.getElementById(event.shiftKey ? "previous-hit" : "next-hit");
  if (event.key !== "Enter" || event.isComposing || !step || field.value !== sought) return;
  event.preventDefault();
  location.assign(step.href);
});
form.addEventListener("submit", (event) => {
  if (!field.value.trim()) event.preventDefault();
});
// Keys pressed in a frame are heard there alone, and Escape closes the panel around it, whatever site that is on.
if (parent !== window) {
  document.addEventListener("keydown", ({ key, isComposing }) => {
    if (key === "Escape" && !isComposing) parent.postMessage("assistant-escape", "*");
  });
}
// The fragment is for browsers without scripts; it would scroll the page around the frame too.
form.action = form.action.replace("#hit", "");
for (const link of document.querySelectorAll('a[href$="#hit"]')) link.hash = "";
if (sought) {
  // A page that is loaded in a frame does not get the keyboard back by autofocus alone.
  field.focus({ preventScroll: true });
  field.setSelectionRange(sought.length, sought.length);
}

// What scrolls sideways must be scrolled by the keyboard too.
function reach() {
  for (const figure of document.querySelectorAll("figure")) {
    if (figure.scrollWidth > figure.clientWidth) figure.setAttribute("tabindex", "0");
    else figure.removeAttribute("tabindex");
  }
}
reach();
addEventListener("resize", reach);

for (const image of document.querySelectorAll("figure img")) {
  if (image.complete && image.naturalWidth === 0) giveUp(image);
  else image.addEventListener("error", () => giveUp(image));
}
if (!picture) showInText();
else if (picture.complete && picture.naturalWidth > 0) showOnPicture();
else picture.addEventListener("load", showOnPicture);
