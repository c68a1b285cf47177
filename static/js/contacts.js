// While a conversation is written down: needs that are heard come to hand, words about danger are
// answered at once, the day of the next step is said back, Ctrl and Enter saves.
const form = document.querySelector("form[data-drafts]");
const atHand = form.querySelector("[data-at-hand]");
const day = document.getElementById("next_action_on-hint");
const examples = day.textContent;
const crisis = form.querySelector("[data-crisis]");
const also = document.getElementById("heard");
const quoted = (words) => words.map((heard) => `“${heard}”`).join(" ");

function show(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

// What somebody is at work on stays where it is.
function bringToHand({ need, words }) {
  const chip = form.querySelector(`[data-need="${need}"]`);
  if (!chip || chip.contains(document.activeElement)) return;
  show(chip.querySelector("[data-words]"), quoted(words));
  if (chip.parentElement !== atHand) atHand.append(chip);
}

form.addEventListener("linkwork:heard", ({ detail }) => {
  detail.heard.filter(({ need }) => need).forEach(bringToHand);
  const others = detail.heard.filter(({ need }) => !need).flatMap(({ words }) => words);
  show(also.querySelector("[data-typed]"), quoted(others));
  also.hidden = !others.length;
  show(day, detail.day ?? examples);
  if (detail.crisis.length) {
    show(crisis.querySelector("[data-crisis-words]"), quoted(detail.crisis));
    crisis.hidden = false;
  } else {
    crisis.hidden = true;
  }
});

day.setAttribute("role", "status");

const typed = form.elements.minutes;
const usual = [...form.querySelectorAll("[name=usual_minutes]")];
usual.forEach((choice) => choice.addEventListener("change", () => (typed.value = choice.value)));
typed.addEventListener("input", () => usual.forEach((choice) => (choice.checked = choice.value === typed.value)));

form.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    form.requestSubmit(form.querySelector("button[data-once]"));
  }
});
