// While a need is typed, what is like it appears beneath it. Without script the same button opens a page of its own.
const PAUSE = 700; // milliseconds without a key
const ENOUGH = 12; // letters; one word says little

for (const button of document.querySelectorAll("button[data-similar]")) {
  const [, prefix] = button.value.split(":");
  const named = (field) => button.form.elements[prefix ? `${prefix}-${field}` : field];
  const text = named("text");
  const place = button.form.querySelector(`[data-similar-to="${CSS.escape(button.value)}"]`);
  let timer = 0;
  let asking = null;

  async function look() {
    clearTimeout(timer);
    asking?.abort();
    asking = new AbortController();
    const typed = new FormData();
    typed.set("of", button.value);
    typed.set(text.name, text.value);
    typed.set(named("language").name, named("language").value);
    typed.set("csrfmiddlewaretoken", button.form.elements.csrfmiddlewaretoken.value);
    try {
      const answer = await fetch(button.formAction, { method: "POST", body: typed, headers: { "X-Part": "1" }, signal: asking.signal });
      if (answer.ok) place.innerHTML = await answer.text();
    } catch {
      // No connection, or asked again meanwhile: what stands there stays, and the button is still there.
    }
  }

  text.addEventListener("input", () => {
    clearTimeout(timer);
    if (text.value.trim().length >= ENOUGH) timer = setTimeout(look, PAUSE);
  });
  button.addEventListener("click", (event) => {
    event.preventDefault();
    look();
  });
}
