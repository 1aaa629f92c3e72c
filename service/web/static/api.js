// Sends the requests of the API's page and shows what comes back, and copies snippets. Without it the forms open the
// answers as pages.
const SAID_MS = 1500;
const MOST_CHARS = 50_000;
const key = document.getElementById("key");

if (key) key.closest(".key").hidden = false;

for (const button of document.querySelectorAll(".copy-code")) {
  button.hidden = false;
  button.addEventListener("click", () => copy(button));
}

for (const box of document.querySelectorAll(".try")) {
  box.hidden = false;
  for (const field of box.querySelectorAll("[data-place]")) {
    field.disabled = false;
    field.closest("p").hidden = false;
  }
  box.querySelector("form").addEventListener("submit", (event) => {
    event.preventDefault();
    send(box);
  });
}

async function copy(button) {
  const words = button.parentElement.querySelector("code").textContent;
  const said = await navigator.clipboard.writeText(words).then(() => "Copied", () => "Could not copy");
  const before = button.innerHTML;
  button.textContent = said;
  setTimeout(() => { button.innerHTML = before; }, SAID_MS);
}

async function send(box) {
  const form = box.querySelector("form"), sent = box.querySelector(".sent");
  const status = sent.querySelector("[role=status]"), body = sent.querySelector("code");
  sent.hidden = false;
  status.textContent = "Sending";
  body.textContent = "";
  try {
    const response = await fetch(address(form), options(form));
    const text = await response.text();
    status.textContent = `${response.status} ${response.statusText}`.trim();
    body.textContent = readable(text, response.headers.get("Content-Type") || "");
  } catch {
    status.textContent = "The server cannot be reached. Is it still running?";
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

function options(form) {
  const headers = { Accept: "application/json, */*;q=0.5" };
  if (key?.value) headers.Authorization = `Bearer ${key.value}`;
  const { method } = form.dataset;
  if (method === "GET") return { headers };
  const question = form.querySelector("[data-place=body]").value;
  return { method, headers: { ...headers, "Content-Type": "application/json" }, body: JSON.stringify({ question }) };
}

function readable(text, type) {
  const shown = /[/+]json\b/.test(type) ? JSON.stringify(JSON.parse(text), null, 2) : text;
  return shown.length > MOST_CHARS ? `${shown.slice(0, MOST_CHARS)}\n… and more` : shown;
}
