// Keys of the chat. Those of a single letter or sign do nothing while something is typed, and can be turned off.
import { areOn, turn } from "./singlekeys.js";

const field = document.getElementById("ask")?.elements.q;
const dialog = document.getElementById("keys");
const single = { "/": focusQuestion, "?": showKeys, j: () => step(1), k: () => step(-1) };

if (field) {
  document.addEventListener("keydown", press);
  field.addEventListener("keydown", editLast);
  document.querySelector(".keys-button").addEventListener("click", showKeys);
  dialog.querySelector("button").addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
  dialog.querySelector("input").addEventListener("change", (event) => turn(event.target.checked));
}

function press(event) {
  const isWithModifier = event.ctrlKey || event.metaKey || event.altKey;
  const act = isWithModifier ? withModifier(event) : alone(event);
  if (!act) return;
  event.preventDefault();
  act();
}

function withModifier(event) {
  return event.key.toLowerCase() === "k" && !event.altKey ? focusQuestion : null;
}

function alone(event) {
  const isTyping = event.target.closest("input, textarea, select, [contenteditable]");
  if (isTyping || document.querySelector("dialog[open]") || !Object.hasOwn(single, event.key)) return null;
  return areOn() ? single[event.key] : null;
}

function focusQuestion() {
  field.focus();
  field.select();
}

function editLast(event) {
  const last = [...document.querySelectorAll("#conversation .question")].pop();
  if (event.key !== "ArrowUp" || field.value || !last) return;
  event.preventDefault();
  field.value = last.textContent;
}

// The browser gives the focus back when it closes.
function showKeys() {
  dialog.querySelector("input").checked = areOn();
  dialog.showModal();
}

// To the source of the next quote that is not folded away, so that Enter opens its article.
function step(by) {
  const sources = [...document.querySelectorAll("#conversation .quote .source")].filter((one) => !one.closest("details:not([open])"));
  const next = sources[at(sources, by) + by];
  if (!next) return;
  next.focus({ preventScroll: true });
  next.closest(".quote").scrollIntoView({ block: "center" });
}

// Where one stands among them: at the quote that has the focus or whose article is open, else where the page is.
function at(sources, by) {
  const quote = document.activeElement.closest(".quote") ?? document.querySelector(".source[aria-current]")?.closest(".quote");
  const place = sources.findIndex((one) => one.closest(".quote") === quote);
  if (place >= 0) return place;
  const top = document.querySelector(".top").getBoundingClientRect().bottom;
  const below = sources.findIndex((one) => one.closest(".quote").getBoundingClientRect().top >= top);
  const first = below < 0 ? sources.length : below;
  return by > 0 ? first - 1 : first;
}
