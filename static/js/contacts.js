// While a contact is written down: words about danger are answered at once, the day of the next
// step is said back, Ctrl and Enter saves.
const form = document.querySelector("form[data-drafts]");
const day = document.getElementById("next_action_on-hint");
const examples = day.textContent;
const quoted = (words) => words.map((heard) => `“${heard}”`).join(" ");

function show(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

function showDanger(words) {
  const danger = form.querySelector("[data-crisis]");
  if (!danger) return;
  if (words.length) show(danger.querySelector("[data-crisis-words]"), quoted(words));
  danger.hidden = !words.length;
}

// A draft may be answered late: it can bring words about danger to sight, and never hides them.
form.addEventListener("linkwork:heard", ({ detail }) => {
  if (detail.live || detail.crisis.length) showDanger(detail.crisis);
  if ("day" in detail) show(day, detail.day ?? examples);
});
day.setAttribute("role", "status");

const typed = form.elements.minutes;
const usual = [...form.querySelectorAll("[name=usual_minutes]")];
usual.forEach((choice) => choice.addEventListener("change", () => (typed.value = choice.value)));
typed?.addEventListener("input", () => usual.forEach((choice) => (choice.checked = choice.value === typed.value)));

form.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  event.preventDefault();
  form.requestSubmit(form.querySelector("button[data-once]"));
});
