// Moving a city without losing one's place: its list and button, or dragging it, send the same form; the page that comes
// back takes the place of this one, and what got better and worse is read out first.
let dragged = null;

const columnUnder = (event) => {
  const column = event.target.closest?.("[data-cluster]");
  return column && dragged && !column.contains(dragged) ? column : null;
};

function clearTargets() {
  for (const column of document.querySelectorAll(".boards .target")) column.classList.remove("target");
}

function makeDraggable() {
  for (const city of document.querySelectorAll(".boards [data-partner]")) {
    if (city.querySelector("form.move")) city.draggable = true;
  }
}

async function send(form, submitter) {
  const answer = await fetch(form.action, { method: "POST", body: new FormData(form, submitter) });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const main = page.querySelector("main");
  if (!main) throw new Error("no page came back");
  document.querySelector("main").replaceWith(main);
  history.pushState(null, "", answer.url);
  document.dispatchEvent(new Event("majlis:page"));
  const [, name] = answer.url.split("#");
  const city = name && document.getElementById(name);
  const place = document.getElementById("moved-heading") ?? city?.querySelector("summary") ?? main;
  place.focus();
  place.scrollIntoView({ block: "center" });
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("form.move, form.undo")) return;
  event.preventDefault();
  form.setAttribute("aria-busy", "true");
  // Whatever goes wrong on the way: the plain form still works.
  send(form, event.submitter).catch(() => form.submit());
});

addEventListener("popstate", () => location.reload());

document.addEventListener("dragstart", (event) => {
  const city = event.target.closest?.("[data-partner]");
  if (!city) return;
  dragged = city;
  city.classList.add("dragged");
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", city.dataset.partner);
});

document.addEventListener("dragover", (event) => {
  const column = columnUnder(event);
  if (!column) return;
  event.preventDefault();
  if (!column.classList.contains("target")) {
    clearTargets();
    column.classList.add("target");
  }
});

document.addEventListener("drop", (event) => {
  const column = columnUnder(event);
  if (!column) return;
  event.preventDefault();
  const form = dragged.querySelector("form.move");
  form.elements.cluster.value = column.dataset.cluster;
  form.requestSubmit();
});

document.addEventListener("dragend", () => {
  dragged?.classList.remove("dragged");
  dragged = null;
  clearTargets();
});

document.addEventListener("majlis:page", makeDraggable);
makeDraggable();
