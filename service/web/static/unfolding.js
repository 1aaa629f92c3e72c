// Opens what is folded around the quote that the address names, as newer browsers do by themselves.

window.addEventListener("hashchange", unfold);
unfold();

function unfold() {
  const quote = document.getElementById(location.hash.slice(1))?.closest(".quote");
  const folded = quote?.closest("details:not([open])");
  if (!folded) return;
  folded.open = true;
  quote.scrollIntoView();
}
