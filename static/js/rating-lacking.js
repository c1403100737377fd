// What an answer still lacks when it is sent: said in the page's own banner, marked, and the first of it has the focus.
// A kind that knows better than its fields writes what is still to do into data-lacks.
"use strict";

const lacking = {
  get banner() { return rating.task?.querySelector(":scope > [data-lacking]") ?? null; },
};

lacking.isOpen = (part) => part.dataset.open !== undefined || part.querySelector(":is(input, textarea, select):invalid") !== null;
lacking.title = (part) => (part.querySelector("legend") ?? part.querySelector("span")).firstChild.textContent.trim();

// Each thing that lacks an answer, in the order of the page, as [its question, its part for one response].
lacking.list = () => {
  if (panel.form) return panel.findOpen();
  return [...(rating.form?.querySelectorAll("[data-question]") ?? [])].filter(lacking.isOpen).map((part) => [part, part]);
};

lacking.describe = (open) => {
  if (open.length === 1 && open[0][1].dataset.lacks) return open[0][1].dataset.lacks;
  if (panel.form) return panel.describeOpen(open);
  return `Still open: ${open.map(([part]) => `“${lacking.title(part)}”`).join(", ")}`;
};

// What is empty, and besides it what contradicts: both are marked.
lacking.sentence = (open) => {
  const contrary = panel.form && open.some((one) => !panel.isContrary(one)) ? open.filter(panel.isContrary) : [];
  const words = [lacking.describe(open), ...contrary.map(([, unit]) => unit.dataset.lacks)].join(". ");
  return words.replace(/[^”.]$/u, "$&.");
};

// The field that a rater fills next: the first one, or what a chosen answer asks for besides.
lacking.field = (part) => {
  const shown = (field) => !field.disabled && field.type !== "hidden" && field.offsetParent !== null;
  const fields = [...part.querySelectorAll(".pool [data-tile], input, select, textarea")].filter(shown);
  const written = fields.filter((field) => field.matches("select, textarea"));
  const chosen = fields.find((field) => field.checked && !field.matches("[data-as-is]"));
  return (chosen ? written.find((field) => !field.value) ?? written[0] ?? chosen : fields[0]) ?? null;
};

lacking.mark = (part, on) => {
  const told = part.matches("[role=radiogroup], fieldset") ? part : part.querySelector("textarea:not([readonly])") ?? part;
  const ids = (told.getAttribute("aria-describedby") ?? "").split(" ").filter((id) => id && id !== "lacking");
  if (on) ids.push("lacking");
  part.classList.toggle("lacks", on);
  if (ids.length) told.setAttribute("aria-describedby", ids.join(" ")); else told.removeAttribute("aria-describedby");
  if (on && told.matches("[role=radiogroup], textarea")) told.setAttribute("aria-invalid", "true"); else told.removeAttribute("aria-invalid");
};

lacking.follow = (open) => {
  const parts = open.map(([, part]) => part);
  for (const part of rating.form.querySelectorAll(".lacks")) if (!parts.includes(part)) lacking.mark(part, false);
};

lacking.showBanner = (words) => {
  rating.task.querySelector(":scope > .refused[role=alert]")?.remove();
  rating.page.querySelector("[data-toast]")?.remove(); // it would lie over the banner
  lacking.banner?.remove();
  const banner = document.createElement("div");
  banner.className = "refused banner bad";
  banner.dataset.lacking = "";
  banner.setAttribute("role", "alert");
  const [sign, text, head, rest] = ["span", "span", "b", "span"].map((name) => document.createElement(name));
  sign.className = "sign";
  sign.setAttribute("aria-hidden", "true");
  head.textContent = "Not sent yet.";
  rest.textContent = ` ${words}`;
  text.id = "lacking";
  text.append(head, rest);
  banner.append(sign, text);
  rating.task.prepend(banner);
};

lacking.show = (open) => {
  lacking.showBanner(lacking.sentence(open));
  lacking.follow(open);
  for (const [, part] of open) lacking.mark(part, true);
  const [[question, part]] = open;
  if (panel.form || !lacking.field(part)) rating.openSheet(true);
  if (panel.form) panel.go(question, part);
  const field = lacking.field(part);
  field?.focus({ preventScroll: field.closest(".vh") !== null || field.matches(".vh") });
};

// As soon as nothing is lacking, nothing is said of it; what is still lacking is not said aloud again.
lacking.refresh = () => {
  const { banner } = lacking;
  if (!banner) return;
  const open = lacking.list();
  lacking.follow(open);
  if (!open.length) { banner.remove(); return; }
  banner.removeAttribute("role");
  banner.querySelector("b + span").textContent = ` ${lacking.sentence(open)}`;
};

lacking.start = () => { if (rating.form) rating.form.noValidate = true; };

window.addEventListener("submit", (event) => {
  if (event.target !== rating.form) return;
  const open = lacking.list();
  if (!open.length) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  lacking.show(open);
}, true);
for (const name of ["input", "change"]) {
  document.addEventListener(name, (event) => { if (rating.form && event.target.form === rating.form) lacking.refresh(); });
}
document.addEventListener("lacks", lacking.refresh); // a kind whose answer changes before its fields do
document.addEventListener("htmx:afterSwap", (event) => { if (event.detail.target?.id === "task") lacking.start(); });
lacking.start();
