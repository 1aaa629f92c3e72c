// Goes to a quote of an article, and from each to the next.

const quotes = document.getElementById("quotes");

scrollToQuote();
if (quotes) {
  quotes.addEventListener("click", step);
  document.addEventListener("keydown", stepByKey);
  window.addEventListener("hashchange", showStep);
  showStep();
}

function scrollToQuote() {
  const wanted = document.getElementById(location.hash.slice(1))?.closest(".text mark");
  const mark = wanted || document.getElementById("quote");
  if (!mark) return;
  mark.scrollIntoView({ block: "center" });
  mark.focus({ preventScroll: true });
}

// However many quotes are stepped through, the way back stays one step.
function step(event) {
  const link = event.target.closest("a[href^='#']");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  location.replace(link.hash);
  showStep();  // `hashchange` comes too late for a key that is held down
}

// The keys work while a quote or the bar has the focus: elsewhere a letter may mean something to other software.
function stepByKey(event) {
  const name = { n: "next", p: "previous" }[event.key];
  if (!name || event.ctrlKey || event.metaKey || event.altKey || !event.target.closest(".text mark, #quotes")) return;
  quotes.querySelector(`.${name}`)?.click();
}

function showStep() {
  const links = [...quotes.querySelectorAll("li a")];
  const place = links.findIndex((link) => link.hash === location.hash);
  if (place < 0) return;
  for (const link of links) link.removeAttribute("aria-current");
  links[place].setAttribute("aria-current", "true");
  quotes.querySelector("[role=status]").textContent = `Quote ${place + 1} of ${links.length}`;
  quotes.querySelector(".previous").setAttribute("href", links.at(place - 1).hash);
  quotes.querySelector(".next").setAttribute("href", links[(place + 1) % links.length].hash);
  scrollToQuote();
}
