// Keeps the total of a new order up to date. The server adds up, exactly as the button "Add up" makes it.
"use strict";
{
  const form = document.getElementById("order_form");
  const wait = 400; // milliseconds after the last key
  let timer, running;

  async function addUp() {
    running?.abort();
    running = new AbortController();
    const data = new FormData(form);
    data.set("_add_up", "1");
    try {
      const answer = await fetch(location.href, { method: "POST", body: data, signal: running.signal });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      for (const id of ["sums", "id_deliver_to"]) {
        const fresh = page.getElementById(id);
        if (fresh) document.getElementById(id).replaceChildren(...fresh.childNodes);
      }
    } catch (error) {
      if (error.name !== "AbortError") console.warn(error); // the button still adds up
    }
  }

  function later() {
    clearTimeout(timer);
    timer = setTimeout(addUp, wait);
  }

  if (form?.elements._add_up) {
    form.addEventListener("input", later);
    form.addEventListener("submit", () => {
      clearTimeout(timer);
      running?.abort();
    });
    // The list of customers tells only jQuery of a choice.
    window.django?.jQuery(form).on("change", "#id_customer", () => {
      form.elements.deliver_to.value = "";
      later();
    });
  }
}
