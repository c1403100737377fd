// What every page needs: copy buttons, and the focus on the first field that is wrong.
"use strict";

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const source = document.getElementById(button.dataset.copy);
  await navigator.clipboard.writeText(source.value ?? source.textContent);
  button.textContent = "Copied";
});

document.querySelector(".field-row.wrong :is(input, select, textarea)")?.focus();
