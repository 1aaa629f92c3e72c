// Parts of pages as the server sends them to scripts, and what is done to each of them, as to the page at first.
import { problem } from "./elements.js";

export const AWAY = "The server cannot be reached. Is it still running?";

const enliveners = [];

// Does this to the page now, and to each fragment before it is shown.
export function enliven(act) {
  enliveners.push(act);
  act(document);
}

export function fetchFragment(address, options = {}) {
  return fetch(address, { ...options, headers: { ...options.headers, "X-Newsquote-Fragment": "1" } });
}

// The first element of a response that is meant, or null; the rest of it is left out.
export function fragment(html, selector) {
  const parsed = new DOMParser().parseFromString(html, "text/html");
  for (const act of enliveners) act(parsed);
  return parsed.querySelector(selector);
}

export function replace(old, html, selector) {
  const fresh = fragment(html, selector) || problem("The server sent something that is not an answer.");
  old.replaceWith(fresh);
  fresh.closest(".turn")?.scrollIntoView({ block: "start" });
}
