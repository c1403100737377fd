// Questions that are asked only after a certain answer: hidden and disabled until then, and announced.
"use strict";

// A question waits for a token of an earlier one; one that repeats, for each response by itself.
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

// An answer about a response by which it loses to one without it: it is then neither preferred nor equal.
panel.checkLosing = () => {
  for (const unit of panel.form.querySelectorAll("[data-loses-by]")) {
    const { losesBy, losesIf, letters } = unit.dataset;
    const [left, right] = [...letters].map((letter) => panel.tokens(losesBy, letter).find((token) => losesIf.split(" ").includes(token)));
    const said = unit.querySelector("input:checked")?.value.split(":")[0] ?? "";
    const [lost, other] = left ? letters : [...letters].reverse();
    for (const name of ["filled", "lacks", "open"]) delete unit.dataset[name];
    if (Boolean(left) === Boolean(right) || ![lost, "tie", "both_good"].includes(said)) continue;
    const input = panel.form.querySelector(`.asked[data-asked="${losesBy}"] input[value="${left ?? right}"]`);
    unit.dataset.filled = "no";
    unit.dataset.open = "";
    unit.dataset.lacks = `Only ${lost} is “${input.closest("label").querySelector("span").textContent}”, so ${other} is the better one`;
  }
};

panel.announce = (appeared) => {
  if (!appeared.length) return;
  const [question] = appeared[0];
  const letters = appeared.filter(([other, letter]) => other === question && letter).map(([, letter]) => letter);
  panel.say(`Also asked now: ${question.dataset.title}${letters.length ? `, about response ${letters.join(" and ")}` : ""}`);
};
