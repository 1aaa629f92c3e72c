// Keys of the chat.
import { onKeys } from "./singlekeys.js";

const field = document.getElementById("ask")?.elements.q;

if (field) {
  onKeys({ "/": focusQuestion, j: () => step(1), k: () => step(-1) });
  document.addEventListener("keydown", focusByControl);
  field.addEventListener("keydown", editLast);
}

function focusByControl(event) {
  if (event.key.toLowerCase() !== "k" || event.altKey || !(event.ctrlKey || event.metaKey)) return;
  event.preventDefault();
  focusQuestion();
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
