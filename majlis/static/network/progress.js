// While a worker brings a workbook in: the page is asked for anew each second and takes the place of what it showed.
const PAUSE = 1000; // milliseconds

async function look() {
  try {
    const answer = await fetch(location.href);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const [now, then] = [document.querySelector("[data-working]"), page.querySelector("[data-working]")];
    if (!answer.ok || !now) return;
    if (!then) return location.reload();
    now.querySelector("progress").replaceWith(then.querySelector("progress"));
    now.querySelector("[role=status]").textContent = then.querySelector("[role=status]").textContent;
  } catch {
    // A bad line: the next look may find it.
  }
  setTimeout(look, PAUSE);
}

setTimeout(look, PAUSE);
