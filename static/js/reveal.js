// Questions that only some answers bring up: data-when="field:value", data-unless="field:value".
// Without scripts all of them are on the page, and say themselves when they matter.
const form = document.querySelector("main form");
const holds = (rule) => {
  const [name, value] = rule.split(":");
  return form.querySelector(`[name="${name}"][value="${value}"]`)?.checked ?? false;
};
const reveal = () => {
  form.querySelectorAll("[data-when]").forEach((part) => { part.hidden = !holds(part.dataset.when); });
  form.querySelectorAll("[data-unless]").forEach((part) => { part.hidden = holds(part.dataset.unless); });
};
form.addEventListener("change", reveal);
addEventListener("pageshow", reveal);
reveal();
