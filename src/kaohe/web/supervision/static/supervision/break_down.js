// Shows the sum of the shares and its difference to the target while they are typed. Sums are whole numbers of
// the smallest decimal place, so that they are exact; the server decides.
"use strict";
(function () {
  const form = document.querySelector(".k-break-down"), out = document.querySelector(".k-sum");
  if (!form || !out) return;
  const parse = (text) => {
    const plain = text.replace(/[,，\s]/g, "");
    const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(plain);
    return match && { sign: match[1] ? -1n : 1n, digits: match[2] + (match[3] || ""), places: (match[3] || "").length };
  };
  const write = (value, places) => {
    const text = (value < 0n ? -value : value).toString().padStart(places + 1, "0");
    const body = places ? `${text.slice(0, -places)}.${text.slice(-places)}`.replace(/\.?0+$/, "") : text;
    return (value < 0n ? "−" : "") + body;
  };
  const add = () => {
    const target = parse(form.dataset.target || "");
    const shares = [...form.querySelectorAll(".k-share")].map((field) => parse(field.value)).filter(Boolean);
    if (!target) return;
    const places = Math.max(target.places, ...shares.map((each) => each.places), 0);
    const scaled = (each) => each.sign * BigInt(each.digits) * 10n ** BigInt(places - each.places);
    const sum = shares.reduce((total, each) => total + scaled(each), 0n);
    const over = sum - scaled(target);
    out.textContent = shares.length ? `${write(sum, places)}（${over === 0n ? "=" : over > 0n ? "+" + write(over, places) : write(over, places)}）` : "—";
  };
  form.addEventListener("input", add);
  add();
})();
