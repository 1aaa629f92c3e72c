// Goes to a quote of an article, and from each to the next.
import { areOn } from "./singlekeys.js";

// What a link of the bar leads to: the id of a quote. Those of a drawing have no `hash`.
const quoteOf = (link) => link.getAttribute("href").split("#").pop();

// Steps go to the quote that `go` is given; the keys work while a quote or the bar has the focus: elsewhere a letter
// may mean something to other software.
export function stepThrough(article, go) {
  const bar = article.querySelector(".quotes");
  if (!bar) return;
  bar.addEventListener("click", (event) => {
    const link = event.target.closest(".strip a, .steps a");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    go(quoteOf(link));
  });
  article.addEventListener("keydown", (event) => {
    const name = { n: "next", p: "previous" }[event.key];
    if (!name || !areOn() || event.ctrlKey || event.metaKey || event.altKey || !event.target.closest("mark, .quotes")) return;
    bar.querySelector(`.${name}`)?.click();
  });
}

// Shows the quote with this id, if there is one, and says which of them it is.
export function showQuote(article, id) {
  const mark = [...article.querySelectorAll(".text mark")].find((one) => one.id === id);
  if (!mark) return false;
  for (const other of article.querySelectorAll("mark[aria-current]")) other.removeAttribute("aria-current");
  mark.setAttribute("aria-current", "true");
  mark.scrollIntoView({ block: "center" });
  mark.focus({ preventScroll: true });
  sayWhich(article.querySelector(".quotes"), id);
  return true;
}

function sayWhich(bar, id) {
  const links = [...bar.querySelectorAll(".strip a")];
  const at = links.findIndex((link) => quoteOf(link) === id);
  for (const link of links) link.removeAttribute("aria-current");
  links[at].setAttribute("aria-current", "true");
  if (links.length === 1) return;
  const where = bar.querySelector("[role=status]"), said = `Quote ${at + 1} of ${links.length}`;
  if (where.textContent !== said) where.textContent = said;  // which is read out
  bar.querySelector(".previous").setAttribute("href", links.at(at - 1).getAttribute("href"));
  bar.querySelector(".next").setAttribute("href", links[(at + 1) % links.length].getAttribute("href"));
}
