// The answer form beside the responses: which question is the current one, which are asked at all, what is still open.
// A kind's template marks each of its answers with data-unit (a letter, or nothing for the whole item). Inputs
// in it speak for themselves; where a kind keeps its answer elsewhere, it writes data-filled="yes" or "no" on the unit.
"use strict";

const panel = {
  get root() { return rating.page?.querySelector(".panel") ?? null; },
  get form() { return this.root?.querySelector("#answer") ?? null; },
  get list() { return [...(this.form?.querySelectorAll(".asked") ?? [])]; },
  get asked() { return this.list.filter((question) => !question.hidden); },
  get now() { return this.form?.querySelector(".asked.now") ?? null; },
};

panel.units = (question) => [...question.querySelectorAll("[data-unit]")].filter((unit) => !unit.hidden);

panel.isFilled = (unit) => {
  if (unit.dataset.filled) return unit.dataset.filled === "yes";
  return [...unit.querySelectorAll("input, textarea, select")].some((input) => {
    if (input.disabled || input.type === "hidden" || input.dataset.extra !== undefined) return false;
    return ["radio", "checkbox"].includes(input.type) ? input.checked : input.value.trim() !== "";
  });
};

panel.say = (text) => {
  const place = panel.root?.querySelector("[data-asked-now]");
  if (place) place.textContent = text;
};

// What is still open, or begun and not whole.
panel.findOpen = () => panel.asked
  .flatMap((question) => panel.units(question)
    .filter((unit) => ("required" in question.dataset || unit.dataset.open !== undefined) && !panel.isFilled(unit)).map((unit) => [question, unit]));

// An answer that contradicts another is there, and open to nobody's eye: it is told once nothing else is left.
panel.isContrary = ([, unit]) => unit.matches("[data-loses-by][data-lacks]");
panel.leaveEmpty = (open) => open.filter((one) => !panel.isContrary(one));

panel.describeOpen = (all) => {
  const empty = panel.leaveEmpty(all);
  const open = empty.length ? empty : all;
  if (!open.length) return panel.asked.flatMap(panel.units).find((unit) => unit.dataset.remark)?.dataset.remark
    ?? (panel.asked.every((question) => panel.units(question).every(panel.isFilled)) ? "Everything is answered" : "Everything required is answered");
  const letters = new Set(open.map(([, unit]) => unit.dataset.unit));
  const [letter] = letters;
  const of = letters.size === 1 && letter && panel.letters().length > 1 ? ` of ${letter}` : "";
  if (open.length === 1) return open[0][1].dataset.lacks || `Still open: “${open[0][0].dataset.title}”${of}`;
  const noun = open.every(([question]) => question.dataset.kind === "scale") ? "scales" : of || letters.size === 1 ? "questions" : "answers";
  return `${open.length} ${noun}${of} are still open`;
};

panel.letters = () => [...rating.page.querySelectorAll(".read")].map((read) => read.dataset.letter);

panel.countAnswered = () => {
  for (const read of rating.page.querySelectorAll(".read")) {
    const place = read.querySelector("[data-answered]");
    const units = panel.asked.filter((question) => "required" in question.dataset).flatMap(panel.units)
      .filter((unit) => unit.dataset.unit === read.dataset.letter);
    if (place) place.textContent = units.length && panel.letters().length > 1 ? `${units.filter(panel.isFilled).length} of ${units.length} answered` : "";
  }
};

panel.showOpen = () => {
  const open = panel.findOpen();
  const left = panel.root.querySelector("[data-left]");
  const words = panel.describeOpen(open);
  if (left && left.textContent !== words) left.textContent = words;
  panel.form.classList.toggle("is-open", open.length > 0);
  const count = panel.form.querySelector("[data-count]");
  const empty = panel.leaveEmpty(open).length;
  if (count) count.textContent = empty ? ` · ${empty} open` : "";
  panel.countAnswered();
};

panel.refresh = () => {
  if (!panel.form) return;
  const appeared = panel.applyConditions();
  panel.checkLosing();
  panel.showOpen();
  panel.form.dispatchEvent(new Event("panel:refresh"));
  return appeared;
};

// The current question, and in it the response that keys are about.
panel.setUnit = (unit) => {
  for (const other of panel.form.querySelectorAll("[data-unit].now")) other.classList.remove("now");
  unit?.classList.add("now");
};

panel.go = (question, unit) => {
  if (!question) return;
  const top = question.getBoundingClientRect().top;
  for (const other of panel.list) other.classList.toggle("now", other === question);
  const units = panel.units(question);
  panel.setUnit(unit ?? units.find((one) => !panel.isFilled(one)) ?? units[0]);
  panel.form.dispatchEvent(new Event("panel:refresh"));
  question.parentElement.scrollTop += question.getBoundingClientRect().top - top;
  if (!panel.isPressed) question.scrollIntoView({ block: "nearest" });
};

// Fields to write in are entered by Enter or W alone, so that the arrows do not end in one.
panel.focus = () => {
  const unit = panel.form.querySelector("[data-unit].now");
  if (unit?.contains(document.activeElement)) return; // somebody is writing there
  const parts = [...(unit?.querySelectorAll("input[type=radio], input[type=checkbox], button, [tabindex='0']") ?? [])];
  const seen = parts.filter((part) => !part.disabled && part.offsetParent !== null);
  const part = seen.find((input) => input.checked) ?? seen[0];
  if (part) part.focus({ preventScroll: true }); else document.activeElement?.blur();
};

// What the server refused stands at its question, too, and the first such question is the current one.
panel.showWrong = () => {
  for (const told of rating.task.querySelectorAll("[data-wrong]")) {
    const question = panel.list.find(({ dataset }) => dataset.asked === told.dataset.wrong);
    if (!question || question.classList.contains("is-wrong")) continue;
    const words = document.createElement("p");
    words.className = "wrong";
    words.id = `wrong-${told.dataset.wrong}`;
    words.textContent = told.textContent;
    question.prepend(words);
    question.querySelectorAll("[data-unit]").forEach((unit) => (unit.matches("label") ? unit.querySelector("textarea") : unit)?.setAttribute("aria-describedby", words.id));
    question.classList.add("is-wrong");
  }
  return panel.form.querySelector(".is-wrong");
};

panel.start = () => {
  if (!panel.form) return;
  panel.root.classList.add("live");
  panel.refresh();
  const open = panel.findOpen();
  const wrong = panel.showWrong();
  panel.go(wrong ?? open[0]?.[0] ?? panel.asked[0]);
  if (wrong) {
    rating.openSheet(true);
    panel.focus();
  }
};

for (const name of ["input", "change"]) {
  document.addEventListener(name, (event) => {
    if (panel.form && event.target.closest("#answer")) panel.announce(panel.refresh());
  });
}
// Nothing moves from under a pointer that is down: its click would be lost.
document.addEventListener("pointerdown", () => {
  panel.isPressed = true;
  clearTimeout(panel.late?.timer);
  panel.late = null;
}, true);
for (const name of ["pointerup", "pointercancel"]) {
  document.addEventListener(name, () => { setTimeout(() => { panel.isPressed = false; }); }, true);
}
panel.follow = (target) => {
  const question = target.closest?.(".panel .asked");
  const unit = target.closest?.("[data-unit]");
  if (!question || (question === panel.now && (!unit || unit.classList.contains("now")))) return;
  panel.go(question, unit ?? undefined);
};
document.addEventListener("focusin", (event) => { if (!panel.isPressed) panel.follow(event.target); });
// A second click may follow on a word, and the field must still lie where it did; after a key none follows.
panel.settle = () => {
  const { target, timer } = panel.late ?? {};
  clearTimeout(timer);
  panel.late = null;
  if (target?.isConnected) panel.follow(target);
};
document.addEventListener("keydown", panel.settle, true);
document.addEventListener("click", ({ target }) => {
  if (!target.matches?.(".panel textarea")) { panel.follow(target); return; }
  panel.late = { target, timer: setTimeout(panel.settle, 400) };
});
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-sheet]")) panel.now?.scrollIntoView({ block: "start" });
});
document.addEventListener("htmx:afterSettle", () => panel.start());
