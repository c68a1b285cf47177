// The list of activities answers while somebody types. Without scripts the button does the same,
// and where distances are from a person's home: each look at that is noted, so it is not live.
const WAIT_MS = 250;
const whole = document.querySelector("[data-live]");
const form = whole?.querySelector("form");
let timer;
let asked;

function address() {
  const given = [...new FormData(form)].filter(([, value]) => value !== "");
  const query = new URLSearchParams(given).toString();
  return form.getAttribute("action") + (query ? `?${query}` : "");
}

// The fields stay as they are: somebody may be typing in one.
function show(page) {
  const now = whole.querySelector("section");
  const next = page.querySelector("[data-live] section");
  if (!next) return false;
  const count = now.querySelector("[data-count]");
  const said = next.querySelector("[data-count]");
  // The same element says the new count, so that it is read out.
  if (count.textContent !== said.textContent) count.textContent = said.textContent;
  said.replaceWith(count);
  now.replaceChildren(...next.childNodes);
  return true;
}

async function look(url, keep) {
  asked?.abort();
  asked = new AbortController();
  whole.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(url, { signal: asked.signal, headers: { Accept: "text/html" } });
    // Signed out, asked for a reason, or a fault: the whole page says so.
    if (!answer.ok || answer.redirected) return location.assign(url);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (!show(page)) return location.assign(url);
    document.dispatchEvent(new Event("linkwork:active"));
    keep(url);
    whole.removeAttribute("aria-busy");
  } catch (fault) {
    if (fault.name !== "AbortError") whole.removeAttribute("aria-busy"); // the button still works
  }
}

// What is typed into one field is one step of the history; each choice is another.
function soon(event) {
  const typing = event.target.matches("input[type=text], input:not([type])") && event.target.name;
  const keep = (url) => {
    if (typing && history.state?.typing === typing) history.replaceState({ typing }, "", url);
    else history.pushState({ typing }, "", url);
  };
  clearTimeout(timer);
  timer = setTimeout(() => {
    const url = address();
    if (url !== location.pathname + location.search) look(url, keep);
  }, typing ? WAIT_MS : 0);
}

if (form) {
  form.addEventListener("input", soon);
  addEventListener("popstate", () => location.reload());
}
