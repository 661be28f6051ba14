/* Comforts only: every page works without this file. */
"use strict";

document.documentElement.classList.add("js");

const PREFIX = "capaian:";
const KEPT_TYPES = ["text", "number", "date", "email", "textarea", "select-one", "radio", "checkbox"];
const person = document.body.dataset.person || "";
let leaving = false;

const posts = () => [...document.querySelectorAll("form")].filter((form) => form.method === "post");
const submitters = (form) => form.querySelectorAll("button[type=submit], input[type=submit]");

/* One click, one request: the second click of a form does nothing until the page is shown again. */
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post") return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "1";
  leaving = true;
  if (form.dataset.keep) markSent(form);
  if (form.hasAttribute("data-forget")) forgetAll();
  setTimeout(() => submitters(form).forEach((button) => { button.disabled = true; }), 0);
});

window.addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  leaving = false;
  posts().forEach((form) => {
    delete form.dataset.sent;
    submitters(form).forEach((button) => { button.disabled = false; });
  });
});

/* Leaving with text that has not been sent asks first. */
document.addEventListener("input", (event) => {
  const form = event.target.form;
  if (!form || form.method !== "post") return;
  if (form.dataset.keep || event.target.matches("textarea")) form.dataset.changed = "1";
  if (form.dataset.keep) keep(form);
});

window.addEventListener("beforeunload", (event) => {
  if (!leaving && posts().some((form) => form.dataset.changed)) event.preventDefault();
});

/* Typed text outlives a broken line or an ended session, in this tab and for this person only. */
const nameOf = (form) => `${PREFIX}${person}:${form.dataset.keep}`;
const keptFields = (form) => [...form.elements].filter((field) => field.name && KEPT_TYPES.includes(field.type));
const isChoice = (field) => field.type === "radio" || field.type === "checkbox";

function keep(form, sent = false) {
  const values = keptFields(form)
    .filter((field) => (isChoice(field) ? field.checked : field.value))
    .map((field) => [field.name, field.value]);
  try {
    sessionStorage.setItem(nameOf(form), JSON.stringify({ values, sent }));
  } catch {
    /* storage full or forbidden: the comfort is gone, the page works */
  }
}

function markSent(form) {
  if (sessionStorage.getItem(nameOf(form))) keep(form, true);
}

function forgetAll() {
  [sessionStorage, localStorage].forEach((kept) => {
    Object.keys(kept).filter((name) => name.startsWith(PREFIX)).forEach((name) => kept.removeItem(name));
  });
}

function restore(form) {
  const kept = JSON.parse(sessionStorage.getItem(nameOf(form)) || "null");
  if (!kept || form.querySelector(".is-invalid, .field-errors, .notice-danger")) return;
  let restored = false;
  keptFields(form).forEach((field) => {
    const values = kept.values.filter(([name]) => name === field.name).map(([, value]) => value);
    if (!values.length) return;
    if (isChoice(field)) {
      field.checked = values.includes(field.value);
    } else if (field.value === field.defaultValue || field.type === "select-one") {
      field.value = values[0];
    }
    restored = true;
  });
  if (restored) tell(form);
}

function tell(form) {
  const line = document.createElement("p");
  const text = document.createElement("span");
  const button = document.createElement("button");
  line.className = "kept-note";
  line.setAttribute("role", "status");
  text.textContent = "Tulisan Anda yang belum terkirim dipulihkan. ";
  button.type = "button";
  button.className = "btn btn-sm";
  button.textContent = "Kosongkan";
  button.addEventListener("click", () => {
    sessionStorage.removeItem(nameOf(form));
    form.reset();
    delete form.dataset.changed;
    line.remove();
  });
  line.append(text, button);
  form.prepend(line);
  form.dataset.changed = "1";
}

function settle() {
  const shown = new Set(posts().filter((form) => form.dataset.keep).map(nameOf));
  const succeeded = document.querySelector(".notice-success") !== null;
  Object.keys(sessionStorage).filter((name) => name.startsWith(PREFIX)).forEach((name) => {
    const kept = JSON.parse(sessionStorage.getItem(name) || "null");
    if (kept && kept.sent && (succeeded || (person && !shown.has(name)))) sessionStorage.removeItem(name);
  });
  posts().filter((form) => form.dataset.keep).forEach(restore);
}

/* A time is written in the agency's zone; a device in another zone gets its own time as a hint. */
function hintTimes() {
  document.querySelectorAll("time[datetime]").forEach((element) => {
    const at = new Date(element.dateTime);
    const zone = element.dateTime.match(/([+-])(\d\d):(\d\d)$/);
    if (!zone || Number.isNaN(at.valueOf())) return;
    const minutes = (zone[1] === "-" ? -1 : 1) * (Number(zone[2]) * 60 + Number(zone[3]));
    if (-at.getTimezoneOffset() === minutes) return;
    const own = at.toLocaleString("id-ID", { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
    element.title = `Menurut jam perangkat ini: ${own}`;
  });
}

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
});

document.addEventListener("keydown", (event) => {
  const menu = document.querySelector(".rail-narrow[open]");
  if (event.key !== "Escape" || !menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});

try {
  settle();
} catch {
  /* storage forbidden: nothing was kept */
}
hintTimes();
