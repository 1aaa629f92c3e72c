// Changes the page's colours at once; the server has the cookie that keeps them for the next page.
import { fetchFragment } from "./fragments.js";

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches(".theme")) return;
  event.preventDefault();
  const theme = event.submitter.value;
  if (theme) document.documentElement.dataset.theme = theme;
  else delete document.documentElement.dataset.theme;
  for (const button of form.elements.theme) button.setAttribute("aria-pressed", button === event.submitter);
  const body = new URLSearchParams(new FormData(form, event.submitter));
  fetchFragment(form.getAttribute("action"), { method: "POST", body }).catch(() => {});  // then it is not kept
});
