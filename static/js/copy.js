// A button that puts a text on the clipboard. Without scripts there is none: the text can be
// marked and copied as anywhere.
document.querySelectorAll("[data-copy]").forEach((button) => {
  if (!navigator.clipboard) return;
  button.hidden = false;
  button.addEventListener("click", async () => {
    const said = button.parentElement.querySelector("[role=status]");
    try {
      await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
      said.textContent = "Copied.";
    } catch {
      said.textContent = "Could not copy. Mark the text and copy it with your keyboard.";
    }
  });
});
