// The search in the head: results as somebody types, chosen with arrow keys and Enter.
"use strict";

const form = document.querySelector("form.find");
const field = form?.querySelector("input");
const list = form?.querySelector('[role="listbox"]');
const status = form?.querySelector('[role="status"]');
const PAUSE = 150; // milliseconds without a key, before the server is asked
const LEAST_LETTERS = 2;
let timer, asked, chosen;

function options() {
  return [...list.querySelectorAll('[role="option"]')];
}

function choose(option) {
  chosen?.removeAttribute("aria-selected");
  chosen = option;
  if (!option) return field.removeAttribute("aria-activedescendant");
  option.setAttribute("aria-selected", "true");
  option.scrollIntoView({ block: "nearest" });
  field.setAttribute("aria-activedescendant", option.id);
}

function close() {
  asked?.abort();
  clearTimeout(timer);
  choose(null);
  list.hidden = true;
  field.setAttribute("aria-expanded", "false");
}

function show(html) {
  list.innerHTML = html;
  choose(null);
  const count = Number(list.firstElementChild?.dataset.count);
  list.hidden = !count && !list.querySelector("p");
  field.setAttribute("aria-expanded", String(!list.hidden));
  status.textContent = count === 1 ? "1 result" : `${count || "No"} results`;
}

async function ask() {
  const text = field.value.trim();
  if (text.length < LEAST_LETTERS) return close();
  asked?.abort();
  asked = new AbortController();
  try {
    const url = `${field.dataset.options}?${new URLSearchParams({ q: text })}`;
    const answer = await fetch(url, { signal: asked.signal });
    // Signed out meanwhile, or the search took too long: the page of results says so.
    if (!answer.ok || answer.redirected) return close();
    show(await answer.text());
  } catch (error) {
    if (error.name !== "AbortError") close();
  }
}

function step(event) {
  const all = options();
  if (!all.length || list.hidden) return;
  event.preventDefault();
  const by = event.key === "ArrowDown" ? 1 : -1;
  const from = chosen ? all.indexOf(chosen) : by > 0 ? -1 : 0;
  choose(all[(from + by + all.length) % all.length]);
}

function onKey(event) {
  if (event.key === "ArrowDown" || event.key === "ArrowUp") return step(event);
  if (event.key === "Escape" && !list.hidden) {
    event.preventDefault(); // the text stays
    close();
  } else if (event.key === "Enter" && chosen) {
    event.preventDefault();
    chosen.click();
  }
}

if (form) {
  const attributes = { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id };
  for (const [name, value] of Object.entries(attributes)) field.setAttribute(name, value);
  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE);
  });
  field.addEventListener("keydown", onKey);
  form.addEventListener("submit", close);
  form.addEventListener("focusout", (event) => {
    if (!form.contains(event.relatedTarget)) close();
  });
  list.addEventListener("mousedown", (event) => event.preventDefault()); // the focus stays in the field
  if (document.activeElement === field) ask(); // typed before this script was there
}
