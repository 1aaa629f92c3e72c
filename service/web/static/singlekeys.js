// Whether keys of a single letter or sign do anything, which is kept in this browser: speech and shaky hands press many.

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
