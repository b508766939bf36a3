// On a phone the long parts of the board start closed; a link into one opens it, and paper shows them all.
const parts = document.querySelectorAll("details[data-fold]");
const aimedAt = (part) => part.id && location.hash === `#${part.id}`;
if (matchMedia("(max-width: 900px)").matches)
  for (const part of parts) part.open = "asked" in part.dataset || Boolean(aimedAt(part));
addEventListener("hashchange", () => { for (const part of parts) if (aimedAt(part)) part.open = true; });
addEventListener("beforeprint", () => { for (const part of parts) part.open = true; });
