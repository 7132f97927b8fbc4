// Enhancement only: every page works without this file.
"use strict";
const isRtl = () => document.documentElement.dir === "rtl";
const STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

// Arrow keys move between the cells of a matrix; Enter opens the link that has the focus, as it does anyway.
document.addEventListener("keydown", (event) => {
  const link = event.target.closest(".matrix td a, .matrix th a");
  const step = STEPS[event.key];
  if (!link || !step) return;
  const cell = link.closest("td, th");
  const rows = cell.closest("table").rows;
  let row = cell.parentElement.rowIndex;
  let column = cell.cellIndex;
  for (;;) {
    row += step[0];
    column += step[1] * (isRtl() ? -1 : 1);
    const next = rows[row] && rows[row].cells[column];
    if (!next) return;
    const target = next.querySelector("a");
    if (!target) continue;
    event.preventDefault();
    focusOn(target, cell.closest("table"));
    target.scrollIntoView({ block: "nearest", inline: "nearest" });
    return;
  }
});

// The Tab key enters a group of many links once; arrows move inside. Without this file each link is a stop of its own.
const linksOf = (group) => group.querySelectorAll(group.matches("table") ? "tbody td a" : "a");
const focusOn = (link, group) => {
  for (const other of linksOf(group)) other.tabIndex = -1;
  link.tabIndex = 0;
  link.focus();
};
const rove = () => {
  for (const group of document.querySelectorAll("table.matrix, [data-rove]")) {
    linksOf(group).forEach((link, i) => { link.tabIndex = i ? -1 : 0; });
  }
};
document.addEventListener("keydown", (event) => {
  const group = event.target.closest("[data-rove]");
  const step = STEPS[event.key];
  if (!group || !step) return;
  const links = [...linksOf(group)];
  const next = links[links.indexOf(event.target) + (step[0] || step[1] * (isRtl() ? -1 : 1))];
  if (!next) return;
  event.preventDefault();
  focusOn(next, group);
});

// A drawing or table that is wider than its frame fades out on the side where there is more.
const fade = (box) => {
  const hidden = box.scrollWidth - box.clientWidth - Math.abs(box.scrollLeft);
  const scrolls = box.scrollWidth - box.clientWidth > 2;
  box.classList.toggle("more-end", hidden > 2);
  // What scrolls and holds nothing that takes the focus is reached by keyboard itself.
  if (scrolls && !box.querySelector("a[href], button, summary")) box.tabIndex = 0;
  else box.removeAttribute("tabindex");
  const hint = box.previousElementSibling;
  if (hint && hint.matches("[data-swipe]")) hint.hidden = !scrolls;
};
const fadeAll = () => document.querySelectorAll("[data-scroll]").forEach(fade);
document.addEventListener("scroll", (event) => {
  if (event.target.matches && event.target.matches("[data-scroll]")) fade(event.target);
}, { capture: true, passive: true });
addEventListener("resize", fadeAll, { passive: true });

// The panel of a cell takes the focus when it has come, and gives it back on Escape.
let opener = null;
document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.detail.target && event.detail.target.id === "panel") opener = event.detail.elt;
});
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target.id !== "panel") return;
  event.detail.target.hidden = false;
  fadeAll();
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

// Names found while one types: arrows walk through them, Escape and a click elsewhere put them away.
const quick = () => document.getElementById("quick");
document.addEventListener("keydown", (event) => {
  const form = event.target.closest("[data-find]");
  if (!form) return;
  const field = form.querySelector("input");
  if (event.key === "Escape") {
    quick().replaceChildren();
    field.focus();
  } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    const stops = [field, ...quick().querySelectorAll("a")];
    const next = stops[stops.indexOf(event.target) + STEPS[event.key][0]];
    if (!next) return;
    event.preventDefault();
    next.focus();
  }
});
document.addEventListener("click", (event) => {
  if (quick() && !event.target.closest("[data-find]")) quick().replaceChildren();
});

// A changed filter is applied at once; without this script there is a button for it.
document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-auto]");
  if (form && event.target.matches("select")) form.requestSubmit();
});

// A file that is dropped on a form is as if it were chosen in it.
const dropOf = (event) => event.target.closest("form[data-drop]");
for (const kind of ["dragover", "dragleave", "drop"]) {
  document.addEventListener(kind, (event) => {
    const form = dropOf(event);
    if (!form) return;
    event.preventDefault();
    form.classList.toggle("over", kind === "dragover");
    if (kind === "drop" && event.dataTransfer.files.length) form.querySelector("[type=file]").files = event.dataTransfer.files;
  });
}
document.documentElement.classList.add("js");
rove();
fadeAll();

// The list of pages closes when one looks elsewhere.
const openList = () => document.querySelector(".pages[open]");
document.addEventListener("click", (event) => {
  const list = openList();
  if (list && !list.contains(event.target)) list.open = false;
});
document.addEventListener("keydown", (event) => {
  const list = openList();
  if (!list || event.key !== "Escape") return;
  list.open = false;
  list.querySelector("summary").focus();
});
