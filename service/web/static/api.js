// Sends the requests of the API's page and shows what comes back, and copies snippets. Without it the forms open the
// answers as pages.
import { copy } from "./clipboard.js";
import { AWAY } from "./fragments.js";

const MOST_CHARS = 50_000;
const key = document.getElementById("key");

if (key) key.closest(".key").hidden = false;

for (const button of document.querySelectorAll(".copy-code")) {
  button.hidden = false;
  button.addEventListener("click", () => copy(button, button.parentElement.querySelector("code").textContent));
}

for (const box of document.querySelectorAll(".try")) {
  box.hidden = false;
  for (const field of box.querySelectorAll("[data-place]")) {
    field.disabled = false;
    field.closest("p").hidden = false;
  }
  box.querySelector("form").addEventListener("submit", (event) => {
    event.preventDefault();
    sendOnce(box);
  });
}

// One request at a time, so that what is shown answers what was sent. The button keeps the focus.
async function sendOnce(box) {
  const sender = box.querySelector("button[type=submit]");
  if (sender.ariaDisabled === "true") return;
  sender.ariaDisabled = "true";
  await send(box);
  sender.ariaDisabled = "false";
}

async function send(box) {
  const form = box.querySelector("form"), sent = box.querySelector(".sent");
  const status = sent.querySelector("[role=status]"), body = sent.querySelector("code");
  sent.hidden = false;
  status.textContent = "Sending";
  body.textContent = "";
  try {
    const response = await fetch(address(form), { headers: headers() });
    body.textContent = await shown(response);
    status.textContent = `${response.status} ${response.statusText}`.trim();
  } catch {
    status.textContent = AWAY;
  }
}

function address(form) {
  const fields = [...form.querySelectorAll("[data-place]")].filter((field) => field.value !== "");
  let path = form.dataset.path;
  const query = new URLSearchParams();
  for (const { name, value, dataset } of fields) {
    if (dataset.place === "path") path = path.replace(`{${name}}`, encodeURIComponent(value));
    if (dataset.place === "query") query.append(name, value);
  }
  return String(query) ? `${path}?${query}` : path;
}

function headers() {
  const accepted = { Accept: "application/json, */*;q=0.5" };
  return key?.value ? { ...accepted, Authorization: `Bearer ${key.value}` } : accepted;
}

async function shown(response) {
  const text = await beginning(response);
  if (text.length > MOST_CHARS) return `${text.slice(0, MOST_CHARS)}\n… and more`;
  return /[/+]json\b/.test(response.headers.get("Content-Type")) ? indented(text) : text;
}

// No more of it than is shown: an export may be a whole archive.
async function beginning(response) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  while (text.length <= MOST_CHARS) {
    const { done, value } = await reader.read();
    if (done) return text;
    text += value;
  }
  reader.cancel();
  return text;
}

function indented(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
