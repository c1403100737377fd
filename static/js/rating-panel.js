// The answer form beside the responses: which question is the current one, which are asked at all, what is still open.
// A kind's template marks each of its answers with data-unit (a letter, or nothing for the whole item). Inputs
// in it speak for themselves; where a kind keeps its answer elsewhere, it writes data-filled="yes" or "no" on the unit.
// Keys of the current question: "panel:key" is sent to it first, and a kind that takes the key prevents its default.
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

// Conditions: a question waits for a token of an earlier one; one that repeats, for each response by itself.
panel.tokens = (key, letter) => {
  const earlier = panel.form.querySelector(`.asked[data-asked="${key}"]`);
  if (!earlier || earlier.hidden) return [];
  const units = panel.units(earlier).filter((unit) => !letter || !unit.dataset.unit || unit.dataset.unit === letter);
  const inputs = units.flatMap((unit) => [...unit.querySelectorAll("input:checked")]);
  return inputs.map((input) => input.dataset.token ?? (input.value.includes(":") ? "prefers" : input.value));
};

panel.holds = (question, letter) => {
  const wanted = question.dataset.any.split(" ");
  return panel.tokens(question.dataset.if, letter).some((token) => wanted.includes(token));
};

panel.ask = (part, on) => {
  part.hidden = !on;
  for (const input of part.querySelectorAll("input, textarea, select, button")) input.disabled = !on;
};

panel.applyConditions = () => {
  const appeared = [];
  for (const question of panel.list) {
    if (question.dataset.if === undefined) continue;
    const wasAsked = !question.hidden;
    const units = [...question.querySelectorAll("[data-unit]")];
    const repeats = units.some((unit) => unit.dataset.unit);
    const asked = units.filter((unit) => panel.holds(question, repeats ? unit.dataset.unit : ""));
    panel.ask(question, asked.length > 0);
    for (const unit of units) {
      const wasHidden = unit.hidden || !wasAsked;
      panel.ask(unit, asked.includes(unit));
      if (wasHidden && asked.includes(unit)) appeared.push([question, repeats ? unit.dataset.unit : ""]);
    }
  }
  return appeared;
};

panel.say = (text) => {
  const place = panel.root?.querySelector("[data-asked-now]");
  if (place) place.textContent = text;
};

panel.announce = (appeared) => {
  if (!appeared.length) return;
  const [question] = appeared[0];
  const letters = appeared.filter(([other, letter]) => other === question && letter).map(([, letter]) => letter);
  panel.say(`Also asked now: ${question.dataset.title}${letters.length ? `, about response ${letters.join(" and ")}` : ""}`);
};

// What is still open.
panel.findOpen = () => panel.asked
  .filter((question) => "required" in question.dataset)
  .flatMap((question) => panel.units(question).filter((unit) => !panel.isFilled(unit)).map((unit) => [question, unit]));

panel.describeOpen = (open) => {
  if (!open.length) return "Everything is answered";
  const letters = new Set(open.map(([, unit]) => unit.dataset.unit));
  const [letter] = letters;
  const of = letters.size === 1 && letter && panel.letters().length > 1 ? ` of ${letter}` : "";
  if (open.length === 1) return `“${open[0][0].dataset.title}”${of} is still open`;
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
  if (count) count.textContent = open.length ? ` · ${open.length} open` : "";
  panel.countAnswered();
};

panel.refresh = () => {
  if (!panel.form) return;
  const appeared = panel.applyConditions();
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
  for (const other of panel.list) other.classList.toggle("now", other === question);
  const units = panel.units(question);
  panel.setUnit(unit ?? units.find((one) => !panel.isFilled(one)) ?? units[0]);
  if (!panel.isPressed) question.scrollIntoView({ block: "nearest" });
  panel.form.dispatchEvent(new Event("panel:refresh"));
};

// Fields to write in are entered by Enter or W alone, so that the arrows do not end in one.
panel.focus = () => {
  const unit = panel.form.querySelector("[data-unit].now");
  const parts = [...(unit?.querySelectorAll("input[type=radio], input[type=checkbox], button, [tabindex='0']") ?? [])];
  const seen = parts.filter((part) => !part.disabled && part.offsetParent !== null);
  const part = seen.find((input) => input.checked) ?? seen[0];
  if (part) part.focus({ preventScroll: true }); else document.activeElement?.blur();
};

panel.move = (by) => {
  const questions = panel.asked;
  const next = questions[questions.indexOf(panel.now) + by];
  if (!next) return;
  rating.page.classList.add("sheet");
  const letter = panel.form.querySelector("[data-unit].now")?.dataset.unit;
  panel.go(next, panel.units(next).find((unit) => letter && unit.dataset.unit === letter));
  panel.focus();
};

panel.stepInUnit = (unit, by) => {
  const inputs = [...unit.querySelectorAll("input[type=radio]:not(:disabled)")];
  const at = inputs.findIndex((input) => input.checked);
  keys.choose(inputs[at < 0 ? (by > 0 ? 0 : inputs.length - 1) : Math.min(inputs.length - 1, Math.max(0, at + by))]);
};

panel.sideways = (by) => {
  const question = panel.now;
  if (!question) return;
  const units = panel.units(question);
  const at = units.findIndex((unit) => unit.classList.contains("now"));
  if (units.length > 1) {
    const next = units[Math.min(units.length - 1, Math.max(0, at + by))];
    panel.setUnit(next);
    panel.focus();
    panel.say(`Response ${next.dataset.unit}`);
  } else if (question.querySelector(".seg")) keys.step(by);
  else if (units[0]) panel.stepInUnit(units[0], by);
};

panel.press = (key) => {
  const unit = panel.now && (panel.now.querySelector("[data-unit].now") ?? panel.units(panel.now)[0]);
  const input = unit?.querySelector(`[data-key="${CSS.escape(key)}"]:not(:disabled)`);
  if (!input) return false;
  const isTaken = input.type === "checkbox" && input.checked;
  if (isTaken) { input.focus({ preventScroll: true }); input.click(); } else keys.choose(input);
  return true;
};

panel.clear = () => {
  const unit = panel.now?.querySelector("[data-unit].now") ?? panel.now;
  const chosen = [...(unit?.querySelectorAll("input:checked") ?? [])];
  chosen.forEach((input) => { input.checked = false; });
  chosen[0]?.dispatchEvent(new Event("change", { bubbles: true }));
};

panel.write = () => {
  const field = (panel.now ?? panel.form).querySelector("textarea:not(:disabled, [readonly])")
    ?? panel.form.querySelector(".asked:not([hidden]) textarea:not(:disabled, [readonly])");
  rating.page.classList.add("sheet");
  field?.focus();
  return true;
};

// Enter begins to write where the current question is nothing else; buttons and links keep it.
panel.enter = (target) => {
  if (!panel.now?.querySelector("textarea:not([readonly])") || panel.now.querySelector("input[type=radio], input[type=checkbox]")) return false;
  return target.closest("button, a, summary") ? false : panel.write();
};

panel.take = (event) => {
  const { key } = event;
  if (!panel.now) return false;
  const sent = new CustomEvent("panel:key", { bubbles: true, cancelable: true, detail: { key, shift: event.shiftKey } });
  if (!panel.now.dispatchEvent(sent)) return true;
  if (event.target.closest(".body") && key.startsWith("Arrow")) return false;
  if (key.length === 1 && (panel.press(key.toLowerCase()) || /\d/.test(key))) return true;
  if (key === "Enter") return panel.enter(event.target) || event.target.matches("input");
  const act = { ArrowUp: () => panel.move(-1), ArrowDown: () => panel.move(1), ArrowLeft: () => panel.sideways(-1),
    ArrowRight: () => panel.sideways(1), Backspace: panel.clear, w: panel.write }[key];
  act?.();
  return Boolean(act);
};

panel.showFirstOpen = () => {
  const [first] = panel.findOpen();
  if (!first) return false;
  rating.page.classList.add("sheet");
  panel.go(...first);
  panel.focus();
  panel.say(`Not sent yet. ${panel.describeOpen(panel.findOpen())}`);
  return true;
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
  panel.form.noValidate = true; // an open question may be out of sight; what is open is said instead
  panel.refresh();
  const open = panel.findOpen();
  const wrong = panel.showWrong();
  panel.go(wrong ?? open[0]?.[0] ?? panel.asked[0]);
  if (wrong) {
    rating.page.classList.add("sheet");
    panel.focus();
  }
};

// Before the page's own keys, which are for the bar.
document.addEventListener("keydown", (event) => {
  if (!panel.form || document.querySelector("dialog[open], [data-skip][open], :popover-open")) return;
  const isWriting = event.target.matches("textarea, select, input:not([type=radio], [type=checkbox])");
  if (isWriting || event.ctrlKey || event.metaKey || event.altKey || rating.page.dataset.singleKeys === "off") return;
  if (event.target.closest(".drawer") || !panel.take(event)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
}, true);

for (const name of ["input", "change"]) {
  document.addEventListener(name, (event) => {
    if (panel.form && event.target.closest("#answer")) panel.announce(panel.refresh());
  });
}
// Nothing moves from under a pointer that is down: its click would be lost.
document.addEventListener("pointerdown", () => { panel.isPressed = true; }, true);
for (const name of ["pointerup", "pointercancel"]) {
  document.addEventListener(name, () => { setTimeout(() => { panel.isPressed = false; }); }, true);
}
for (const name of ["focusin", "pointerdown"]) {
  document.addEventListener(name, (event) => {
    const question = event.target.closest?.(".panel .asked");
    const unit = event.target.closest?.("[data-unit]");
    if (!question || (question === panel.now && (!unit || unit.classList.contains("now")))) return;
    panel.go(question, unit ?? undefined);
  });
}
document.addEventListener("submit", (event) => {
  if (event.target !== panel.form || !panel.showFirstOpen()) return;
  event.preventDefault();
  event.stopImmediatePropagation();
}, true);
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-sheet]")) panel.now?.scrollIntoView({ block: "start" });
});
document.addEventListener("htmx:afterSettle", () => panel.start());
panel.start();
