// Answers come into the conversation without a page load.
import { button, element, problem } from "./elements.js";
import { AWAY, fetchFragment, replace } from "./fragments.js";

const conversation = document.getElementById("conversation");
const form = document.getElementById("ask");

if (conversation && form) {
  form.addEventListener("submit", ask);
  document.addEventListener("submit", askAgain);
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

// A question that is offered, with the filters that are set; or one asked before, without what it took over.
function askAgain(event) {
  if (event.target.matches(".suggestions form")) {
    event.preventDefault();
    form.elements.q.value = event.submitter.value;
    form.requestSubmit();
  } else if (event.target.matches("form.carried")) {
    event.preventDefault();
    const body = new URLSearchParams(new FormData(event.target, event.submitter));
    answer(body.get("q"), body);
  }
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
  const headers = { "X-CSRFToken": form.elements.csrf_token.value };
  try {
    const response = await fetchFragment(form.getAttribute("action"), { method: "POST", body, headers, signal });
    const html = await response.text();
    if (response.ok) replace(turn, html, ".turn");
    else replace(turn.querySelector(".answer"), html, ".problem");
    if (response.ok) remember(response.headers.get("Content-Location"));
  } catch {
    const why = signal.aborted ? "Stopped." : AWAY;
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
  if (location.pathname !== path) history.replaceState(history.state, "", path);
}

// In place of the first page, of which the heading stays for those who go by headings; the field goes below the answers.
function makeRoom() {
  const heading = document.querySelector("#welcome h1");
  if (!heading) return;
  heading.className = "hidden";
  document.getElementById("welcome").replaceWith(heading);
  document.getElementById("home").remove();
  const focused = document.activeElement;
  conversation.after(form);
  if (form.contains(focused)) focused.focus({ preventScroll: true });
}

function showQuestion(question) {
  makeRoom();
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
