// The desk by keyboard, and choosing many prompts.
"use strict";

if (desk.root) {
  let last = null; // the box that was ticked last: Shift ticks all up to the next

  document.addEventListener("click", (event) => {
    const box = event.target.closest(".msg input[name=uid]");
    if (!box) return;
    const boxes = desk.boxes;
    if (event.shiftKey && last && boxes.includes(last)) {
      const [from, to] = [boxes.indexOf(last), boxes.indexOf(box)].sort((a, b) => a - b);
      for (const between of boxes.slice(from, to + 1)) between.checked = box.checked;
    }
    last = box;
    desk.count();
  });
  document.addEventListener("change", (event) => {
    if (!event.target.closest("[data-all]")) return;
    for (const box of desk.boxes) box.checked = event.target.checked;
    desk.count();
  });

  // What a key means: what is chosen, else the prompt that is open.
  const act = (action) => {
    const chosen = desk.all.checked || desk.boxes.some((box) => box.checked);
    const open = document.querySelector("[data-open]")?.dataset.open;
    if (chosen) desk.send(action, null);
    else if (open) desk.send(action, [open]);
  };
  const choose = () => {
    const box = desk.current?.querySelector("input[name=uid]");
    if (!box) return;
    box.checked = !box.checked;
    last = box;
    desk.count();
  };
  const tag = () => {
    const tagging = document.querySelector("[data-tagging]");
    const open = document.querySelector("[data-open]")?.dataset.open;
    const box = open && document.querySelector(`#p-${open} input[name=uid]`);
    if (box && !desk.all.checked && !desk.boxes.some((one) => one.checked)) { box.checked = true; desk.count(); }
    tagging.open = true;
    tagging.querySelector("input").focus();
  };
  const keys = {
    j: () => desk.step(1), ArrowDown: () => desk.step(1), k: () => desk.step(-1), ArrowUp: () => desk.step(-1),
    x: choose, a: () => act("approve"), e: () => act("retire"), t: tag,
    i: () => document.querySelector("[data-edit]")?.click(),
    "/": () => document.querySelector(".find input").focus(),
    "?": () => document.getElementById("keys").showModal(),
    Escape: () => desk.clear(),
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    const field = event.target.closest("input:not([type=checkbox]), textarea, select, dialog[open]");
    if (field) {
      if (event.key === "Escape" && !field.matches("dialog")) { field.blur(); document.querySelector("[data-tagging]").open = false; }
      if (event.key === "Enter" && field.name === "tag") { event.preventDefault(); document.querySelector("[data-tagging] [value=tag]").click(); }
      return;
    }
    const reading = event.target.closest("#pane") && event.key.startsWith("Arrow");
    const does = keys[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!does || reading) return;
    event.preventDefault();
    does();
  });
}
