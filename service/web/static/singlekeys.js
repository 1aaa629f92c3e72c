// Keys of a single letter or sign. They do nothing while something is typed, nor once they are turned off, which this
// browser keeps: speech and shaky hands press many.

const NAME = "newsquote-single-keys";

export function areOn() {
  try {
    return localStorage.getItem(NAME) !== "off";
  } catch {
    return true;  // the browser keeps nothing
  }
}

export function turn(on) {
  try {
    localStorage.setItem(NAME, on ? "on" : "off");
  } catch { /* then it is as it was */ }
}

export function isTyping(event) {
  return event.target.closest("input, textarea, select, [contenteditable]") !== null;
}

// Does what each key is given here, anywhere on the page.
export function onKeys(acts) {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !Object.hasOwn(acts, event.key)) return;
    if (isTyping(event) || document.querySelector("dialog[open]") || !areOn()) return;
    event.preventDefault();
    acts[event.key]();
  });
}
