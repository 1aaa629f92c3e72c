// Copies a quote with its source and address.
import { copy } from "./clipboard.js";
import { enliven } from "./fragments.js";

enliven((root) => {
  for (const button of root.querySelectorAll(".copy")) {
    button.hidden = false;
    button.addEventListener("click", () => copy(button, quoted(button)));
  }
});

function quoted(button) {
  const quote = button.closest(".quote");
  const words = quote.querySelector("blockquote p").textContent;
  const source = quote.querySelector(".source").textContent.replace(/\s+/g, " ").trim();
  return `“${words}”\n${source}\n${new URL(button.dataset.address, location.href).href}`;
}
