// Elements made by scripts; foreign words go into them as text.

export function element(tag, className, text = "") {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  return made;
}

export function button(text, act) {
  const made = element("button", "plain", text);
  made.type = "button";
  if (act) made.addEventListener("click", act);
  return made;
}

// What went wrong, read out at once.
export function problem(text, retry) {
  const box = element("div", "problem");
  box.setAttribute("role", "alert");
  box.append(element("p", "", text));
  if (retry) box.append(button("Try again", retry));
  return box;
}
