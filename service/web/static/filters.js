// Says how many of the chat's filters are set, while they are folded away.

const filters = document.querySelector("#ask #filters");
filters?.addEventListener("change", count);

function count() {
  const days = [...filters.querySelectorAll("input[type=date]")].filter((input) => input.value).length;
  const lists = [...filters.querySelectorAll("fieldset")].filter((list) => list.querySelector("input:checked")).length;
  filters.querySelector(".count").textContent = days + lists ? ` · ${days + lists} set` : "";
}
