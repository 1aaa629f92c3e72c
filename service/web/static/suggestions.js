// Questions to begin with: making them takes the server a moment, which the page does not wait for.
import { fragment } from "./fragments.js";

const empty = document.querySelector(".suggestions[data-from]");
if (empty) suggest();

async function suggest() {
  const response = await fetch(empty.dataset.from).catch(() => null);
  if (response?.ok) empty.replaceChildren(...fragment(await response.text(), ".suggestions").children);  // in the room left for them
}
