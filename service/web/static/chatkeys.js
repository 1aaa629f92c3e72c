// Keys of the chat: Ctrl or ⌘ with K goes to the field, ↑ in an empty field brings back the last question.

const field = document.getElementById("ask")?.elements.q;

if (field) {
  document.addEventListener("keydown", focusQuestion);
  field.addEventListener("keydown", editLast);
}

function focusQuestion(event) {
  if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey)) return;
  event.preventDefault();
  field.focus();
  field.select();
}

function editLast(event) {
  const last = [...document.querySelectorAll("#conversation .question")].pop();
  if (event.key !== "ArrowUp" || field.value || !last) return;
  event.preventDefault();
  field.value = last.textContent;
}
