// Shows how far an upload is, and cancels it; without it the form works as forms do.
import { element, problem } from "./elements.js";
import { replace } from "./fragments.js";

const files = document.querySelector(".add form");
const uploading = document.querySelector(".uploading");
const ANNOUNCE_EVERY_MS = 5000;
const STAYS = "Articles already added stay; add the same files again to continue.";

files.addEventListener("submit", upload);

function upload(event) {
  event.preventDefault();
  const request = new XMLHttpRequest();  // fetch does not tell how much is sent
  request.open("POST", files.getAttribute("action"));
  request.setRequestHeader("Accept", "application/x-ndjson");
  request.setRequestHeader("X-Newsquote-Fragment", "1");
  request.upload.addEventListener("progress", (sent) => show("Sending the files", sent.loaded, sent.total));
  request.upload.addEventListener("load", () => show("Reading the files"));
  request.addEventListener("progress", () => follow(request));
  request.addEventListener("load", () => finish(request));
  request.addEventListener("error", () => breakOff(`The connection to the server was lost. ${STAYS}`));
  uploading.querySelector("button").onclick = () => cancel(request);
  begin();
  request.send(new FormData(files));
}

function begin() {
  files.parentElement.querySelector(".problem")?.remove();
  files.hidden = true;
  uploading.hidden = false;
  uploading.querySelector("button").focus();
  announced = -Infinity;
  show("Sending the files");
}

// How far it is; without numbers, that something moves.
function show(text, done, total) {
  const bar = uploading.querySelector("progress");
  if (total) Object.assign(bar, { max: total, value: done });
  else bar.removeAttribute("value");
  uploading.querySelector("label").textContent = text;
  announce(text);
}

let announced;  // when a screen reader was last told, which could not say every article

function announce(text) {
  if (performance.now() - announced < ANNOUNCE_EVERY_MS) return;
  announced = performance.now();
  uploading.querySelector("[role=status]").textContent = text;
}

function follow(request) {
  const line = lastLine(request);
  if (line?.event === "progress") show(count(line), line.done, line.total);
}

// Only a line that has ended is whole; what comes with another status than 200 is no lines, but a page.
function lastLine(request) {
  const line = request.status === 200 && request.responseText.split("\n").at(-2);
  return line ? JSON.parse(line) : null;
}

function count({ done, total }) {
  return `${done.toLocaleString("en")} of ${total.toLocaleString("en")} article${total === 1 ? "" : "s"}`;
}

function finish(request) {
  const line = lastLine(request);
  if (line?.event === "result") showResult(line.html);
  else if (line?.event === "problem") breakOff(line.detail);
  else replace(backToForm(""), request.responseText, ".problem");
}

function showResult(html) {
  replace(document.querySelector("main .column"), html, ".column");
  document.title = "Added · Newsquote";
  const heading = document.querySelector("main h1");
  heading.tabIndex = -1;
  heading.focus();
}

function cancel(request) {
  const line = lastLine(request);
  request.abort();
  if (line) breakOff(`Cancelled at ${count(line)}. ${STAYS}`);
  else backToForm("Cancelled.");
}

// The list below the form was made before what is stored now.
function breakOff(why) {
  const link = element("a", "", "See the articles");
  link.href = files.getAttribute("action");
  backToForm(why).firstChild.append(" ", link);
}

// Back to the form, which still holds the files.
function backToForm(why) {
  const box = problem(why);
  uploading.hidden = true;
  files.hidden = false;
  files.before(box);
  files.querySelector("[type=submit]").focus();
  return box;
}
