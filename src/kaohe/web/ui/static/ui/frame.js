"use strict";
// An open menu closes when something else is touched, and on Escape.
document.addEventListener("click", (event) => {
  document.querySelectorAll("details.k-menu[open], details.k-more[open]").forEach((menu) => {
    if (!menu.contains(event.target)) menu.open = false;
  });
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") document.querySelectorAll("details.k-menu[open], details.k-more[open]").forEach((menu) => { menu.open = false; });
});
// The stroke key goes to the search box, unless something is being typed.
document.addEventListener("keydown", (event) => {
  const box = document.querySelector(".k-search input");
  if (event.key !== "/" || !box || event.target.closest("input, textarea, select, [contenteditable]")) return;
  event.preventDefault();
  box.focus();
});
