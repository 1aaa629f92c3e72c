// The list of the page's keys, and the switch that turns those of a single letter off.
import { areOn, onKeys, turn } from "./singlekeys.js";

const dialog = document.getElementById("keys");

if (dialog) {
  onKeys({ "?": show });
  document.querySelector(".keys-button").addEventListener("click", show);
  dialog.querySelector("button").addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
  dialog.querySelector("input").addEventListener("change", (event) => turn(event.target.checked));
}

// The browser gives the focus back when it closes.
function show() {
  dialog.querySelector("input").checked = areOn();
  dialog.showModal();
}
