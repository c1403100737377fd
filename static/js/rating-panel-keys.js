// The keys of the panel are the current question's: "panel:key" is sent to it first, and a kind that takes the key
// prevents its default.
"use strict";

panel.move = (by) => {
  const questions = panel.asked;
  const next = questions[questions.indexOf(panel.now) + by];
  if (!next) return;
  rating.openSheet(true);
  const isWhole = panel.units(panel.now).every(panel.isFilled); // of all responses: the next begins with the first
  const letter = !isWhole && panel.form.querySelector("[data-unit].now")?.dataset.unit;
  panel.go(next, panel.units(next).find((unit) => letter && unit.dataset.unit === letter));
  if (next.offsetHeight > next.parentElement.clientHeight) next.scrollIntoView({ block: "start" });
  panel.focus();
};

// On a small screen nobody answers what is not seen: the first key shows the question.
panel.unfold = (key) => {
  if (panel.now.offsetParent !== null || !(/^([\d=-]|Backspace|Arrow(Up|Down))$/.test(key) || panel.find(key))) return false;
  rating.openSheet(true);
  panel.now.scrollIntoView({ block: "start" });
  panel.focus();
  return true;
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
    rating.bringUp(next.dataset.unit);
    panel.focus();
    panel.say(`Response ${next.dataset.unit}`);
  } else if (question.querySelector(".seg")) keys.step(by);
  else if (units[0]) panel.stepInUnit(units[0], by);
};

panel.find = (key) => {
  const unit = panel.now.querySelector("[data-unit].now") ?? panel.units(panel.now)[0];
  return unit?.querySelector(`[data-key="${CSS.escape(key.toLowerCase())}"]:not(:disabled)`);
};

panel.press = (key) => {
  const input = panel.find(key);
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

// Where W writes: in the question at hand, else in the first that takes a text.
panel.findField = () => {
  const places = [panel.now?.querySelector("[data-unit].now"), panel.now, ...panel.asked];
  const fields = places.map((place) => place?.querySelector("textarea:not(:disabled, [readonly])"));
  return fields.find((field) => field && !field.closest("[hidden]"));
};

panel.write = () => {
  rating.openSheet(true);
  panel.findField()?.focus();
  return true;
};

panel.showWriteKey = () => {
  const unit = panel.findField()?.closest("[data-unit]");
  for (const key of panel.form.querySelectorAll("[data-w]")) key.classList.toggle("off", key.closest("[data-unit]") !== unit);
};

// Enter begins to write where the current question is nothing else; buttons and links keep it.
panel.enter = (target) => {
  if (!panel.now?.querySelector("textarea:not([readonly])") || panel.now.querySelector("input[type=radio], input[type=checkbox]")) return false;
  return target.closest("button, a, summary") ? false : panel.write();
};

panel.take = (event) => {
  const { key } = event;
  if (!panel.now) return false;
  const isReading = event.target.closest(".body") && key.startsWith("Arrow");
  if (!isReading && panel.unfold(key)) return true;
  const sent = new CustomEvent("panel:key", { bubbles: true, cancelable: true, detail: { key, shift: event.shiftKey } });
  if (!panel.now.dispatchEvent(sent)) return true;
  if (isReading) return false;
  if (key.length === 1 && (panel.press(key) || /\d/.test(key))) return true;
  if (key === "Enter") return panel.enter(event.target) || event.target.matches("input");
  const act = { ArrowUp: () => panel.move(-1), ArrowDown: () => panel.move(1), ArrowLeft: () => panel.sideways(-1),
    ArrowRight: () => panel.sideways(1), Backspace: panel.clear, w: panel.write }[key];
  act?.();
  return Boolean(act);
};

document.addEventListener("panel:refresh", panel.showWriteKey, true);

// Before the page's own keys, which are for the bar.
document.addEventListener("keydown", (event) => {
  if (!panel.form || document.querySelector("dialog[open], [data-skip][open], #flag-menu:popover-open")) return;
  const isWriting = event.target.matches("textarea, select, input:not([type=radio], [type=checkbox])");
  if (isWriting || event.ctrlKey || event.metaKey || event.altKey || rating.page.dataset.singleKeys === "off") return;
  if (event.target.closest(".drawer") || !panel.take(event)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
}, true);

// Once the scripts of all kinds have told what is answered in theirs.
document.addEventListener("DOMContentLoaded", panel.start);
