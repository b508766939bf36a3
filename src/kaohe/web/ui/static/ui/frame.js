// The period's arrows keep the rest of the address: another month of the same page.
"use strict";
document.querySelectorAll(".k-period a").forEach((link) => {
  const here = new URL(window.location.href);
  here.searchParams.set("month", new URL(link.href).searchParams.get("month"));
  link.href = here.pathname + here.search;
});
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
