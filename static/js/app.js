// What a page gains when scripts run. Everything works without. What the browser keeps, it keeps
// locked: see vault.js.
const each = (selector, act) => document.querySelectorAll(selector).forEach(act);

function focusErrors() {
  document.querySelector("[data-focus]")?.focus();
}

// A second press within a few seconds is a slip of the finger. The form is open again when
// the page is shown again, or when the answer was a download and the page stayed.
function sendOnce() {
  const open = (form) => {
    delete form.dataset.sent;
    form.querySelectorAll("[data-once]").forEach((b) => b.removeAttribute("aria-disabled"));
  };
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!event.submitter?.matches("[data-once]")) return;
    if (form.dataset.sent) return event.preventDefault();
    form.dataset.sent = "yes";
    event.submitter.setAttribute("aria-disabled", "true");
    setTimeout(open, 8000, form);
  });
  addEventListener("pageshow", () => each("form[data-sent]", open));
}

function foldFilters() {
  if (matchMedia("(max-width: 55.99em)").matches) each("details[data-filter]", (d) => d.removeAttribute("open"));
}

// Only the browser's question: what someone writes about a person is never stored here.
// A page that saves by itself sets form.dataset.saved while nothing is unsaved.
function askBeforeLeaving() {
  const changed = new Set();
  document.addEventListener("input", (event) => {
    const form = event.target.closest("form[data-keep]");
    if (form) changed.add(form);
  });
  document.addEventListener("submit", (event) => !event.defaultPrevented && changed.delete(event.target));
  addEventListener("beforeunload", (event) => {
    if ([...changed].some((form) => form.isConnected && !form.dataset.saved)) event.preventDefault();
  });
  return () => changed.clear();
}

// Two minutes before the server ends an idle session, ask. Requests made by scripts count too:
// they dispatch "linkwork:active" on document after the server has answered.
function watchSession(forget) {
  const minutes = Number(document.body.dataset.idleMinutes);
  const template = document.getElementById("timeout");
  if (!minutes || !template) return;
  document.body.append(template.content);
  const dialog = document.body.querySelector("dialog.dialog");
  const left = dialog.querySelector("[data-left]");
  const failed = dialog.querySelector("[data-failed]");
  const button = dialog.querySelector("[data-stay]");
  let ends;
  let lost = false;
  const start = () => {
    ends = Date.now() + minutes * 60_000;
    if (dialog.open) dialog.close();
  };
  const lose = () => {
    lost = true;
    failed.hidden = false;
    button.textContent = "Close this message";
  };
  const keep = async () => {
    if (lost) return dialog.close();
    const token = document.querySelector("meta[name=csrf-token]").content;
    try {
      const answer = await fetch(document.body.dataset.keepUrl, { method: "POST", headers: { "X-CSRFToken": token } });
      if (!answer.ok || answer.redirected) throw new Error(answer.status);
      start();
    } catch {
      lose();
    }
  };
  const look = () => {
    if (lost) return;
    const seconds = Math.round((ends - Date.now()) / 1000);
    if (seconds > 120) return;
    if (seconds <= 0) {
      if (document.querySelector("form[data-keep], main form textarea")) return lose();
      forget();
      return location.reload();
    }
    left.textContent = seconds > 60 ? "2 minutes" : seconds > 30 ? "1 minute" : "less than 30 seconds";
    if (!dialog.open) dialog.showModal();
  };
  button.addEventListener("click", keep);
  dialog.addEventListener("cancel", (event) => { event.preventDefault(); keep(); });
  document.addEventListener("linkwork:active", start);
  start();
  setInterval(look, 5000);
}

// Nobody signed in, nothing readable: the key of vault.js goes when somebody signs out, and on every
// page that nobody is signed in to, but one that says it is for use without a network.
function lockTheDevice() {
  const lock = () => {
    globalThis.indexedDB?.deleteDatabase("linkwork-keys");
    if (globalThis.BroadcastChannel) new BroadcastChannel("linkwork-vault").postMessage("lock");
  };
  if (!document.body.dataset.user && !("offline" in document.body.dataset)) lock();
  document.addEventListener("submit", (event) => event.target.matches("[action$='/sign-out']") && lock());
}

// What an earlier page could only keep on the device is sent now that there is somebody to send it.
function sendWhatWasKept() {
  const mark = `linkwork-unsent-${document.body.dataset.user ?? ""}`;
  if (document.querySelector("form[data-drafts]")) return; // its own script does
  if (document.body.dataset.user && localStorage.getItem(mark)) import("./drafts.js");
}

// What was taken along for a day is over at midnight, whichever page is opened next, by whomever.
function forgetWhatIsOver() {
  const mark = "linkwork-taken-until";
  if (!(Number(localStorage.getItem(mark) ?? Infinity) <= Date.now())) return;
  import("./vault.js").then(({ vault }) => vault.sweep()).then(() => localStorage.removeItem(mark));
}

lockTheDevice();
sendWhatWasKept();
forgetWhatIsOver();
focusErrors();
sendOnce();
foldFilters();
watchSession(askBeforeLeaving());
