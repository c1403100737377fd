// Ticking items: all of a page at once, and how many are ticked. Without this file every box still works.
"use strict";

const ticking = document.querySelector("[data-ticking]");

if (ticking) {
  const all = ticking.querySelector("[data-tick-all]");
  const boxes = [...ticking.querySelectorAll("input[name=item]")];
  const said = ticking.querySelector("[data-ticked]");
  const scopes = ticking.elements.scope;

  const show = () => {
    const count = boxes.filter((box) => box.checked).length;
    said.textContent = `: ${count}`;
    all.checked = count === boxes.length;
    all.indeterminate = count > 0 && count < boxes.length;
  };

  all.hidden = false;
  all.addEventListener("change", () => {
    boxes.forEach((box) => { box.checked = all.checked; });
    show();
  });
  ticking.addEventListener("change", (event) => {
    if (event.target.name !== "item" && event.target !== all) return;
    scopes.value = "selected";
    show();
  });
  show();
}
