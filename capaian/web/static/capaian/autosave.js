/* A comfort: a unit's form is kept while it is typed. Without this file "Simpan konsep" does the same.

   Each line carries what stood in its fields when it came from the server (its base). Only lines that differ from it
   are sent, so two people in one form put their work together; what both changed is shown side by side. What could
   not be sent stays in this browser, for this person, until it can. */
"use strict";

const form = document.querySelector("form[data-autosave]");

if (form) {
  const SOON = 1200;
  const RETRY = [3000, 6000, 15000, 30000];
  const LOOK = 15000;
  const status = form.querySelector("[data-save-status]");
  const place = `capaian:${document.body.dataset.person || ""}:formulir:${form.dataset.item}`;
  const lines = new Map([...form.querySelectorAll("[data-line]")].map((line) => [line.dataset.line, line]));
  const edition = form.elements.edition;
  let timer = 0;
  let failed = 0;
  let busy = false;
  let again = false; // asked for while a saving was on its way
  let ended = false;

  const fieldsOf = (key) => [...lines.get(key).querySelectorAll("input, select, textarea")].filter((field) => (
    field.name && field.type !== "file" && field.type !== "hidden" && !/^(link|dated|remove)/.test(field.name)
  ));
  const short = (key, field) => field.name.slice(0, -key.length - 1);
  const textOf = (field) => (field.type === "checkbox" ? (field.checked ? "1" : "") : field.value.replace(/\r\n?/g, "\n"));
  const put = (field, text) => {
    if (field.type === "checkbox") field.checked = Boolean(text);
    else field.value = text;
  };
  const baseField = (key) => form.elements[`base-${key}`];
  const baseOf = (key) => JSON.parse(baseField(key).value || "{}");
  const plain = (text) => (text || "").replace(/\r\n?/g, "\n").trim();
  const changedIn = (key) => {
    const base = baseOf(key);
    return fieldsOf(key).filter((field) => plain(textOf(field)) !== plain(base[short(key, field)]));
  };
  const changed = () => [...lines.keys()].filter((key) => changedIn(key).length);

  /* What was typed and not saved yet, with the base that it was typed on. */
  const remember = () => {
    const left = {};
    for (const key of changed()) {
      left[key] = { base: baseField(key).value, texts: Object.fromEntries(changedIn(key).map((field) => [short(key, field), textOf(field)])) };
    }
    try {
      if (Object.keys(left).length) localStorage.setItem(place, JSON.stringify(left));
      else localStorage.removeItem(place);
    } catch {
      /* storage full or forbidden: the page itself still holds what was typed */
    }
    if (Object.keys(left).length) form.dataset.changed = "1";
    else delete form.dataset.changed;
  };

  const restore = () => {
    const left = JSON.parse(localStorage.getItem(place) || "{}");
    let count = 0;
    for (const [key, { base, texts }] of Object.entries(left)) {
      if (!lines.has(key)) continue;
      const then = JSON.parse(base || "{}");
      const now = baseOf(key);
      for (const field of fieldsOf(key)) {
        const name = short(key, field);
        if (!(name in texts)) continue;
        put(field, texts[name]);
        if (name in then) now[name] = then[name];
        else delete now[name];
        count += 1;
      }
      baseField(key).value = JSON.stringify(now);
    }
    if (count) {
      say(`${count} isian yang belum tersimpan dipulihkan dari peramban ini.`);
      later(0);
    }
  };

  const say = (text, tone = "") => {
    status.textContent = text;
    status.dataset.tone = tone;
  };

  const note = (clash) => {
    const field = form.elements[clash.name];
    const line = field.closest("[data-line]");
    const id = `clash-${clash.name}`;
    if (document.getElementById(id)) document.getElementById(id).remove();
    const box = document.createElement("div");
    box.id = id;
    box.className = "clash";
    box.setAttribute("role", "alert");
    const text = document.createElement("p");
    text.textContent = `${clash.by} sementara itu mengisi ${clash.stands}. Isian Anda belum tersimpan.`;
    const button = (label, choose) => {
      const made = document.createElement("button");
      made.type = "button";
      made.className = "btn btn-sm";
      made.textContent = label;
      made.addEventListener("click", () => {
        choose(line.dataset.line, short(line.dataset.line, field));
        box.remove();
        field.focus();
        later(0);
      });
      return made;
    };
    const now = JSON.parse(line.dataset.stands || "{}");
    box.append(
      text,
      button("Pakai isian saya", (key, name) => setBase(key, name, now[name])),
      button("Pakai yang tersimpan", (key, name) => {
        setBase(key, name, now[name]);
        put(field, now[name] || "");
      }),
    );
    (field.closest(".line-figures") || field.closest(".field")).append(box);
  };

  const setBase = (key, name, text) => {
    const base = baseOf(key);
    if (text) base[name] = text;
    else delete base[name];
    baseField(key).value = JSON.stringify(base);
  };

  /* Lay what stands on the server beneath what was typed: a field that nobody touched here shows it. */
  const lay = (answer, sent) => {
    const clashing = new Set(answer.clashes.map((clash) => clash.name));
    edition.value = answer.edition;
    for (const [key, told] of Object.entries(answer.lines)) {
      if (!lines.has(key)) continue;
      const line = lines.get(key);
      const stands = JSON.parse(told.base);
      const base = baseOf(key);
      line.dataset.stands = told.base;
      for (const field of fieldsOf(key)) {
        const name = short(key, field);
        const untouched = plain(textOf(field)) === plain(base[name]);
        if (untouched && plain(stands[name]) !== plain(base[name])) put(field, stands[name] || "");
        // a field that was not taken keeps the base on which it was typed
        const taken = sent.has(key) && !clashing.has(field.name) && !(field.name in answer.unread);
        if (untouched || taken) base[name] = stands[name];
      }
      baseField(key).value = JSON.stringify(base);
      const saved = line.querySelector("[data-saved]");
      const result = line.querySelector("[data-result]");
      saved.textContent = told.saved;
      saved.parentElement.hidden = !told.saved;
      result.textContent = told.result;
      result.parentElement.hidden = !told.result;
      line.querySelector("[data-warnings]").replaceChildren(...told.warnings.map((sentence) => {
        const warning = document.createElement("p");
        warning.className = "form-warning";
        warning.textContent = sentence;
        return warning;
      }));
    }
    for (const spot of form.querySelectorAll("[data-unread]")) {
      const key = spot.closest("[data-line]").dataset.line;
      if (!sent.has(key)) continue;
      const sentence = answer.unread[spot.dataset.unread] || "";
      const field = form.elements[spot.dataset.unread];
      spot.textContent = sentence;
      field.classList.toggle("is-invalid", Boolean(sentence));
      if (sentence) field.setAttribute("aria-invalid", "true");
      else field.removeAttribute("aria-invalid");
    }
    // one that was decided while the answer was on its way is no longer asked about
    const open = answer.clashes.filter((clash) => {
      const field = form.elements[clash.name];
      const key = field.closest("[data-line]").dataset.line;
      const name = short(key, field);
      return plain(baseOf(key)[name]) !== plain(JSON.parse(answer.lines[key].base)[name]);
    });
    open.forEach(note);
    return open;
  };

  const body = (keys) => {
    const data = new FormData();
    data.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    data.set("edition", edition.value);
    for (const key of keys) {
      data.set(`sent-${key}`, "1");
      data.set(`base-${key}`, baseField(key).value);
      for (const field of fieldsOf(key)) {
        if (field.type !== "checkbox") data.set(field.name, field.value);
        else if (field.checked) data.set(field.name, "on");
      }
    }
    return data;
  };

  const save = async () => {
    clearTimeout(timer);
    const keys = changed();
    again = busy;
    if (busy || ended || form.dataset.sent || !keys.length) return;
    busy = true;
    say("Menyimpan …");
    const texts = new Map(keys.map((key) => [key, JSON.stringify(fieldsOf(key).map(textOf))]));
    try {
      const response = await fetch(form.dataset.autosave, { method: "POST", body: body(keys), redirect: "error" });
      const answer = await response.json();
      if (response.ok) {
        failed = 0;
        // what was typed while the answer was on its way is sent with the next saving
        const sent = new Set(keys.filter((key) => texts.get(key) === JSON.stringify(fieldsOf(key).map(textOf))));
        const clashes = lay(answer, sent);
        const left = Object.keys(answer.unread).length;
        if (clashes.length) say("Orang lain mengisi isian yang sama. Pilih yang dipakai.", "warning");
        else if (left) say(`Tersimpan ${answer.at}, kecuali ${left} isian yang belum terbaca.`, "warning");
        else say(`Tersimpan ${answer.at}.`, "success");
        busy = false;
        remember();
        if (again || keys.some((key) => !sent.has(key))) later(again ? 0 : SOON);
        return;
      }
      ended = true; // the step is closed or the form is no longer this person's: a person decides
      say(`${answer.reasons.join(" ")} Isian Anda tetap ada di peramban ini.`, "danger");
    } catch {
      say("Belum tersimpan. Isian disimpan di peramban ini dan dikirim lagi sendiri.", "warning");
      later(RETRY[Math.min(failed, RETRY.length - 1)]);
      failed += 1;
    }
    busy = false;
    remember();
  };

  function later(pause) {
    clearTimeout(timer);
    timer = setTimeout(save, pause);
  }

  /* See what others save, while this page is looked at and nothing waits to be sent. */
  const look = async () => {
    if (busy || ended || document.hidden || form.dataset.sent || changed().length) return;
    try {
      const response = await fetch(`${form.dataset.autosave}?edition=${edition.value}`, { redirect: "error" });
      const answer = await response.json();
      if (!response.ok || !answer.lines) return;
      lay(answer, new Set());
      say(`${answer.by} menyimpan formulir ini ${answer.at}; isiannya sudah ditampilkan.`);
    } catch {
      /* the next look tells */
    }
  };

  form.addEventListener("input", (event) => {
    if (event.target.type === "file" || event.target.name === "remove") return;
    remember();
    later(SOON);
  });
  form.addEventListener("change", (event) => {
    if (event.target.type !== "file" && event.target.name !== "remove") later(0);
  });
  form.addEventListener("submit", () => clearTimeout(timer));
  window.addEventListener("online", () => later(0));
  document.addEventListener("visibilitychange", () => (document.hidden ? later(0) : look()));
  setInterval(look, LOOK);
  try {
    restore();
  } catch {
    localStorage.removeItem(place);
  }
}
