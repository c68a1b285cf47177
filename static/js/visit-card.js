// One visit on the page of visits without a network: drawn from the template of the page, with what
// was written about it.
export const one = (selector, within = document) => within.querySelector(selector);
const template = one("#visit").content;
let number = 0;

export const clock = (moment) => new Date(moment).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: "Europe/London" });

export function show(element, words) {
  element.textContent = words ?? "";
  element.hidden = !words;
}

function facts(visit) {
  const rows = [
    ["Before a visit", visit.alert],
    ["Safe to contact", visit.safe_to_contact],
    ["Access needs", visit.access_needs],
    ["Interpreter", visit.language],
    ["Next step", visit.next_action === "Home visit" ? null : visit.next_action],
  ].filter(([, words]) => words);
  return rows.map(([key, words]) => {
    const row = document.createElement("div");
    const [term, fact] = [document.createElement("dt"), document.createElement("dd")];
    [term.textContent, fact.textContent] = [key, words];
    row.append(term, fact);
    return row;
  });
}

function label(card) {
  number += 1;
  for (const field of card.querySelectorAll("[data-field]")) {
    field.id += `-${number}`;
    one(".label", field.parentElement).htmlFor = field.id;
  }
}

function stands(note) {
  if (note.safe_at) return `Safe at ${clock(note.safe_at)}`;
  return note.started_at ? `Started at ${clock(note.started_at)}` : "Not started";
}

function answered(card, note) {
  const box = one("[data-answer]", card);
  box.hidden = !note.answer;
  if (!note.answer) return;
  const items = (note.answer.sentences ?? []).map((words) => {
    const item = document.createElement("li");
    item.className = "reasons__check";
    item.textContent = words;
    return item;
  });
  one("[data-sentences]", card).replaceChildren(...items);
  const beside = (note.answer.beside ?? []).map(({ at, text }) => {
    const other = document.createElement("div");
    other.className = "notice pre-line";
    other.dataset.typed = "";
    other.textContent = `Also in Linkwork, kept at ${at}. Both are kept; choose when you finish the note.\n${text}`;
    return other;
  });
  one("[data-beside]", card).replaceChildren(...beside);
  const finish = one("[data-finish]", card);
  finish.parentElement.hidden = !note.answer.address;
  if (note.answer.address) finish.href = note.answer.address;
}

export function update(card, note, visit) {
  one("[data-stands]", card).textContent = stands(note);
  const alone = visit.lone_worker && !visit.companion && !note.fields.companion;
  one("[data-companion-field]", card).hidden = !visit.lone_worker || Boolean(visit.companion) || Boolean(note.started_at);
  one("[data-start]", card).hidden = Boolean(note.started_at);
  one("[data-start]", card).disabled = Boolean(alone);
  one("[data-safe]", card).hidden = !note.started_at || Boolean(note.safe_at);
  const why = note.gone ? "and cannot be sent" : "not sent yet";
  const kept = note.changed ? `Kept on this device at ${clock(note.changed)}, ${why}` : "Sent to Linkwork";
  one("[data-kept]", card).textContent = note.changed || note.answer ? kept : "";
  answered(card, note);
}

export function filled(visit, note) {
  const card = one("li", template.cloneNode(true));
  label(card);
  one("[data-at]", card).textContent = visit.at;
  one("[data-ask_for]", card).textContent = visit.ask_for ?? "";
  show(one("[data-place]", card), visit.place);
  const phone = one("[data-phone]", card);
  show(phone, visit.phone);
  if (visit.phone) phone.href = `tel:${visit.phone.replaceAll(" ", "")}`;
  one("[data-lone]", card).hidden = !visit.lone_worker;
  one("[data-with]", card).textContent = visit.companion ? `With ${visit.companion}` : "";
  one("[data-facts]", card).replaceChildren(...facts(visit));
  for (const field of card.querySelectorAll("[data-field]")) field.value = note.fields[field.dataset.field] ?? "";
  update(card, note, visit);
  return card;
}
