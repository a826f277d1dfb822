// While one chooses, the form shows what the change would do: the server tries it and takes it back.
for (const form of document.querySelectorAll("form[data-look]")) {
  const place = form.querySelector("[data-effect]");
  const button = form.querySelector("[data-look-button]");
  let waiting, last;
  button.hidden = form.querySelector("input:not([type=hidden])") !== null;

  async function look() {
    const data = new FormData(form);
    data.append("look", "1");
    const mine = (last = Symbol());
    const answer = await fetch(form.action, { method: "POST", body: data, headers: { "X-Requested-With": "fetch" } });
    // A later choice has overtaken this one.
    if (mine !== last) return;
    if (answer.ok || answer.status === 422) place.innerHTML = await answer.text();
  }

  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(look, 250);
  });
  button.addEventListener("click", (event) => {
    event.preventDefault();
    look();
  });
}
