// Scales and choices in the panel: which point means what, under whom it was chosen, and “none of these” alone.
"use strict";

const scales = {};

scales.tellMeaning = (unit) => {
  const place = unit.querySelector("[data-means]");
  const chosen = unit.querySelector("input:checked");
  if (place) place.textContent = chosen ? chosen.dataset.anchor : "Not yet rated";
};

scales.markAnchors = (question) => {
  const units = panel.units(question);
  for (const line of question.querySelectorAll(".anch [data-value]")) {
    const who = units.filter((unit) => unit.querySelector(`input[value="${line.dataset.value}"]:checked`));
    line.classList.toggle("on", who.length > 0);
    const place = line.querySelector("[data-who]");
    if (place) place.textContent = panel.letters().length < 2 ? "" : who.map((unit) => unit.dataset.unit).join(" ");
  }
};

scales.show = () => {
  for (const question of panel.list.filter(({ dataset }) => ["scale", "choice"].includes(dataset.kind))) {
    panel.units(question).forEach(scales.tellMeaning);
    scales.markAnchors(question);
    question.classList.toggle("unrated", question.dataset.kind === "scale" && panel.units(question).some((unit) => !unit.querySelector("input:checked")));
  }
};

scales.keepNoneAlone = (input) => {
  if (input.type !== "checkbox" || !input.checked || !input.closest(".picks")) return;
  for (const other of input.closest(".picks").querySelectorAll("input:checked")) {
    if (other !== input && (input.value === "none" || other.value === "none")) other.checked = false;
  }
};

document.addEventListener("panel:refresh", scales.show, true);
// Before the panel counts what is filled.
document.addEventListener("change", (event) => { if (panel.form && event.target.closest("#answer")) scales.keepNoneAlone(event.target); }, true);
if (panel.form) scales.show();
