/* A comfort: a unit's form is kept every few seconds while it is typed. Without it "Simpan konsep" does the same. */
"use strict";

const PAUSE = 5000;
const form = document.querySelector("form[data-autosave]");

if (form) {
  const status = form.querySelector("[data-save-status]");
  const find = (name, value) => form.querySelector(`[data-${name}="${CSS.escape(value)}"]`);
  let timer = 0;
  let typed = 0; // counts what was typed, so that a late answer does not hide newer typing
  let busy = false;
  let stopped = false;

  const body = () => {
    const data = new FormData(form);
    // files wait for the button, and so does a link, which is half typed most of the time
    for (const [name, value] of [...data.entries()]) if (value instanceof File || name.startsWith("link-")) data.delete(name);
    for (const name of ["remove", "form_token"]) data.delete(name);
    return data;
  };

  const show = (answer) => {
    form.querySelector("[name=edition]").value = answer.edition;
    for (const [key, text] of Object.entries(answer.saved)) {
      const place = find("saved", key);
      if (!place) continue;
      place.textContent = text;
      place.parentElement.hidden = !text;
    }
    for (const place of form.querySelectorAll("[data-unread]")) {
      const sentence = answer.unread[place.dataset.unread] || "";
      place.textContent = sentence;
      const field = form.elements[place.dataset.unread];
      if (field) field.classList.toggle("is-invalid", Boolean(sentence));
    }
    const left = Object.keys(answer.unread).length;
    status.textContent = left ? `Tersimpan ${answer.at}, kecuali ${left} isian yang belum terbaca.` : `Tersimpan ${answer.at}.`;
  };

  const save = async () => {
    if (busy || stopped || form.dataset.sent) return;
    busy = true;
    const before = typed;
    status.textContent = "Menyimpan …";
    try {
      const response = await fetch(form.dataset.autosave, { method: "POST", body: body(), redirect: "error" });
      const answer = await response.json();
      if (response.ok) {
        show(answer);
        if (before === typed) delete form.dataset.changed;
      } else {
        stopped = true; // somebody else saved, or the step is closed: a person decides
        status.textContent = answer.reasons.join(" ");
      }
    } catch {
      status.textContent = "Belum tersimpan. Dicoba lagi setelah Anda mengetik; isian tetap ada di halaman ini.";
    }
    busy = false;
    if (before !== typed) timer = setTimeout(save, PAUSE);
  };

  form.addEventListener("input", (event) => {
    if (event.target.type === "file" || event.target.name === "remove") return;
    typed += 1;
    clearTimeout(timer);
    timer = setTimeout(save, PAUSE);
  });
  form.addEventListener("submit", () => clearTimeout(timer));
}
