// A box in a table's head ticks every row of that table.
"use strict";
document.querySelectorAll("input[data-all]").forEach((all) => {
  all.addEventListener("change", () => {
    all.closest("table").querySelectorAll("tbody input[type=checkbox]").forEach((box) => { box.checked = all.checked; });
  });
});
