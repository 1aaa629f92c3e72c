// Changes the page's colours at once; the server has the cookie that keeps them for the next page.
import { fetchFragment } from "./fragments.js";

const NAME = "newsquote-theme";

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches(".theme")) return;
  event.preventDefault();
  show(event.submitter.value);
  keep(event.submitter.value);
  const body = new URLSearchParams(new FormData(form, event.submitter));
  fetchFragment(form.getAttribute("action"), { method: "POST", body }).catch(() => {});  // then it is not kept
});

// The way back may lead to a page as it was left, before the colours were changed on another.
window.addEventListener("pageshow", (event) => { if (event.persisted) showKept(); });

function show(theme) {
  if (theme) document.documentElement.dataset.theme = theme;
  else delete document.documentElement.dataset.theme;
  for (const button of document.querySelectorAll(".theme button")) button.setAttribute("aria-pressed", button.value === theme);
}

function keep(theme) {
  try {
    sessionStorage.setItem(NAME, theme);
  } catch { /* then such a page stays as it was left */ }
}

function showKept() {
  try {
    const theme = sessionStorage.getItem(NAME);
    if (theme !== null) show(theme);
  } catch { /* the browser keeps nothing */ }
}
