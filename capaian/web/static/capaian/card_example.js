/* A comfort: the worked example follows the card while it is typed. Without it the button below shows it. */
"use strict";

const panel = document.getElementById("card-example");
const cardForm = panel && document.getElementById(panel.dataset.form);
if (cardForm) {
  const button = document.querySelector("button[name=preview]");
  let waiting = 0;
  let asked = null;
  const ask = async () => {
    asked?.abort();
    asked = new AbortController();
    const body = new FormData(cardForm);
    body.set("preview", "part");
    try {
      const answer = await fetch(location.href, { method: "POST", body, signal: asked.signal, redirect: "error" });
      if (answer.ok) panel.innerHTML = await answer.text();
    } catch {
      /* the line is gone or a newer question was asked: the last example stays */
    }
  };
  cardForm.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(ask, 350);
  });
  button.addEventListener("click", (event) => {
    event.preventDefault();
    ask();
  });
}
