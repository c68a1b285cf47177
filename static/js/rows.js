// Rows that are added, removed or filled in where they are, without a new page: the server still
// does it, and answers with the form as it is then. Without scripts the page comes back instead.
const form = document.querySelector("form[data-rows]");
const OFTEN = "month";

function fit() {
  form.querySelectorAll("[data-for-often]").forEach((part) => {
    const often = part.closest("fieldset").querySelector("select[name$='-often']");
    part.hidden = often?.value !== OFTEN;
  });
}

async function rearrange(button) {
  const asked = new FormData(form, button);
  const answer = await fetch(location.pathname + location.search, { method: "POST", body: asked });
  if (!answer.ok) return form.requestSubmit(button);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.querySelector("form[data-rows]");
  if (!fresh) return location.reload();
  const before = new Set([...form.querySelectorAll("[data-part] fieldset.panel")].map((row) => row.id));
  form.replaceChildren(...fresh.childNodes);
  fit();
  document.dispatchEvent(new Event("linkwork:active"));
  settle(button, before);
}

// The keyboard goes on where the change is: in the new row, or at the heading of the rows.
function settle(button, before) {
  const rows = [...form.querySelectorAll("[data-part] fieldset.panel")];
  const part = document.getElementById(button.value.split("-")[0]);
  const read = button.value.endsWith("-read") && document.getElementById(button.value.slice(0, -5));
  const added = rows.find((row) => !before.has(row.id));
  const target = (read || null)?.querySelector("input[type=checkbox]") ??
    added?.querySelector("input:not([type=hidden]), textarea, select") ??
    part.querySelector("button[value$='-add']");
  target.focus();
}

if (form) {
  let busy = false;
  form.addEventListener("click", async (event) => {
    const button = event.target.closest("button[name=do]");
    if (!button) return;
    event.preventDefault();
    if (busy) return;
    busy = true;
    try { await rearrange(button); } catch { form.requestSubmit(button); } finally { busy = false; }
  });
  form.addEventListener("change", fit);
  addEventListener("pageshow", fit);
  fit();
}
