// While a contact is written down: needs that are heard come to hand, words about danger are
// answered at once, the day of the next step is said back, Ctrl and Enter saves.
const form = document.querySelector("form[data-drafts]");
const day = document.getElementById("next_action_on-hint");
const examples = day.textContent;
const quoted = (words) => words.map((heard) => `“${heard}”`).join(" ");

function show(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

// What somebody is at work on stays where it is.
function bringToHand({ need, words }) {
  const chip = form.querySelector(`[data-need="${need}"]`);
  const atHand = form.querySelector("[data-at-hand]");
  if (!chip || chip.contains(document.activeElement)) return;
  show(chip.querySelector("[data-words]"), quoted(words));
  if (chip.parentElement !== atHand) atHand.append(chip);
}

function showOthers(heard) {
  const others = document.getElementById("heard");
  if (!others) return;
  show(others.querySelector("[data-typed]"), quoted(heard.flatMap(({ words }) => words)));
  others.hidden = !heard.length;
}

function showDanger(words) {
  const danger = form.querySelector("[data-crisis]");
  if (!danger) return;
  if (words.length) show(danger.querySelector("[data-crisis-words]"), quoted(words));
  danger.hidden = !words.length;
}

form.addEventListener("linkwork:heard", ({ detail }) => {
  detail.heard.filter(({ need }) => need).forEach(bringToHand);
  showOthers(detail.heard.filter(({ need }) => !need));
  showDanger(detail.crisis);
  show(day, detail.day ?? examples);
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
