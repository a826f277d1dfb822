// Dragging a city onto another cluster does what its list and button do: it sends the same form.
const board = document.querySelector(".boards");
let dragged = null;

for (const city of board?.querySelectorAll("[data-partner]") ?? []) {
  if (city.querySelector("form.move")) city.draggable = true;
}

function columnUnder(event) {
  const column = event.target.closest("[data-cluster]");
  return column && dragged && !column.contains(dragged) ? column : null;
}

function clearTargets() {
  for (const column of board.querySelectorAll(".target")) column.classList.remove("target");
}

board?.addEventListener("dragstart", (event) => {
  const city = event.target.closest?.("[data-partner]");
  if (!city) return;
  dragged = city;
  city.classList.add("dragged");
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", city.dataset.partner);
});

board?.addEventListener("dragover", (event) => {
  const column = columnUnder(event);
  if (!column) return;
  event.preventDefault();
  if (!column.classList.contains("target")) {
    clearTargets();
    column.classList.add("target");
  }
});

board?.addEventListener("drop", (event) => {
  const column = columnUnder(event);
  if (!column) return;
  event.preventDefault();
  const form = dragged.querySelector("form.move");
  form.elements.cluster.value = column.dataset.cluster;
  form.requestSubmit();
});

board?.addEventListener("dragend", () => {
  dragged?.classList.remove("dragged");
  dragged = null;
  clearTargets();
});
