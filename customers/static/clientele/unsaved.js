// Lose nothing that was typed: warn before the page is left, and bring it back after a sign-in in between.
"use strict";

const DRAFT = "clientele-draft";
const here = location.pathname + location.search;
const form = document.querySelector("main form[id$='_form'][method='post']");
let isChanged = false;

function fields() {
  return [...form.elements].filter((field) => field.name && !["hidden", "password", "file", "submit", "button"].includes(field.type));
}

function valueOf(field) {
  if (["checkbox", "radio"].includes(field.type)) return field.checked;
  return field.multiple ? [...field.selectedOptions].map((option) => option.value) : field.value;
}

function key(field) {
  return ["checkbox", "radio"].includes(field.type) ? `${field.name}=${field.value}` : field.name;
}

function keepDraft() {
  const values = Object.fromEntries(fields().map((field) => [key(field), valueOf(field)]));
  sessionStorage.setItem(DRAFT, JSON.stringify({ page: here, values }));
}

function restore(field, value) {
  if (["checkbox", "radio"].includes(field.type)) field.checked = value;
  else if (field.multiple) for (const option of field.options) option.selected = value.includes(option.value);
  else field.value = value;
}

function bringBack() {
  const draft = JSON.parse(sessionStorage.getItem(DRAFT) || "null");
  sessionStorage.removeItem(DRAFT);
  const isDone = document.querySelector(".messagelist .success, .errornote, .errorlist");
  if (!form || !draft || draft.page !== here || isDone) return;
  const before = fields().filter((field) => key(field) in draft.values && JSON.stringify(valueOf(field)) !== JSON.stringify(draft.values[key(field)]));
  if (!before.length) return;
  for (const field of before) restore(field, draft.values[key(field)]);
  isChanged = true;
  const notice = document.createElement("p");
  notice.className = "notice";
  notice.setAttribute("role", "status");
  notice.textContent = "What you typed before you were signed out is back. It is not saved yet.";
  form.prepend(notice);
}

// Signing in again leads back here; the pages in between keep the draft.
if (!document.body.classList.contains("login")) bringBack();

if (form) {
  form.addEventListener("input", () => {
    isChanged = true;
  });
  form.addEventListener("submit", () => {
    if (isChanged) keepDraft();
    isChanged = false;
  });
  addEventListener("beforeunload", (event) => {
    if (isChanged) event.preventDefault();
  });
}
