// Escape hides the quote that a chart shows, until another figure is pointed at.

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const row of document.querySelectorAll(".row:is(:hover, :focus-visible):not(.dismissed)")) {
    event.preventDefault();
    row.classList.add("dismissed");
    for (const left of ["pointerleave", "blur"]) row.addEventListener(left, () => row.classList.remove("dismissed"), { once: true });
  }
});
