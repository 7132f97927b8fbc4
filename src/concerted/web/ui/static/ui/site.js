// Enhancement only: every page works without this file.
"use strict";

// Arrow keys move between the cells of a matrix; Enter opens the link that has the focus, as it does anyway.
document.addEventListener("keydown", (event) => {
  const link = event.target.closest(".matrix td a, .matrix th a");
  const steps = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
  const step = steps[event.key];
  if (!link || !step) return;
  const cell = link.closest("td, th");
  const rtl = document.documentElement.dir === "rtl" ? -1 : 1;
  const rows = cell.closest("table").rows;
  let row = cell.parentElement.rowIndex;
  let column = cell.cellIndex;
  for (;;) {
    row += step[0];
    column += step[1] * rtl;
    const next = rows[row] && rows[row].cells[column];
    if (!next) return;
    const target = next.querySelector("a");
    if (!target) continue;
    event.preventDefault();
    target.focus();
    target.scrollIntoView({ block: "nearest", inline: "nearest" });
    return;
  }
});

// The panel of a cell takes the focus when it has come, and gives it back on Escape.
let opener = null;
document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.detail.target && event.detail.target.id === "panel") opener = event.detail.elt;
});
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target.id !== "panel") return;
  event.detail.target.hidden = false;
  const heading = event.detail.target.querySelector("h2, h1");
  if (heading) {
    heading.tabIndex = -1;
    heading.focus();
  }
});
const closePanel = () => {
  const panel = document.getElementById("panel");
  if (!panel || panel.hidden) return;
  panel.hidden = true;
  panel.replaceChildren();
  if (opener) opener.focus();
};
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") closePanel();
});
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-close]");
  if (!button) return;
  event.preventDefault();
  closePanel();
});

// A changed filter is applied at once; without this script there is a button for it.
document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-auto]");
  if (form && event.target.matches("select")) form.requestSubmit();
});
document.documentElement.classList.add("js");
