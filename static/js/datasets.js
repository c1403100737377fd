// The recipe's page by keyboard: N shows other rows, / finds a prompt. Everything else is htmx, or the form itself.
"use strict";

document.addEventListener("search", (event) => {
  // A browser's own button that empties the field.
  if (event.target.matches(".seek input") && !event.target.value) htmx.trigger(event.target, "seek");
});

document.addEventListener("keydown", (event) => {
  const find = document.querySelector(".seek input");
  if (event.key === "Escape" && event.target === find) find.blur();
  if (event.key === "Enter" && event.target === find && window.htmx) {
    event.preventDefault(); // it would submit the whole recipe
    htmx.trigger(find, "seek");
  }
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  if (event.target.closest("input:not([type=checkbox]), textarea, select, pre")) return;
  if (document.querySelector(".datasets")?.dataset.singleKeys !== "on") return;
  const does = {
    n: () => document.querySelector("[data-next]")?.click(),
    "/": () => find?.focus(),
  }[event.key.toLowerCase()];
  if (!does) return;
  event.preventDefault();
  does();
});
