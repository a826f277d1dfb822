// Seats are locked in place, and people found by typing; without this the forms do the same by reloading.
for (const form of document.querySelectorAll("form.locking")) {
  form.addEventListener("submit", async (event) => {
    const button = event.submitter;
    event.preventDefault();
    if (button.getAttribute("aria-busy") === "true") return;
    const fields = new FormData(form);
    fields.append(button.name, button.value);
    button.setAttribute("aria-busy", "true");
    const answer = await fetch(form.action, { method: "POST", body: fields, redirect: "manual" }).catch(() => null);
    button.removeAttribute("aria-busy");
    if (answer?.type !== "opaqueredirect") return sendPlainly(form, button);
    const isLocked = button.name === "lock";
    button.setAttribute("aria-pressed", String(isLocked));
    button.name = isLocked ? "release" : "lock";
  });
}

// What was refused is said by the page that the plain form leads to.
function sendPlainly(form, button) {
  const hidden = document.createElement("input");
  Object.assign(hidden, { type: "hidden", name: button.name, value: button.value });
  form.append(hidden);
  form.submit();
}

for (const search of document.querySelectorAll("form.people template")) {
  const field = search.content.cloneNode(true);
  const input = field.querySelector("input");
  search.replaceWith(field);
  const choices = [...input.form.querySelectorAll("fieldset label:has(input[type=checkbox])")];
  input.addEventListener("input", () => {
    const wanted = input.value.trim().toLocaleLowerCase();
    for (const choice of choices) choice.hidden = !choice.textContent.toLocaleLowerCase().includes(wanted);
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.preventDefault();
  });
}
