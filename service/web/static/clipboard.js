// Puts text on the clipboard, and says on the button for a moment whether that worked.
const SAID_MS = 1500;
const buttons = new WeakMap();  // each with its own label, and the timer that brings it back

export async function copy(button, text) {
  if (!buttons.has(button)) buttons.set(button, { label: button.innerHTML });
  const one = buttons.get(button);
  button.textContent = await write(text) ? "Copied" : "Could not copy";
  clearTimeout(one.timer);
  one.timer = setTimeout(() => { button.innerHTML = one.label; }, SAID_MS);
}

// Browsers have no clipboard for pages that come over plain HTTP from another machine.
async function write(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
