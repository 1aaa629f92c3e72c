// Opens the article of a quote beside the answers or, where there is no room, in a sheet over them.
import { button, element, problem } from "./elements.js";
import { AWAY, fetchFragment, fragment } from "./fragments.js";
import { isTyping } from "./singlekeys.js";
import { showQuote, stepThrough } from "./stepping.js";

const conversation = document.querySelector("#conversation, .checked");
const hasRoom = matchMedia("(min-width: 75rem)");  // as in the style sheet
const panel = named(element("section", "beside"));
const sheet = named(element("dialog", "beside sheet"));
const bar = element("div", "bar");
const shown = element("div", "shown");
let opener = null;  // the link to the place that is shown
let isJump = false;  // whether the last click leads to another place of this page
let loading = new AbortController();

if (conversation) {
  panel.hidden = true;
  document.getElementById("main").after(panel, sheet);
  bar.append(button("Close", close));
  conversation.addEventListener("click", open);
  document.addEventListener("click", (event) => { isJump = event.target.closest("a[href^='#']") !== null; });
  document.addEventListener("keydown", closeByKey);
  sheet.addEventListener("click", (event) => { if (event.target === sheet) close(); });
  sheet.addEventListener("close", () => { if (isIn(sheet)) close(); });  // by Escape, or a gesture that means the same
  hasRoom.addEventListener("change", move);
  window.addEventListener("resize", fit);
  window.addEventListener("popstate", follow);
  if (history.state?.beside) show(history.state.beside);
}

function named(host) {
  host.setAttribute("aria-label", "Article");
  return host;
}

function isIn(host) {
  return bar.parentElement === host;
}

function isOpen() {
  return bar.isConnected;
}

// The article that is open is part of the history: Back closes it, and a reload opens it again.
function open(event) {
  const link = event.target.closest("a[href]");
  const address = link && placeOf(link);
  if (!address || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  if (isOpen()) history.replaceState({ ...history.state, beside: address }, "");
  else enter(address);
  show(address, link);
}

function enter(address) {
  history.scrollRestoration = "manual";  // for the way back, which closes the article and moves nothing else
  history.pushState({ beside: address }, "");
  history.scrollRestoration = "auto";
}

// The address that a link leads to, if that is a place in an article.
function placeOf(link) {
  const url = new URL(link.getAttribute("href"), location.href);
  const isPlace = /\/articles\/[^/]+$/.test(url.pathname) && url.searchParams.has("start");
  return isPlace && url.origin === location.origin ? url.pathname + url.search : null;
}

// A jump within the page leaves the article open, in an entry of its own that the browser has made.
function follow({ state }) {
  if (state?.beside) show(state.beside);
  else if (isOpen() && isJump) history.replaceState({ beside: placeOf(opener), isJump }, "");
  else hide();
  isJump = false;
}

// Wherever the focus is, unless the key closed something else or empties a field; a sheet closes by itself.
function closeByKey(event) {
  const isMeantElsewhere = event.defaultPrevented || isTyping(event) && event.target.value || document.querySelector("dialog[open]");
  if (event.key === "Escape" && isIn(panel) && !isMeantElsewhere) close();
}

function close() {
  if (!isOpen()) return;
  hide();
  if (history.state.isJump) history.replaceState(null, "");
  else history.back();
}

function show(address, link = linkTo(address)) {
  if (!isOpen()) shown.replaceChildren(element("p", "searching", "Opening the article"));
  opener?.removeAttribute("aria-current");
  opener = link;
  opener?.setAttribute("aria-current", "true");
  place();
  load(address);
}

function linkTo(address) {
  return [...conversation.querySelectorAll("a[href]")].find((link) => placeOf(link) === address);
}

// Beside the answers or over them, as there is room now.
function place() {
  const host = hasRoom.matches ? panel : sheet;
  if (!isIn(host)) host.append(bar, shown);
  panel.hidden = host === sheet;
  document.body.classList.toggle("with-article", host === panel);
  if (host === panel) sheet.close();
  else if (!sheet.open) sheet.showModal();
  fit();
}

// The quote that was in view still is.
function move() {
  if (!isOpen()) return;
  place();
  shown.querySelector("mark[aria-current]")?.scrollIntoView({ block: "center" });
}

// Below the top of the page, which stays where it is.
function fit() {
  panel.style.top = `${document.querySelector(".top").getBoundingClientRect().bottom}px`;
}

async function load(address) {
  loading.abort();
  loading = new AbortController();
  const { signal } = loading;
  try {
    const response = await fetchFragment(address, { signal });
    const html = await response.text();
    const found = fragment(html, response.ok ? ".article" : ".problem");
    if (found && response.ok) fill(found);
    else refuse(found || problem("The server sent something that is not an article."));
  } catch {
    if (!signal.aborted) refuse(problem(AWAY, () => load(address)));
  }
}

function fill(article) {
  shown.replaceChildren(article);
  for (const host of [panel, sheet]) host.setAttribute("aria-labelledby", article.querySelector("h2").id);
  stepThrough(article, (id) => showQuote(article, id));
  showQuote(article, "quote");
}

function refuse(why) {
  const isTriedAgain = shown.contains(document.activeElement);
  for (const host of [panel, sheet]) host.removeAttribute("aria-labelledby");
  shown.replaceChildren(why);
  if (isTriedAgain) why.querySelector("button")?.focus();
}

function hide() {
  history.scrollRestoration = "auto";
  if (!isOpen()) return;
  loading.abort();
  bar.remove();
  shown.remove();
  panel.hidden = true;
  document.body.classList.remove("with-article");
  sheet.close();
  opener?.removeAttribute("aria-current");
  opener?.focus({ preventScroll: true });
}
