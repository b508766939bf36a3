// The entry grid: keys as in a spreadsheet, a pasted block, doubts at once, one request for all changes.
"use strict";
(() => {
  const form = document.getElementById("entry");
  if (!form) return;
  const words = form.dataset;
  const told = document.getElementById("told");
  const saveButton = document.getElementById("save");
  const submitButton = document.getElementById("submit");
  const key = form.querySelector("input[name=key]");
  const token = form.querySelector("input[name=csrfmiddlewaretoken]").value;
  const cells = () => [...form.querySelectorAll(".k-cell")];
  const shownCells = () => cells().filter((cell) => !rowOf(cell).hidden);
  const rowOf = (element) => element.closest("tr");
  const codeOf = (element) => rowOf(element).dataset.code;
  const touched = new Set();
  let timer = 0;
  let saving = false;

  const newKey = () => [...crypto.getRandomValues(new Uint8Array(16))].map((n) => n.toString(16).padStart(2, "0")).join("");
  const extras = (row) => [...row.querySelectorAll(".k-hint input")];
  const isChanged = (cell) => cell.value.trim() !== cell.dataset.before || extras(rowOf(cell)).some((field) => field.value !== field.defaultValue);
  const changed = () => cells().filter(isChanged);

  // --- what is open -------------------------------------------------------------------------------

  const openOf = (row) => {
    const cell = row.querySelector(".k-cell");
    if (!cell) return 0;
    const unanswered = [...row.querySelectorAll(".k-doubt input")].filter((field) => !field.value.trim()).length;
    const lack = row.querySelector(".k-lack input");
    return unanswered + (cell.value.trim() === "" && !(lack && lack.value.trim()) ? 1 : 0);
  };

  const refresh = () => {
    let left = 0;
    form.querySelectorAll("tbody tr[data-code]").forEach((row) => {
      const cell = row.querySelector(".k-cell");
      if (!cell) return;
      const open = openOf(row);
      left += open;
      row.classList.toggle("k-unsaved", isChanged(cell));
      row.classList.toggle("k-todo", open > 0);
      const doubts = row.querySelectorAll(".k-doubt").length;
      row.classList.toggle("k-doubted", doubts > 0 && open > 0);
      row.classList.toggle("k-explained", doubts > 0 && open === 0);
    });
    form.querySelector("[data-count]").textContent = left;
    const count = changed().length;
    saveButton.textContent = count ? words.wordsSave.replace("{n}", count) : words.wordsSaved;
    saveButton.disabled = count === 0 || saving;
    if (submitButton) {
      submitButton.disabled = left > 0 || saving;
      submitButton.textContent = left ? words.wordsLeft.replace("{n}", left) : words.wordsSubmit;
    }
  };

  // --- showing some of the rows ---------------------------------------------------------------------

  const isShown = {
    all: () => true,
    todo: (row) => row.classList.contains("k-todo"),
    open: (row) => ["draft", "empty", "returned"].includes(row.dataset.state),
    returned: (row) => row.dataset.state === "returned",
  };
  form.querySelectorAll("[data-show]").forEach((button) => {
    button.addEventListener("click", () => {
      form.querySelectorAll("[data-show]").forEach((other) => other.setAttribute("aria-pressed", String(other === button)));
      form.querySelectorAll("tbody tr[data-code]").forEach((row) => { row.hidden = !isShown[button.dataset.show](row); });
      form.querySelectorAll("tbody").forEach((body) => { body.hidden = !body.querySelector("tr[data-code]:not([hidden])"); });
    });
  });

  // --- moving -------------------------------------------------------------------------------------

  const move = (cell, step) => {
    const all = shownCells();
    const next = all[all.indexOf(cell) + step];
    if (next) { next.focus(); next.select(); }
  };

  form.addEventListener("keydown", (event) => {
    const cell = event.target.closest(".k-cell");
    if (!cell) {
      if (event.key === "Enter" && event.target.matches(".k-hint input")) event.preventDefault();
      return;
    }
    if (event.altKey && event.key === "ArrowDown") { event.preventDefault(); window.location.assign(words.cell.replace("CODE", codeOf(cell))); return; }
    if (event.key === "Enter") { event.preventDefault(); move(cell, event.shiftKey ? -1 : 1); }
    else if (event.key === "ArrowDown") { event.preventDefault(); move(cell, 1); }
    else if (event.key === "ArrowUp") { event.preventDefault(); move(cell, -1); }
    else if (event.key === "Escape") { cell.value = cell.dataset.before; changedNow(cell); }
    else if (event.key === "F2") { event.preventDefault(); cell.setSelectionRange(cell.value.length, cell.value.length); }
  });
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s") { event.preventDefault(); save(); }
  });
  form.addEventListener("focusin", (event) => { if (event.target.matches(".k-cell")) event.target.select(); });

  // --- a pasted block: by the names in its first column, or downwards from here --------------------

  const plain = (text) => text.replace(/\s+/g, "").replace(/^其中[::]?/, "");
  const byName = () => new Map(cells().map((cell) => [plain(rowOf(cell).querySelector("th").textContent), cell]));

  form.addEventListener("paste", (event) => {
    const cell = event.target.closest(".k-cell");
    const text = event.clipboardData.getData("text/plain");
    if (!cell || !/[\n\t]/.test(text.trim())) return;
    event.preventDefault();
    const rows = text.replace(/\r/g, "").replace(/\n$/, "").split("\n").map((line) => line.split("\t"));
    const names = byName();
    const named = rows.length && rows[0].length > 1 && rows.every((row) => names.has(plain(row[0])) || !row[0].trim());
    const all = shownCells();
    const start = all.indexOf(cell);
    rows.forEach((row, index) => {
      const target = named ? names.get(plain(row[0])) : all[start + index];
      if (!target) return;
      target.value = row[named ? row.length - 1 : 0].trim();
      touched.add(codeOf(target));
    });
    changedNow();
  });

  // --- doubts, at once ----------------------------------------------------------------------------

  const element = (name, properties, ...children) => {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children);
    return made;
  };

  const showDoubts = (row, doubts) => {
    const hint = row.querySelector(".k-hint");
    const answers = new Map([...hint.querySelectorAll(".k-doubt")].map((doubt) => [doubt.dataset.check, doubt.querySelector("input")]));
    hint.querySelectorAll(".k-doubt").forEach((doubt) => doubt.remove());
    doubts.forEach((doubt) => {
      const kept = answers.get(doubt.check);
      const field = element("input", { name: `answer.${row.dataset.code}.${doubt.check}`, maxLength: 300 });
      field.defaultValue = doubt.answer !== undefined ? doubt.answer : kept ? kept.defaultValue : "";
      field.value = kept && doubt.answer === undefined ? kept.value : field.defaultValue;
      const shown = element("p", { className: "k-doubt" }, element("span", { textContent: `${doubt.text} ` }));
      shown.dataset.check = doubt.check;
      if (doubt.repair) {
        const button = element("button", { type: "button", className: "k-btn k-small", textContent: `${words.wordsRepair} ${doubt.repair}` });
        button.dataset.repair = doubt.repair;
        shown.append(button, " ");
      }
      shown.append(element("label", { textContent: `${words.wordsReason} ` }, field));
      hint.append(shown);
    });
  };

  const showError = (row, text) => {
    row.querySelectorAll(".k-error-text").forEach((old) => old.remove());
    row.classList.toggle("k-wrong", Boolean(text));
    row.querySelector(".k-cell").setAttribute("aria-invalid", text ? "true" : "false");
    if (text) row.querySelector(".k-hint").prepend(element("p", { className: "k-error-text", textContent: text }));
  };

  const rowFor = (code) => document.getElementById(`row-${code}`);

  const post = (address, data) => fetch(address, { method: "POST", body: data, headers: { "X-CSRFToken": token, Accept: "application/json" }, credentials: "same-origin" });

  const check = async () => {
    const data = new URLSearchParams();
    cells().filter((cell) => touched.has(codeOf(cell))).forEach((cell) => {
      data.append("cell", codeOf(cell));
      data.append(`v.${codeOf(cell)}`, cell.value);
    });
    if (![...data.keys()].length) { refresh(); return; }
    const response = await post(words.check, data).catch(() => null);
    if (!response || !response.ok) return;
    const answer = await response.json();
    data.getAll("cell").forEach((code) => {
      showError(rowFor(code), answer.errors[code]);
      showDoubts(rowFor(code), answer.doubts[code] || []);
    });
    refresh();
  };

  const changedNow = (...edited) => {
    edited.forEach((cell) => touched.add(codeOf(cell)));
    refresh();
    window.clearTimeout(timer);
    timer = window.setTimeout(check, 350);
  };
  form.addEventListener("input", (event) => { if (event.target.matches(".k-cell")) changedNow(event.target); else refresh(); });
  form.addEventListener("click", (event) => {
    const repair = event.target.closest("[data-repair]");
    if (!repair) return;
    const cell = rowOf(repair).querySelector(".k-cell");
    cell.value = repair.dataset.repair;
    cell.focus();
    changedNow(cell);
  });

  // --- saving -------------------------------------------------------------------------------------

  const payload = (rows) => {
    const data = new URLSearchParams([["key", key.value]]);
    rows.forEach((cell) => {
      const row = rowOf(cell);
      data.append("cell", codeOf(cell));
      data.append(`v.${codeOf(cell)}`, cell.value);
      data.append(`n.${codeOf(cell)}`, row.querySelector(`[name="n.${codeOf(cell)}"]`).value);
      extras(row).forEach((field) => data.append(field.name, field.value));
    });
    return data;
  };

  const settle = (code, saved) => {
    const row = rowFor(code);
    const cell = row.querySelector(".k-cell");
    row.querySelector(`[name="n.${code}"]`).value = saved.version;
    cell.value = cell.dataset.before = saved.typed;
    row.querySelector("[data-alone]").textContent = saved.month_alone;
    extras(row).forEach((field) => { field.defaultValue = field.value; });
    showError(row, "");
    showDoubts(row, saved.doubts);
    row.querySelectorAll(".k-conflict").forEach((old) => old.remove());
  };

  const conflictBox = (conflict) => {
    const row = rowFor(conflict.indicator);
    const cell = row.querySelector(".k-cell");
    row.querySelectorAll(".k-conflict").forEach((old) => old.remove());
    const pair = (name, value) => element("div", {}, element("dt", { textContent: name }), element("dd", { textContent: value }));
    const list = element("dl", {}, pair(words.wordsMine, conflict.mine), pair(words.wordsTheirs, `${conflict.theirs}（${conflict.who} ${conflict.when}）`), pair(words.wordsBefore, cell.dataset.before || "—"));
    const mine = element("button", { type: "button", className: "k-btn k-small", textContent: words.wordsTakeMine });
    const theirs = element("button", { type: "button", className: "k-btn k-small", textContent: words.wordsTakeTheirs });
    const box = element("div", { className: "k-conflict" }, list, mine, " ", theirs);
    const choose = (value) => {
      row.querySelector(`[name="n.${conflict.indicator}"]`).value = conflict.version;
      cell.dataset.before = conflict.theirs;
      cell.value = value;
      box.remove();
      cell.focus();
      changedNow(cell);
    };
    mine.addEventListener("click", () => choose(conflict.mine));
    theirs.addEventListener("click", () => choose(conflict.theirs));
    row.querySelector(".k-hint").prepend(box);
  };

  const save = async () => {
    const rows = changed();
    if (!rows.length || saving) return false;
    saving = true;
    refresh();
    const response = await post(form.action, payload(rows)).catch(() => null);
    saving = false;
    const answer = response && (response.headers.get("Content-Type") || "").includes("json") ? await response.json() : null;
    if (!answer) {
      // The key stays: pressing again cannot save twice.
      told.textContent = words.wordsFailed;
      refresh();
      return false;
    }
    Object.entries(answer.rows || {}).forEach(([code, saved]) => settle(code, saved));
    (answer.conflicts || []).forEach(conflictBox);
    Object.entries(answer.errors || {}).forEach(([code, text]) => showError(rowFor(code), text));
    told.textContent = answer.seq ? `${answer.message} · ${new Date().toLocaleTimeString("zh-CN", { hour12: false })} · № ${answer.seq}` : answer.message;
    key.value = newKey();
    refresh();
    return answer.ok;
  };

  form.addEventListener("submit", async (event) => {
    if (event.submitter === submitButton && !changed().length) return;
    event.preventDefault();
    const saved = await save();
    if (saved && event.submitter === submitButton && !submitButton.disabled) form.requestSubmit(submitButton);
  });
  window.addEventListener("beforeunload", (event) => { if (changed().length && !saving) event.preventDefault(); });
  refresh();
})();
