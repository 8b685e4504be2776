// While a customer is added: shows who of the book looks like what is typed.
"use strict";

const ASKED = ["store", "first_name", "last_name", "company", "email", "phone", "mobile", "tax_id", "birth_date"];
const PAUSE = 300; // milliseconds without a key, before the server is asked
const box = document.querySelector(".looks-like");
const form = box?.closest("form");
let timer, asked, last;

function typed() {
  return new URLSearchParams(ASKED.map((name) => [name, form.elements[name]?.value.trim() ?? ""]));
}

async function ask() {
  const query = typed().toString();
  if (query === last) return;
  last = query;
  asked?.abort();
  asked = new AbortController();
  try {
    const answer = await fetch(`${box.dataset.url}?${query}`, { signal: asked.signal });
    // Signed out meanwhile, or too slow: saving asks as well.
    if (answer.ok && !answer.redirected) box.innerHTML = await answer.text();
  } catch (error) {
    if (error.name !== "AbortError") console.warn(error);
  }
}

function later(event) {
  if (event.target && !ASKED.includes(event.target.name)) return;
  clearTimeout(timer);
  timer = setTimeout(ask, PAUSE);
}

if (box) {
  form.addEventListener("input", later);
  form.addEventListener("submit", () => {
    clearTimeout(timer);
    asked?.abort();
  });
  // The list of stores tells only jQuery of a choice.
  window.django?.jQuery(form).on("change", "#id_store", later);
  if (form.contains(document.activeElement)) later({ target: document.activeElement }); // typed before this script was there
}
