// Makes the chat answer without a page load, sends complaints, copies citations, and steps through quotes. All pages work without it.
"use strict";

const conversation = document.getElementById("conversation");
const form = document.getElementById("ask");

if (conversation && form) {
  form.addEventListener("submit", ask);
  form.elements.q.addEventListener("keydown", editLast);
  document.addEventListener("keydown", focusQuestion);
  document.getElementById("filters")?.addEventListener("change", countFilters);
}
enliven(document);
suggest();
scrollToQuote();
const quotes = document.getElementById("quotes");
if (quotes) {
  quotes.addEventListener("click", step);
  document.addEventListener("keydown", stepByKey);
  window.addEventListener("hashchange", showStep);
  showStep();
}

function ask(event) {
  event.preventDefault();
  const question = form.elements.q.value.trim();
  if (!question) return;
  const body = new URLSearchParams(new FormData(form));
  form.elements.q.value = "";
  form.querySelector("details[open]")?.removeAttribute("open");
  answer(question, body);
}

// Questions to begin with: making them takes the server a moment, which the page does not wait for.
async function suggest() {
  const empty = document.querySelector(".suggestions[data-from]");
  if (!empty) return;
  const response = await fetch(empty.dataset.from).catch(() => null);
  if (!response?.ok) return;
  const parsed = new DOMParser().parseFromString(await response.text(), "text/html");
  const fresh = parsed.querySelector(".suggestions");
  enliven(parsed);
  empty.replaceWith(fresh);
}

function askSuggested(event) {
  event.preventDefault();
  form.elements.q.value = event.submitter.value;
  form.requestSubmit();
}

function askWithout(event) {
  event.preventDefault();
  const body = new URLSearchParams(new FormData(event.currentTarget, event.submitter));
  answer(body.get("q"), body);
}

function countFilters() {
  const panel = document.getElementById("filters");
  const days = [...panel.querySelectorAll("input[type=date]")].filter((input) => input.value).length;
  const lists = [...panel.querySelectorAll("fieldset")].filter((list) => list.querySelector("input:checked")).length;
  const count = days + lists;
  panel.querySelector(".count").textContent = count ? ` · ${count} set` : "";
}

function editLast(event) {
  const last = [...conversation.querySelectorAll(".question")].pop();
  if (event.key !== "ArrowUp" || event.target.value || !last) return;
  event.preventDefault();
  event.target.value = last.textContent;
}

function focusQuestion(event) {
  if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey)) return;
  event.preventDefault();
  form.elements.q.focus();
  form.elements.q.select();
}

let before = Promise.resolve();  // a second question waits for the first, whose conversation it belongs to

function answer(question, body) {
  const turn = showQuestion(question);
  const stop = new AbortController();
  turn.querySelector(".searching button").addEventListener("click", () => stop.abort());
  before = before.then(() => fill(turn, question, body, stop.signal));
}

async function fill(turn, question, body, signal) {
  body.set("conversation", form.elements.conversation.value);
  const headers = { "X-Newsquote-Fragment": "1", "X-CSRFToken": form.elements.csrf_token.value };
  try {
    const response = await fetch(form.getAttribute("action"), { method: "POST", body, headers, signal });
    const html = await response.text();
    if (response.ok) replace(turn, html, ".turn");
    else replace(turn.querySelector(".answer"), html, ".problem");
    if (response.ok) remember(response.headers.get("Content-Location"));
  } catch {
    const why = signal.aborted ? "Stopped." : "The server cannot be reached. Is it still running?";
    turn.querySelector(".answer").replaceChildren(problem(why, () => { turn.remove(); answer(question, body); }));
  }
  if (!matchMedia("(hover: none)").matches) form.elements.q.focus();
}

// From the first answer on this is the conversation's own page, which a reload brings back.
function remember(address) {
  const path = new URL(address, location.href).pathname;
  const id = form.elements.conversation.value = path.split("/").pop();
  const take = form.querySelector(".take a");
  take.href = take.dataset.address.replace(/[^/]*(?=\?)/, id);
  take.parentElement.hidden = false;
  if (location.pathname !== path) history.replaceState(null, "", path);
}

function showQuestion(question) {
  document.getElementById("welcome")?.remove();
  const turn = element("section", "turn");
  const answer = element("div", "answer");
  const searching = element("p", "searching", "Searching the articles");
  searching.setAttribute("role", "status");
  searching.append(button("Stop"));
  answer.append(searching);
  const asked = element("h2", "question", question);
  asked.dir = "auto";
  turn.append(asked, answer);
  conversation.append(turn);
  turn.scrollIntoView({ block: "start" });
  return turn;
}

function replace(old, html, selector) {
  const parsed = new DOMParser().parseFromString(html, "text/html").querySelector(selector);
  const fresh = parsed || problem("The server sent something that is no answer.");
  enliven(fresh);
  old.replaceWith(fresh);
  fresh.closest(".turn")?.scrollIntoView({ block: "start" });
}

function problem(text, retry) {
  const box = element("div", "problem");
  box.setAttribute("role", "alert");
  box.append(element("p", "", text));
  if (retry) box.append(button("Try again", retry));
  return box;
}

function button(text, act) {
  const made = element("button", "plain", text);
  made.type = "button";
  if (act) made.addEventListener("click", act);
  return made;
}

function element(tag, className, text = "") {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  return made;
}

function enliven(root) {
  for (const offered of form ? root.querySelectorAll(".suggestions form") : []) offered.addEventListener("submit", askSuggested);
  for (const carried of form ? root.querySelectorAll("form.carried") : []) carried.addEventListener("submit", askWithout);
  for (const wrong of root.querySelectorAll(".wrong form")) wrong.addEventListener("submit", complain);
  for (const button of root.querySelectorAll(".copy")) {
    button.hidden = false;
    button.addEventListener("click", () => copy(button));
  }
}

// Says that an answer is wrong, and shows the thanks in place of the form, or under it what stopped that.
async function complain(event) {
  event.preventDefault();
  const sent = event.currentTarget;
  const body = new URLSearchParams(new FormData(sent));
  sent.querySelector(".problem")?.remove();
  try {
    const response = await fetch(sent.action, { method: "POST", body, headers: { "X-Newsquote-Fragment": "1" } });
    const said = new DOMParser().parseFromString(await response.text(), "text/html").querySelector(".thanks, .problem");
    if (!response.ok) return sent.append(said);
    sent.closest(".wrong").replaceWith(said);
    said.focus();
  } catch {
    sent.append(problem("The server cannot be reached. Is it still running?"));
  }
}

async function copy(button) {
  const quote = button.closest(".quote");
  const words = quote.querySelector("blockquote p").textContent;
  const source = quote.querySelector(".source").textContent.replace(/\s+/g, " ").trim();
  const said = await write(`“${words}”\n${source}\n${new URL(button.dataset.address, location.href).href}`);
  const before = button.innerHTML;
  button.textContent = said ? "Copied" : "Could not copy";
  setTimeout(() => { button.innerHTML = before; }, 1500);
}

async function write(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

function scrollToQuote() {
  const wanted = document.getElementById(location.hash.slice(1))?.closest(".text mark");
  const mark = wanted || document.getElementById("quote");
  if (!mark) return;
  mark.scrollIntoView({ block: "center" });
  mark.focus({ preventScroll: true });
}

// However many quotes are stepped through, the way back stays one step.
function step(event) {
  const link = event.target.closest("a[href^='#']");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  location.replace(link.hash);
  showStep();  // `hashchange` comes too late for a key that is held down
}

// The keys work while a quote or the bar has the focus: elsewhere a letter may mean something to other software.
function stepByKey(event) {
  const name = { n: "next", p: "previous" }[event.key];
  if (!name || event.ctrlKey || event.metaKey || event.altKey || !event.target.closest(".text mark, #quotes")) return;
  quotes.querySelector(`.${name}`)?.click();
}

function showStep() {
  const links = [...quotes.querySelectorAll("li a")];
  const place = links.findIndex((link) => link.hash === location.hash);
  if (place < 0) return;
  for (const link of links) link.removeAttribute("aria-current");
  links[place].setAttribute("aria-current", "true");
  quotes.querySelector("[role=status]").textContent = `Quote ${place + 1} of ${links.length}`;
  quotes.querySelector(".previous").setAttribute("href", links.at(place - 1).hash);
  quotes.querySelector(".next").setAttribute("href", links[(place + 1) % links.length].hash);
  scrollToQuote();
}
