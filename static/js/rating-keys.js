// Every answer has a key. Single keys rest in text fields, in dialogs, and where the profile turns them off.
"use strict";

const keys = {};

keys.choose = (input) => {
  if (!input) return;
  input.checked = true;
  input.focus({ preventScroll: true });
  input.dispatchEvent(new Event("change", { bubbles: true }));
};

keys.step = (by) => {
  const scale = [...(rating.form?.querySelectorAll(".seg input") ?? [])];
  const at = scale.findIndex((input) => input.checked);
  const middle = (scale.length - 1) / 2;
  const next = at < 0 ? Math.round(middle + by * (scale.length % 2 ? 1 : 0.5)) : at + by;
  keys.choose(scale[Math.min(scale.length - 1, Math.max(0, next))]);
};

keys.clear = () => {
  const { chosen } = rating;
  if (!chosen) return;
  chosen.checked = false;
  chosen.dispatchEvent(new Event("change", { bubbles: true }));
};

keys.scroll = (by) => {
  const bodies = rating.bodies();
  const lead = bodies.find((body) => body.matches(":focus, :hover")) ?? bodies[0];
  for (const body of rating.together ? bodies : [lead]) body?.scrollBy({ top: by * body.clientHeight * 0.4 });
};

keys.firstReason = () => {
  if (!rating.form) return;
  rating.openSheet(true);
  [...rating.form.querySelectorAll(".chip input")].find((input) => input.closest(".chips").offsetParent !== null)?.focus();
};

keys.sentence = () => {
  if (!rating.form) return;
  rating.openSheet(true);
  rating.form.querySelector(".sentence textarea")?.focus();
};

keys.skip = () => {
  const menu = rating.page.querySelector("[data-skip]");
  if (!menu) return;
  menu.open = !menu.open;
  if (menu.open) menu.querySelector("input").focus();
};

keys.search = () => {
  rating.openPart("guideline", true);
  document.getElementById("guideline-search").focus();
};

keys.earlier = () => {
  const earlier = rating.page.querySelector(".earlier");
  if (earlier) earlier.open = !earlier.open;
};

// The next response that is still covered; when none is, the first is covered again.
keys.uncover = () => {
  const veils = [...(rating.task?.querySelectorAll(".veil") ?? [])];
  const next = veils.find((veil) => !veil.open);
  if (next) next.open = true; else veils.forEach((veil) => { veil.open = false; });
};

keys.map = {
  ArrowLeft: () => keys.step(-1),
  ArrowRight: () => keys.step(1),
  Backspace: keys.clear,
  a: () => rating.showOnly("0"),
  b: () => rating.showOnly("1"),
  c: keys.earlier,
  g: () => rating.openPart("guideline"),
  j: () => keys.scroll(1),
  k: () => keys.scroll(-1),
  l: () => rating.toggle("wrap"),
  r: keys.firstReason,
  d: () => rating.toggle("differences"),
  s: () => rating.toggle("together"),
  u: keys.uncover,
  v: () => rating.showOnly(null),
  w: keys.sentence,
  x: keys.skip,
  "/": keys.search,
  "?": () => rating.openPart("keys"),
};

keys.leave = () => {
  if (rating.closeSkip()) return;
  if (document.activeElement?.closest("#guideline") || !document.activeElement?.matches("textarea, input")) rating.openPart("guideline", false);
  document.activeElement?.blur();
};

document.addEventListener("keydown", (event) => {
  if (!rating.page || document.querySelector("dialog[open]")) return;
  if (event.key === "Escape") { keys.leave(); return; }
  // Over an open list of answers, keys for the item under it would be meant for something else.
  if (!document.getElementById("answers").hidden && (event.key.toLowerCase() !== "z" || event.ctrlKey || event.metaKey)) return;
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    // A key that is still held down from the last answer has read nothing.
    if (rating.form || !event.repeat) (rating.form ?? document.getElementById("acknowledge"))?.requestSubmit();
    return;
  }
  if (event.key === "Enter" && event.target.matches("#answer input:is([type=radio], [type=checkbox])")) {
    event.preventDefault(); // a browser would send the form
    return;
  }
  const isWriting = event.target.matches("textarea, select, input:not([type=radio], [type=checkbox])");
  if (isWriting || event.ctrlKey || event.metaKey || event.altKey || rating.page.dataset.singleKeys === "off") return;
  const skipping = rating.page.querySelector("[data-skip][open]");
  if (skipping && event.key === "Enter" && event.target.matches("input")) return;
  const answer = skipping ? skipping.querySelector(`[data-skip-key="${event.key}"]`) : rating.form?.querySelector(`[data-key="${event.key}"]`);
  if (skipping && !answer && event.key !== "x") return;
  const act = answer ? () => keys.choose(answer) : keys.map[event.key.length === 1 ? event.key.toLowerCase() : event.key];
  if (!act || (event.key.startsWith("Arrow") && event.target.matches(".chip input"))) return;
  event.preventDefault();
  act();
});
