// Makes the chat answer without a page load, copies citations, and scrolls to the quote. All pages work without it.
"use strict";

const conversation = document.getElementById("conversation");
const form = document.getElementById("ask");

if (conversation && form) form.addEventListener("submit", ask);
enliven(document);
scrollToQuote();

async function ask(event) {
  event.preventDefault();
  const input = form.elements.q;
  const question = input.value.trim();
  if (!question) return;
  const turn = showQuestion(question);
  input.value = "";
  try {
    const response = await fetch(addressOf(question), { headers: { "X-Newsquote-Fragment": "1" } });
    const html = await response.text();
    if (response.ok) replace(turn, html, ".turn");
    else replace(turn.querySelector(".answer"), html, ".problem");
  } catch {
    turn.querySelector(".answer").replaceChildren(problem("The server cannot be reached. Is it still running?"));
    input.value ||= question;
  }
  if (!matchMedia("(hover: none)").matches) input.focus();
}

function addressOf(question) {
  return `${form.getAttribute("action")}?${new URLSearchParams({ q: question })}`;
}

function showQuestion(question) {
  document.getElementById("welcome")?.remove();
  const turn = element("section", "turn");
  const answer = element("div", "answer");
  const searching = element("p", "searching", "Searching the articles");
  searching.setAttribute("role", "status");
  answer.append(searching);
  turn.append(element("h2", "question", question), answer);
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

function problem(text) {
  const box = element("div", "problem");
  box.setAttribute("role", "alert");
  box.append(element("p", "", text));
  return box;
}

function element(tag, className, text = "") {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  return made;
}

function enliven(root) {
  for (const button of root.querySelectorAll(".copy")) {
    button.hidden = false;
    button.addEventListener("click", () => copy(button));
  }
}

async function copy(button) {
  const quote = button.closest(".quote");
  const link = quote.querySelector(".source");
  const words = quote.querySelector("blockquote p").textContent;
  const source = link.textContent.replace(/\s+/g, " ").trim();
  const said = await write(`“${words}”\n${source}\n${link.href}`);
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
  const mark = document.getElementById("quote");
  if (!mark) return;
  mark.scrollIntoView({ block: "center" });
  mark.focus({ preventScroll: true });
}
