// What is written in longer fields: how long it is, what was pasted, and how a rewrite differs from its response.
"use strict";

const written = { shown: new WeakMap() };

written.texts = () => JSON.parse(rating.form?.querySelector("[data-texts]")?.dataset.texts ?? "{}");
written.plain = (text) => text.replaceAll("\r\n", "\n").replaceAll("\r", "\n");
written.trim = (text) => written.plain(text).replace(/^\n+/, "").trimEnd();

// Pasted characters add up in the hidden field beside the text.
document.addEventListener("paste", (event) => {
  const field = event.target.closest?.("#answer textarea");
  const count = field && field.form.elements[`${field.name.replace(/\.text$/, "")}.pasted`];
  const text = event.clipboardData?.getData("text/plain") ?? "";
  if (!count || field.readOnly || !text) return;
  count.value = (Number(count.value) || 0) + [...written.plain(text)].length;
});

// One rewrite: which response it starts from, and how far it has come.
written.letter = (unit) => unit.dataset.rewrite || unit.querySelector("input[type=radio]:checked")?.value || "";
written.field = (unit) => unit.querySelector("textarea");
written.source = (unit) => written.texts().responses?.[written.letter(unit)] ?? "";

written.fill = (unit, text, pasted = 0) => {
  written.field(unit).value = written.plain(text);
  unit.querySelector("[name$='.pasted']").value = pasted;
};

written.isUnchanged = (unit) => written.trim(written.field(unit).value) === written.trim(written.texts().responses?.[unit.dataset.from] ?? "");

// What was written stays, whichever response it starts from: it is only compared with another one.
written.startFrom = (unit, letter) => {
  const before = unit.dataset.from;
  if (before === letter) return;
  const isOwn = written.field(unit).value.trim() && !written.isUnchanged(unit);
  unit.dataset.from = letter;
  const asIs = unit.querySelector("[data-as-is]");
  if (asIs?.checked && before) [asIs.checked, unit.dataset.ticked] = [false, before];
  if (!isOwn) written.fill(unit, written.texts().responses?.[letter] ?? "");
};

// What was taken out of a field stays with this tab, beside the browser's own undo.
written.taken = {
  key: (unit) => `touchstone.taken.${rating.task?.dataset.lease ?? rating.task?.dataset.revises}.${written.field(unit).id}`,
  get: (unit) => JSON.parse(sessionStorage.getItem(written.taken.key(unit))),
  set: (unit, mine) => sessionStorage.setItem(written.taken.key(unit), JSON.stringify(mine)),
  drop: (unit) => sessionStorage.removeItem(written.taken.key(unit)),
};

written.isAsResponse = (unit) => written.trim(written.field(unit).value) === written.trim(written.source(unit));

// The response as it is, instead of what was written; once more, and that is back.
written.startAgain = (unit) => {
  const field = written.field(unit);
  const pasted = unit.querySelector("[name$='.pasted']");
  const mine = { text: field.value, pasted: pasted.value };
  const back = written.isAsResponse(unit) ? written.taken.get(unit) : null;
  const now = back ?? { text: written.plain(written.source(unit)), pasted: 0 };
  Object.assign(unit.dataset, { chosen: "yes", from: written.letter(unit) });
  field.focus();
  field.select();
  document.execCommand("insertText", false, now.text); // can be undone, and is cut at the most a field takes
  if (field.value !== now.text) field.value = now.text;
  pasted.value = now.pasted;
  if (back) written.taken.drop(unit); else if (mine.text.trim()) written.taken.set(unit, mine);
  field.dispatchEvent(new Event("change", { bubbles: true }));
};

written.showAgain = (unit, letter) => {
  const isBack = written.isAsResponse(unit);
  const isEmpty = written.field(unit).value.trim() === "";
  for (const button of unit.querySelectorAll("[data-start-again]")) {
    button.hidden = !letter || isBack && !written.taken.get(unit);
    button.textContent = isBack ? "Put my text back" : `Start${isEmpty ? "" : " again"} from ${unit.dataset.rewrite ? "the response" : letter}`;
  }
};

// Written from scratch, a text still is instead of a response.
written.replaces = "Choose the response that your text replaces";

// The best response by the form's own answer; nothing while it is open, empty where none is better than all others.
written.best = () => {
  const place = rating.chosen?.dataset.place;
  if (rating.chosen) return rating.page.querySelector(`.read[data-place="${place}"]`)?.dataset.letter ?? "";
  const boxes = [...rating.form.querySelectorAll("[data-ranking] select[data-letter]")];
  const first = boxes.filter((box) => ["1", "best"].includes(box.value));
  const isWhole = boxes.every((box) => box.value) || boxes.some((box) => box.value === "worst");
  if (!boxes.length || !isWhole) return undefined;
  return first.length === 1 ? first[0].dataset.letter : "";
};

// No response is the best any more, and nobody chose this one: as if none had been.
written.takeBack = (unit) => {
  for (const box of unit.querySelectorAll("[type=radio], [data-as-is]")) box.checked = false;
  written.fill(unit, "");
  delete unit.dataset.from;
};

// The preferred response, or the only one, until the rater has chosen or written something.
written.preset = (unit) => {
  if (unit.dataset.preset === undefined || unit.closest("[hidden]")) return;
  const untouched = !unit.dataset.from || written.isUnchanged(unit);
  const letter = unit.dataset.rewrite || written.best();
  if (!untouched || letter === unit.dataset.from || unit.dataset.chosen) return;
  if (!letter) { if (unit.dataset.from) written.takeBack(unit); return; }
  const radio = unit.querySelector(`input[value="${letter}"]`);
  if (radio) radio.checked = true;
  written.startFrom(unit, letter);
};

// A response that the form calls bad is not sent just as it is; without a letter: whether all are bad.
written.isBad = (letter) => {
  if (rating.chosen?.value === "both_bad") return true;
  const boxes = [...rating.form.querySelectorAll(`[data-ranking] select[data-letter${letter && `="${letter}"`}]`)];
  return boxes.length > 0 && boxes.every((box) => box.value === "none");
};

// Whether a unit is answered, and what is still to do where it is begun.
written.tell = (unit, isFilled, lacks) => {
  unit.dataset.filled = isFilled ? "yes" : "no";
  unit.toggleAttribute("data-open", !isFilled && lacks !== "");
  if (isFilled || !lacks) delete unit.dataset.lacks; else unit.dataset.lacks = lacks;
};

written.show = (unit) => {
  const [field, letter] = [written.field(unit), written.letter(unit)];
  const [old, now] = [written.trim(written.source(unit)), written.trim(field.value)];
  const place = unit.querySelector("[data-changes]");
  const isOwn = now !== old && now !== "";
  const isChanged = letter !== "" && isOwn;
  const asIs = unit.querySelector("[data-as-is]");
  const isBad = asIs !== null && written.isBad(letter);
  const best = written.best();
  const isOther = Boolean(letter && best && best !== letter);
  if (asIs) {
    asIs.checked = asIs.checked && !isOwn && !isBad;
    asIs.disabled = isOwn || isBad || unit.closest("[hidden]") !== null;
    asIs.parentElement.querySelector("[data-why]").textContent = isBad ? ` (you called ${rating.chosen ? "both" : letter || "all"} bad)`
      : isOwn ? " (you changed the text)" : "";
  }
  if (asIs?.checked) delete unit.dataset.ticked;
  const key = JSON.stringify([letter, old, now, isBad, asIs?.checked, isOther && best]);
  written.tell(unit, isChanged || (letter !== "" && asIs?.checked === true), letter === "" && now === "" && !asIs?.checked && (unit.dataset.preset === undefined || best !== "") ? ""
    : letter === "" ? now === "" ? "Choose the response that you start from" : written.replaces : now === "" ? "Write the better text"
      : isBad ? `Change the text: you called ${letter} bad`
        : asIs ? `${(unit.dataset.ticked ?? letter) !== letter ? `“Nothing to improve” was said of ${unit.dataset.ticked}: say it of ${letter}, or change the text` : "Change the text, or tick “Nothing to improve”"}` : `Change the text: it is still that of ${letter}`);
  unit.dataset.remark = isOther ? `All answered: the text starts from ${letter}, your best is ${best}` : "";
  written.showAgain(unit, letter);
  if (written.shown.get(unit) === key) return;
  written.shown.set(unit, key);
  const parts = isChanged ? compare.texts(old, now) : [];
  place.replaceChildren(...compare.draw(parts));
  place.hidden = !isChanged;
  const [come, gone] = [compare.count(parts, "+"), compare.count(parts, "-")];
  unit.querySelector("[data-changed]").textContent = !letter ? now === "" ? "Choose the response to start from" : `${written.replaces}: the text stays`
    : now === "" ? "Empty: write the better text" : !isChanged && isBad ? `As response ${letter} has it, which you called bad: change it`
      : !isChanged ? `As response ${letter} has it${asIs?.checked ? "" : ": change it"}`
      : `${come} word${come === 1 ? "" : "s"} added, ${gone} removed`;
  const told = unit.querySelector("[data-notes]");
  if (told) told.textContent = isOther ? `This starts from ${letter}; your best is ${best}. Choose ${best}, or leave it so.` : "";
};

written.showLength = (field) => {
  const place = field.closest("[data-unit]")?.querySelector("[data-length]");
  if (!place) return;
  const length = [...(field.matches(".write") ? written.trim(field.value) : written.plain(field.value).trim())].length;
  const shortest = Number(field.dataset.shortest ?? 0);
  const short = shortest - length;
  place.textContent = length && short > 0 ? `${short.toLocaleString()} more to write`
    : length || !shortest ? `${length.toLocaleString()} character${length === 1 ? "" : "s"}` : `at least ${shortest.toLocaleString()} characters`;
  const title = field.closest(".asked")?.dataset.title ?? field.closest("[data-unit]").querySelector("span").firstChild.textContent.trim();
  const more = `“${title}” needs ${short === 1 ? "one more character" : `${short.toLocaleString()} more characters`}`;
  if (shortest) written.tell(field.closest("[data-unit]"), length && short <= 0, length ? more : "");
};

written.refresh = () => {
  if (!rating.form) return;
  const before = written.listFilled();
  for (const unit of rating.form.querySelectorAll("[data-rewrite]")) {
    if (unit.dataset.from === undefined && written.field(unit).value) {
      unit.dataset.from = written.letter(unit);
      if (unit.dataset.from) unit.dataset.chosen = "yes"; // a draft: its rater has chosen already
    }
    written.preset(unit);
    written.show(unit);
  }
  rating.form.querySelectorAll(".write, [data-shortest]").forEach(written.showLength);
  for (const unit of rating.form.querySelectorAll("[data-verdict]")) written.showVerdict(unit);
  if (panel.form && written.listFilled() !== before) panel.showOpen();
};

written.listFilled = () => [...rating.form.querySelectorAll("[data-filled]")].map(({ dataset }) => [dataset.filled, dataset.lacks, dataset.remark]).join();

// A fault is answered once it has its note and its passage.
written.showVerdict = (unit) => {
  const said = unit.querySelector("input:checked")?.value;
  const [passage, note] = [unit.querySelector("select"), unit.querySelector("textarea")];
  const isFault = said === "incorrect" || said === "incomplete";
  const isProven = note.value.trim() !== "" && (!passage || passage.value !== "");
  note.classList.toggle("done", note.value.trim() !== "");
  const missing = [passage?.value === "" && "the passage", note.value.trim() === "" && "what would be right"];
  written.tell(unit, said && (!isFault || isProven), isFault ? `Still needed: ${missing.filter(Boolean).join(" and ")}` : "");
  for (const part of rating.page.querySelectorAll("[data-passage]")) {
    part.classList.toggle("pointed", passage?.value === `id:${part.dataset.passage}`);
  }
};

// A click tells of the input first, a key of the change alone.
for (const name of ["input", "change"]) {
  document.addEventListener(name, (event) => {
    const unit = event.target.type === "radio" && event.target.closest("#answer [data-rewrite]");
    if (!unit) return;
    unit.dataset.chosen = "yes";
    written.startFrom(unit, event.target.value);
  }, true);
}
document.addEventListener("change", (event) => {
  if (event.target.matches?.("[data-verdict] select")) {
    rating.page.querySelector(`[data-passage="${CSS.escape(event.target.value.slice(3))}"]`)?.scrollIntoView({ block: "nearest" });
  }
}, true);
document.addEventListener("click", (event) => {
  const unit = event.target.closest?.("[data-start-again]")?.closest("[data-rewrite]");
  if (unit) written.startAgain(unit);
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.ctrlKey || event.metaKey || !event.target.matches("[data-verdict] select")) return;
  event.preventDefault();
  event.target.closest("[data-verdict]").querySelector("textarea").focus();
});
document.addEventListener("panel:key", (event) => {
  if (event.detail.key !== "p") return;
  const passage = event.target.querySelector("[data-verdict].now select") ?? panel.form.querySelector(".asked:not([hidden]) [data-verdict] select");
  if (!passage || passage.offsetParent === null) return;
  event.preventDefault();
  passage.focus();
});
document.addEventListener("panel:refresh", written.refresh, true);
written.refresh();
