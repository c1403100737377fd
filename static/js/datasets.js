// Without any kind of rows chosen nothing would leave, so the page says that and the button rests.
"use strict";

{
  const form = document.getElementById("export");
  const button = document.querySelector('button[form="export"]');
  const isShut = button?.disabled;

  const follow = () => {
    const some = form.querySelector("[name=formats]:checked") !== null;
    button.disabled = isShut || !some;
    for (const part of document.querySelectorAll("[data-chosen]")) {
      part.hidden = (part.dataset.chosen === "some") !== some;
    }
  };

  if (form && button && !isShut) {
    form.addEventListener("change", follow);
    follow(); // a browser that comes back to the page may have kept what was ticked
  }
}
