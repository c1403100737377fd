// What every page needs: copy buttons, a menu that closes, the focus on the first field that is wrong, and word
// of a session that ended while the page was open.
"use strict";

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const source = document.getElementById(button.dataset.copy);
  await navigator.clipboard.writeText(source.value ?? source.textContent);
  button.textContent = "Copied";
});

document.querySelector(".field-row.wrong :is(input, select, textarea)")?.focus();

{
  const menu = document.querySelector(".menu");
  document.addEventListener("click", (event) => {
    if (menu?.open && !menu.contains(event.target)) menu.open = false;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu?.open) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
}

{
  // The rating page has a notice of its own, beside the draft that it keeps.
  const messages = document.querySelector("#messages[data-sign-in]");
  document.addEventListener("htmx:responseError", (event) => {
    const isKnown = document.querySelector("[data-notice=signed-out], #signed-out");
    if (event.detail.xhr.status !== 401 || !messages || isKnown) return;
    const make = (name, properties, ...parts) => {
      const element = Object.assign(document.createElement(name), properties);
      element.append(...parts);
      return element;
    };
    const href = `${messages.dataset.signIn}?next=${encodeURIComponent(location.pathname + location.search)}`;
    const words = [make("b", {}, "You were signed out."), " This page stays as it is; sign in to go on."];
    const banner = make("div", { id: "signed-out", className: "banner bad" },
      make("span", { className: "sign" }), make("span", {}, ...words), make("a", { className: "btn", href }, "Sign in"));
    messages.append(banner);
  });
  document.addEventListener("htmx:afterOnLoad", (event) => {
    if (event.detail.successful) document.getElementById("signed-out")?.remove();
  });
}
