// Follow links and press buttons by a letter, and list the letters on “?”.
"use strict";

const STORED = "clientele-single-letters";
const ROWS = [
  ["/", "Go to the search"],
  ["n", "New: what the page can add"],
  ["e", "Edit what the page shows"],
  ["j, k", "Next, previous pair or message"],
  ["Ctrl + Enter", "Save the form"],
  ["?", "Show this list"],
];
const TARGETS = {
  "/": "#site-search input, #searchbar",
  n: ".object-tools .addlink, .object-tools a[href*='/add/']",
  e: ".object-tools a[href*='edit=all']",
};

function lettersAreOn() {
  return localStorage.getItem(STORED) !== "off";
}

function element(name, text, ...children) {
  const made = document.createElement(name);
  if (text) made.textContent = text;
  made.append(...children);
  return made;
}

function shortcutsDialog() {
  const rows = ROWS.map(([keys, what]) => {
    const key = element("th", "", element("kbd", keys));
    key.scope = "row";
    return element("tr", "", key, element("td", what));
  });
  const box = element("input");
  box.type = "checkbox";
  box.checked = lettersAreOn();
  box.addEventListener("change", () => localStorage.setItem(STORED, box.checked ? "on" : "off"));
  const close = element("button", "Close");
  close.className = "btn";
  const heading = element("h2", "Keyboard shortcuts");
  heading.id = "shortcuts-title";
  const form = element("form", "", close);
  form.method = "dialog";
  const dialog = element("dialog", "", heading, element("table", "", element("tbody", "", ...rows)), element("label", "", box, " Single letters work"), form);
  dialog.className = "shortcuts";
  dialog.setAttribute("aria-labelledby", heading.id);
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

function press(event) {
  if (event.key === "Enter" && event.ctrlKey) {
    const form = event.target.closest("form");
    form?.requestSubmit(form.querySelector("[name='_save'], input.default, button.primary") || undefined);
    return;
  }
  const isTyping = event.target.closest("input, textarea, select, [contenteditable], dialog[open]");
  if (isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "?") return shortcutsDialog();
  if (!lettersAreOn()) return;
  const target = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`) || (Object.hasOwn(TARGETS, event.key) && document.querySelector(TARGETS[event.key]));
  if (!target) return;
  event.preventDefault();
  if (target.matches("input")) target.focus();
  else target.click();
}

addEventListener("keydown", press);
