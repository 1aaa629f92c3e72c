// Says that an answer is wrong, and shows the thanks in place of the form, or under it what stopped that.
import { problem } from "./elements.js";
import { AWAY, fetchFragment, fragment } from "./fragments.js";

document.addEventListener("submit", (event) => {
  if (!event.target.matches(".wrong form")) return;
  event.preventDefault();
  complain(event.target);
});

async function complain(form) {
  form.querySelector(".problem")?.remove();
  try {
    const response = await fetchFragment(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)) });
    const said = fragment(await response.text(), ".thanks, .problem");
    if (!response.ok) return form.append(said || problem(`The server answered with error ${response.status}.`));
    form.closest(".wrong").replaceWith(said);
    said.focus();
  } catch {
    form.append(problem(AWAY));
  }
}
