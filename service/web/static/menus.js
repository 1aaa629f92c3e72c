// Escape closes what was unfolded over the page or in it, and a click elsewhere what lies over it.

const FOLDED = "details:is(.cite, .filters, .rename, .watch, .wrong)[open]";

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || document.querySelector("dialog[open]")) return;
  const around = event.target.closest(FOLDED);
  for (const menu of around ? [around] : document.querySelectorAll(FOLDED)) menu.open = false;
  around?.querySelector("summary").focus();
});

document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll(".cite[open]")) if (!menu.contains(event.target)) menu.open = false;
});
