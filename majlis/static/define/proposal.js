// Follows a proposal that a job works off, and shows the page anew when it is there.
const card = document.querySelector("[data-proposal]");
const bar = card.querySelector("progress");
const words = card.querySelector("[data-said]");

async function look() {
  const answer = await fetch(card.dataset.proposal, { headers: { Accept: "application/json" } }).catch(() => null);
  if (answer?.ok) {
    const now = await answer.json();
    if (!now.is_under_way) return location.reload();
    bar.value = now.done;
    if (now.said && words.textContent !== now.said) words.textContent = now.said;
  }
  setTimeout(look, 1000);
}

setTimeout(look, 1000);
