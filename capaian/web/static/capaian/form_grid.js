/* A comfort: the figures of a unit's form are walked through by keyboard, and a column of Excel is pasted at once. */
"use strict";

{
  const form = document.querySelector("form[data-autosave]");
  const figures = () => [...form.querySelectorAll(".figure")];
  const rowOf = (field) => [...field.closest(".line-figures").querySelectorAll(".figure")];
  const told = (field) => field.dispatchEvent(new Event("input", { bubbles: true }));

  /* The figure `by` lines further, in the same place of its line, else the last one there. */
  const beside = (field, by) => {
    const lines = [...form.querySelectorAll(".line-figures")];
    const line = lines[lines.indexOf(field.closest(".line-figures")) + by];
    if (!line) return null;
    const row = [...line.querySelectorAll(".figure")];
    return row[Math.min(rowOf(field).indexOf(field), row.length - 1)] || null;
  };

  const go = (field) => {
    if (!field) return false;
    field.focus();
    if (field.select) field.select();
    field.scrollIntoView({ block: "center", behavior: "instant" });
    return true;
  };

  const atEdge = (field, end) => {
    if (field.tagName === "SELECT") return true;
    const whole = field.selectionStart === 0 && field.selectionEnd === field.value.length;
    return whole || (field.selectionStart === field.selectionEnd && field.selectionStart === (end ? field.value.length : 0));
  };

  const moves = {
    Enter: (field, event) => go(beside(field, event.shiftKey ? -1 : 1)),
    ArrowDown: (field) => field.tagName !== "SELECT" && go(beside(field, 1)),
    ArrowUp: (field) => field.tagName !== "SELECT" && go(beside(field, -1)),
    ArrowRight: (field) => atEdge(field, true) && go(rowOf(field)[rowOf(field).indexOf(field) + 1]),
    ArrowLeft: (field) => atEdge(field, false) && go(rowOf(field)[rowOf(field).indexOf(field) - 1]),
  };

  if (form) {
    form.addEventListener("keydown", (event) => {
      const field = event.target;
      if (!field.matches(".figure") || event.altKey || event.ctrlKey || event.metaKey || !moves[event.key]) return;
      const moved = moves[event.key](field, event);
      // Enter in a figure never sends the form, also on the last line
      if (moved || event.key === "Enter") event.preventDefault();
    });

    form.addEventListener("paste", (event) => {
      const start = event.target;
      const text = event.clipboardData.getData("text/plain").replace(/\r\n?/g, "\n").replace(/\n$/, "");
      if (!start.matches(".figure") || !/[\n\t]/.test(text)) return;
      event.preventDefault();
      let field = start;
      let last = start;
      for (const line of text.split("\n")) {
        if (!field) break;
        const row = rowOf(field);
        line.split("\t").forEach((cell, place) => {
          const target = row[row.indexOf(field) + place];
          if (!target) return;
          if (target.tagName === "SELECT") {
            const wanted = [...target.options].find((option) => [option.value, option.text.toLowerCase()].includes(cell.trim().toLowerCase()));
            if (!wanted) return;
            target.value = wanted.value;
          } else {
            target.value = cell.trim();
          }
          told(target);
          last = target;
        });
        field = beside(field, 1);
      }
      go(last);
    });

    /* Ctrl+Enter from a figure opens the line's explanations, where a warning is answered. */
    form.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || !event.ctrlKey || !event.target.matches(".figure")) return;
      const details = event.target.closest(".form-line").querySelector(".line-texts");
      details.open = true;
      details.querySelector("textarea").focus();
      event.preventDefault();
    });
    if (!figures().length) form.querySelector(".keyboard-hint").hidden = true;
  }
}
