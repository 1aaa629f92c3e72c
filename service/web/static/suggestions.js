// Questions to begin with: making them takes the server a moment, which the page does not wait for.
import { fragment } from "./fragments.js";

const empty = document.querySelector(".suggestions[data-from]");
if (empty) suggest();

async function suggest() {
  const response = await fetch(empty.dataset.from).catch(() => null);
  const found = response?.ok ? fragment(await response.text(), ".suggestions form") : null;
  if (found) empty.replaceChildren(found);  // in the room left for them
  else empty.remove();
}
