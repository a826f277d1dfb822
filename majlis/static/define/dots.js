// Says how many dots are left while one gives them, and puts a minus and a plus beside each number.
const words = document.querySelector("[data-dots]");
const left = words.querySelector("[data-left]");
const fields = [...document.querySelectorAll(".dots input")];

function count() {
  const given = fields.reduce((sum, field) => sum + (Number.parseInt(field.value, 10) || 0), 0);
  const rest = Number(words.dataset.dots) - given;
  const said = left.dataset.words.replace("{count}", rest);
  if (left.textContent !== said) left.textContent = said;
  left.classList.toggle("over", rest < 0);
  for (const button of document.querySelectorAll("[data-step]")) {
    const value = Number(button.parentElement.querySelector("input").value) || 0;
    button.disabled = button.dataset.step === "1" ? rest <= 0 : value <= 0;
  }
}

for (const button of document.querySelectorAll("[data-step]")) {
  button.hidden = false;
  button.addEventListener("click", () => {
    const field = button.parentElement.querySelector("input");
    field.value = (Number(field.value) || 0) + Number(button.dataset.step);
    count();
  });
}
for (const field of fields) field.addEventListener("input", count);
count();
