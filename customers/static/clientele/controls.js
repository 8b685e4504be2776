// Name the controls that Django's scripts build: they leave them without a name for assistive technology.
"use strict";

function labelText(control) {
  const label = control.labels && control.labels[0];
  return label ? label.textContent.trim().replace(/:$/, "") : control.getAttribute("aria-label") || "";
}

function nameChoices() {
  for (const select of document.querySelectorAll("select.select2-hidden-accessible")) {
    const name = labelText(select);
    const container = select.nextElementSibling;
    if (!name || !container) continue;
    for (const part of container.querySelectorAll('[role="combobox"], [role="textbox"], .select2-search__field')) {
      part.setAttribute("aria-label", name);
    }
  }
  for (const tip of document.querySelectorAll(".help-tooltip[aria-label]:not([role])")) {
    tip.setAttribute("role", "img");
  }
}

new MutationObserver(nameChoices).observe(document.body, { childList: true, subtree: true });
nameChoices();

// Copy buttons work with script only, so they are hidden in the page. The answer is read out.
for (const button of document.querySelectorAll("button[data-copy]")) {
  const field = document.getElementById(button.dataset.copy);
  const answer = document.getElementById("copied");
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", async () => {
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
      answer.textContent = "Copied.";
    } catch {
      answer.textContent = "Not copied: press Ctrl+C.";
    }
  });
}
