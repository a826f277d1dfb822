// Keeps what is typed into a form as a draft: on the server while one types, on the device while the line is down.
const form = document.querySelector("form[data-draft]");
const status = form?.querySelector(".kept");
const place = `draft:${location.pathname}`;
const PAUSE = 1200;
let timer = 0;
let isSent = false;

function typed() {
  const fields = new FormData(form);
  fields.delete("csrfmiddlewaretoken");
  return [...fields.entries()].filter(([, value]) => typeof value === "string");
}

function show(entries) {
  const values = new Map();
  for (const [name, value] of entries) values.set(name, [...(values.get(name) ?? []), value]);
  for (const field of form.elements) {
    if (!field.name || field.type === "hidden" || field.type === "submit") continue;
    const given = values.get(field.name) ?? [];
    if (field.type === "radio" || field.type === "checkbox") field.checked = given.includes(field.value);
    else if (given.length) field.value = given[0];
  }
}

async function keep() {
  const fields = new FormData(form);
  fields.set("keep", "draft");
  try {
    const answer = await fetch(location.pathname, { method: "POST", body: fields, headers: { "X-Draft": "1" } });
    if (answer.status !== 204) return;
    localStorage.removeItem(place);
    if (!isSent) status.textContent = status.dataset.kept;
  } catch {
    status.textContent = status.dataset.offline;
  }
}

function changed() {
  localStorage.setItem(place, JSON.stringify(typed()));
  clearTimeout(timer);
  timer = setTimeout(keep, PAUSE);
}

if (form) {
  const left = localStorage.getItem(place);
  if (left && !form.querySelector(".summary")) {
    show(JSON.parse(left));
    keep();
  }
  form.addEventListener("input", changed);
  addEventListener("online", () => { if (localStorage.getItem(place)) keep(); });
  // What is sent is no draft any more; should it be refused, the page comes back with everything typed.
  form.addEventListener("submit", () => { isSent = true; clearTimeout(timer); localStorage.removeItem(place); });
}
