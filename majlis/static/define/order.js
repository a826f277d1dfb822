// Dragging a sub-topic to another place does what its arrows do, at one go: it sends the whole order.
const list = document.querySelector("[data-order]");
let dragged = null;

for (const item of list?.querySelectorAll("[data-topic]") ?? []) {
  item.draggable = true;
  item.querySelector(".grip").hidden = false;
}

const order = () => [...list.querySelectorAll("[data-topic]")].map((item) => item.dataset.topic);
const before = list ? order().join() : "";

list?.addEventListener("dragstart", (event) => {
  dragged = event.target.closest("[data-topic]");
  dragged.classList.add("dragged");
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", dragged.dataset.topic);
});

list?.addEventListener("dragover", (event) => {
  const over = event.target.closest("[data-topic]");
  if (!dragged || !over) return;
  event.preventDefault();
  if (over === dragged) return;
  const box = over.getBoundingClientRect();
  over[event.clientY > box.top + box.height / 2 ? "after" : "before"](dragged);
});

list?.addEventListener("drop", (event) => event.preventDefault());

list?.addEventListener("dragend", () => {
  dragged.classList.remove("dragged");
  dragged = null;
  if (order().join() === before) return;
  const form = document.querySelector("[data-order-form]");
  for (const topic of order()) {
    const field = Object.assign(document.createElement("input"), { type: "hidden", name: "topic", value: topic });
    form.append(field);
  }
  form.submit();
});
