// On an article's page: goes to the quote that its address names, and steps through the others.
import { showQuote, stepThrough } from "./stepping.js";

const article = document.querySelector("main > .article");

if (article) {
  stepThrough(article, (id) => {
    location.replace(`#${id}`);  // however many quotes are stepped through, the way back stays one step
    show();  // `hashchange` comes too late for a key that is held down
  });
  window.addEventListener("hashchange", show);
  show() || showQuote(article, "quote");
}

function show() {
  return showQuote(article, location.hash.slice(1));
}
