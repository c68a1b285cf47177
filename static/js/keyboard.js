// Keys for those who would rather not reach for the mouse. A letter does nothing while somebody
// types, and all of them can be turned off: the choice is kept in this browser, and says nothing
// about anybody.
const KEPT_AS = "linkwork.keys";
const CHORD_MS = 1500;
const FIELDS = "input, textarea, select, [contenteditable]";

const kept = {
  read() {
    try { return localStorage.getItem(KEPT_AS); } catch { return null; }
  },
  write(value) {
    try { localStorage.setItem(KEPT_AS, value); } catch { /* this page only */ }
  },
};
let on = kept.read() !== "off";
let began = 0;

function search() {
  const field = document.querySelector("[data-search]");
  if (!field) return false;
  const folded = field.closest("details:not([open])");
  if (folded) folded.open = true;
  field.focus();
  return true;
}

function follow(selector) {
  const link = document.querySelector(selector);
  link?.click();
  return Boolean(link);
}

function show() {
  const template = document.getElementById("keyboard");
  if (!template) return false;
  let dialog = document.getElementById("keys-dialog");
  if (!dialog) {
    document.body.append(template.content.cloneNode(true));
    dialog = document.getElementById("keys-dialog");
    const use = dialog.querySelector("[data-use-keys]");
    use.checked = on;
    use.addEventListener("change", () => {
      on = use.checked;
      kept.write(on ? "on" : "off");
    });
    dialog.querySelector("[data-close]").addEventListener("click", () => dialog.close());
  }
  dialog.showModal();
  return true;
}

function act(key) {
  const second = Date.now() - began < CHORD_MS;
  began = 0;
  if (second) return /^[a-z]$/.test(key) && follow(`[data-go="${key}"]`);
  if (key === "g") began = Date.now();
  if (key === "/") return search();
  if (key === "?") return show();
  return key === "n" && follow("[data-key=n]");
}

document.addEventListener("keydown", (event) => {
  if (!on || event.defaultPrevented || event.isComposing || event.repeat) return;
  if (event.ctrlKey || event.metaKey || event.altKey || event.key === "Shift") return;
  if (event.target.closest?.(FIELDS) || document.querySelector("dialog[open]")) return;
  if (act(event.key)) event.preventDefault();
});

document.querySelectorAll("[data-keys]").forEach((shown) => {
  shown.hidden = false;
  shown.querySelector("button").addEventListener("click", show);
});
