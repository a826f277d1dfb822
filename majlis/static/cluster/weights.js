// While a slider moves: its share of the whole at once, and what that would do as soon as it rests.
const REST = 350; // milliseconds
const AGAIN = 500; // until the worker is asked again whether it has the answer
let timer = 0;
let asking = new AbortController();

function showShares() {
  const sliders = [...document.querySelectorAll("form.weights input[type=range]")];
  const total = sliders.reduce((sum, slider) => sum + slider.valueAsNumber, 0);
  for (const slider of sliders) {
    const share = total ? slider.valueAsNumber / total : 0;
    const words = share.toLocaleString(document.documentElement.lang + "-u-nu-latn", { style: "percent" });
    slider.parentElement.querySelector("[data-share]").textContent = words;
    slider.setAttribute("aria-valuetext", words);
  }
}

async function showEffect(form) {
  const place = document.getElementById("trial");
  asking.abort();
  asking = new AbortController();
  place.classList.add("waits");
  if (!place.firstElementChild) place.textContent = place.dataset.waiting;
  try {
    const { signal } = asking;
    const headers = { "X-Requested-With": "fetch" };
    let answer = await fetch(form.dataset.trial, { method: "POST", body: new FormData(form), headers, signal });
    // 202: the worker is still at it.
    while (answer.status === 202) {
      if (place.querySelector(".warning") === null) place.innerHTML = await answer.text();
      await new Promise((resolve) => setTimeout(resolve, AGAIN));
      signal.throwIfAborted();
      answer = await fetch(form.dataset.tried, { headers, signal });
    }
    // 422 explains in words what does not fit; anything else is no answer to show here.
    if (answer.ok || answer.status === 422) place.innerHTML = await answer.text();
    else place.replaceChildren();
    place.classList.remove("waits");
  } catch (error) {
    if (error.name !== "AbortError") place.replaceChildren();
  }
}

document.addEventListener("input", (event) => {
  const form = event.target.closest("form.weights");
  if (!form) return;
  showShares();
  clearTimeout(timer);
  timer = setTimeout(() => showEffect(form), REST);
});

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-try]");
  if (!button) return;
  event.preventDefault();
  showEffect(button.form);
});

document.addEventListener("majlis:page", showShares);
showShares();
