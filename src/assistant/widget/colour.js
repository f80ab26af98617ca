// The host's own colour, made readable: what is written in it, and on it, keeps a contrast of 4.5 to 1 in light and dark.

const LIGHT = [232, 232, 233]; // The darkest paper of the light scheme, and
const DARK = [44, 46, 49]; // the lightest of the dark one.
const ENOUGH = 4.5;

// The rules for a colour as CSS writes it; "" for what is none.
export function coloured(value) {
  if (!value || !CSS.supports("color", value)) return "";
  const own = parsed(value);
  const [light, dark] = [readable(own, LIGHT, 0), readable(own, DARK, 255)];
  const both = (a, b) => `light-dark(${written(a)}, ${written(b)})`;
  return `:host { --accent: ${both(own, dark)}; --accent-text: ${both(light, dark)}; --on-accent: ${both(onTop(own), onTop(dark))}; }`;
}

function parsed(value) {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 1;
  const context = canvas.getContext("2d");
  context.fillStyle = value;
  context.fillRect(0, 0, 1, 1);
  return [...context.getImageData(0, 0, 1, 1).data].slice(0, 3);
}

// The colour, moved towards black (0) or white (255) until it can be read on the paper.
function readable(colour, paper, towards) {
  let found = colour;
  for (let step = 1; step <= 20 && contrast(found, paper) < ENOUGH; step += 1) {
    found = colour.map((part) => Math.round(part + ((towards - part) * step) / 20));
  }
  return found;
}

function onTop(colour) {
  const [black, white] = [[0, 0, 0], [255, 255, 255]];
  return contrast(white, colour) >= ENOUGH || contrast(white, colour) > contrast(black, colour) ? white : black;
}

// WCAG 2's contrast ratio and relative luminance.
export function contrast(one, other) {
  const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

function luminance(colour) {
  const [red, green, blue] = colour.map((part) => part / 255).map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function written(colour) {
  return `rgb(${colour.join(" ")})`;
}
