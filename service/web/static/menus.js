// Escape closes what was unfolded over the page or in it, else what is open beside it; a click elsewhere closes what
// lies over it.

const FOLDED = "details:is(.cite, .filters, .rename, .watch, .wrong)[open]";

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || document.querySelector("dialog[open]")) return;
  const around = event.target.closest(FOLDED);
  const open = around ? [around] : document.querySelectorAll(FOLDED);
  for (const menu of open) menu.open = false;
  if (open.length) event.preventDefault();
  around?.querySelector("summary").focus();
});

document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll(".cite[open]")) if (!menu.contains(event.target)) menu.open = false;
});
