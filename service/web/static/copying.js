// Copies a quote with its source and address.
import { enliven } from "./fragments.js";

const SAID_MS = 1500;

enliven((root) => {
  for (const button of root.querySelectorAll(".copy")) {
    button.hidden = false;
    button.addEventListener("click", () => copy(button));
  }
});

async function copy(button) {
  const quote = button.closest(".quote");
  const words = quote.querySelector("blockquote p").textContent;
  const source = quote.querySelector(".source").textContent.replace(/\s+/g, " ").trim();
  const said = await write(`“${words}”\n${source}\n${new URL(button.dataset.address, location.href).href}`);
  const before = button.innerHTML;
  button.textContent = said ? "Copied" : "Could not copy";
  setTimeout(() => { button.innerHTML = before; }, SAID_MS);
}

async function write(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
