// What was heard beside a note, by keyboard: from the note with Ctrl and the full stop, and back.
// On a chip y and n answer it and go on to the next, arrows go along, a adds in own words.
const isAnswered = (chip) => Boolean(chip.querySelector("input:checked"));

export function useKeys(form, live) {
  const areOn = () => {
    try { return localStorage.getItem("linkwork.keys") !== "off"; } catch { return true; }
  };
  const chips = () => [...live.atHand.children];
  const focus = (chip) => chip?.querySelector("[data-yes]").focus();
  let from;

  const goTo = () => {
    from = document.activeElement;
    const first = chips().find((chip) => !isAnswered(chip)) ?? chips()[0];
    if (first) focus(first);
    else addOne();
  };
  const goBack = () => (from?.isConnected ? from : form.elements.notes).focus();
  const addOne = () => {
    live.add.closest("details").open = true;
    live.add.focus();
  };
  const answer = (chip, which) => {
    const tick = chip.querySelector(which);
    if (!tick) return;
    if (!tick.checked) tick.click();
    const rest = chips().slice(chips().indexOf(chip) + 1);
    focus(rest.find((other) => !isAnswered(other)));
  };
  const along = (chip, step) => focus(chips()[chips().indexOf(chip) + step]);
  const onChip = {
    y: (chip) => answer(chip, "[data-yes]"),
    n: (chip) => answer(chip, "[data-no]"),
    a: addOne,
    ArrowRight: (chip) => along(chip, 1),
    ArrowDown: (chip) => along(chip, 1),
    ArrowLeft: (chip) => along(chip, -1),
    ArrowUp: (chip) => along(chip, -1),
  };

  form.addEventListener("keydown", (event) => {
    if (!areOn() || event.isComposing || event.altKey) return;
    const inside = live.needs.contains(event.target);
    if (event.key === "." && (event.ctrlKey || event.metaKey)) (inside ? goBack : goTo)();
    else if (event.ctrlKey || event.metaKey) return;
    else if (inside && event.key === "Escape") goBack();
    else if (event.target.matches("[data-at-hand] input") && event.key in onChip) {
      onChip[event.key](event.target.closest("[data-chip]"));
    } else return;
    event.preventDefault();
  });
}

// Words to add are added by a key or a button, and do not send the whole form.
export function addByKey(live) {
  const button = Object.assign(document.createElement("button"), { type: "button", textContent: "Add" });
  button.className = "button button--secondary button--small";
  live.add.after(" ", button);
  const add = () => live.add.value.trim() && live.ask(true);
  button.addEventListener("click", add);
  live.add.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    add();
  });
}
