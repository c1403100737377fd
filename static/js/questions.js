// The entry for the guideline follows the answer until somebody edits it.
"use strict";

document.addEventListener("input", (event) => {
  const form = event.target.closest("[data-answer]");
  if (!form) return;
  const { answer, entry } = form.elements;
  const frame = form.querySelector(".entry");
  if (event.target === entry) frame.dataset.touched = "";
  else if (event.target === answer && !("touched" in frame.dataset)) entry.value = `${entry.defaultValue.trim()}\n\n${answer.value.trim()}\n`;
});
