// Flagging: the item in hand and its draft stay as they are. What was begun is kept in this tab until it is sent.
"use strict";

const flags = {
  menu: document.getElementById("flag-menu"),
  form: document.getElementById("flag"),
  error: document.querySelector("[data-flag-error]"),
  get isOpen() { return this.menu?.matches(":popover-open") ?? false; },
  get lease() { return rating.task?.dataset.lease ?? rating.task?.dataset.revises; },
  get key() { return `touchstone.flag.${this.lease}`; },
};

flags.open = () => {
  if (!flags.lease) return;
  flags.menu.showPopover();
  flags.focus();
};

// At once: the next key may be on its way.
flags.focus = () => {
  if (flags.isOpen && !flags.menu.contains(document.activeElement)) (flags.form.querySelector(":checked") ?? flags.form.elements.kind[0]).focus();
};

// The browser gives the focus back where there was one before; else keys are the page's again, at once.
flags.close = () => {
  if (flags.isOpen) flags.menu.hidePopover();
  if (flags.menu.contains(document.activeElement)) document.activeElement.blur();
};

flags.askWords = () => {
  flags.form.elements.note.required = flags.form.elements.kind.value === "unclear";
};

flags.fields = () => new URLSearchParams([...new FormData(flags.form)].filter(([name]) => name !== "csrfmiddlewaretoken"));

// The form belongs to the item on the page: another one begins empty, or with what was begun about it.
flags.follow = () => {
  flags.close();
  flags.form.reset();
  flags.error.textContent = "";
  if (!flags.lease) return;
  flags.form.action = `${flags.form.dataset.base}${flags.lease}/flag`;
  for (const [name, value] of new URLSearchParams(sessionStorage.getItem(flags.key) ?? "")) flags.form.elements[name].value = value;
  flags.askWords();
};

flags.choose = (input) => {
  keys.choose(input);
  if (input.value === "unclear") flags.form.elements.note.focus();
};

flags.say = (text) => {
  const toast = document.createElement("div");
  toast.className = "toast";
  toast.textContent = text;
  rating.page.querySelector("[data-said]").replaceChildren(toast);
  setTimeout(() => toast.remove(), 6000);
};

flags.send = async () => {
  const { key, form } = flags;
  const button = form.querySelector("button");
  button.disabled = true;
  flags.error.textContent = "";
  try {
    const answer = await fetch(form.action, {
      method: "POST",
      body: flags.fields(),
      headers: { "X-CSRFToken": draft.cookie("csrftoken"), "X-Requested-With": "fetch" },
    });
    const told = await answer.json().catch(() => ({}));
    if (key !== flags.key) return;
    if (!answer.ok) {
      flags.error.textContent = answer.status === 401 ? "You were signed out. What you wrote is kept: sign in, then send it." : told.message ?? "That was not stored. What you wrote is kept; try again.";
      return;
    }
    sessionStorage.removeItem(key);
    flags.follow();
    flags.say(told.message);
  } catch {
    flags.error.textContent = "No connection: not sent yet. What you wrote is kept; send it when the connection is back.";
  } finally {
    button.disabled = false;
  }
};

keys.map.f = flags.open;

// While the menu is open, keys are for it alone.
document.addEventListener("keydown", (event) => {
  if (!flags.isOpen) return;
  event.stopImmediatePropagation();
  if (event.key === "Escape") {
    event.preventDefault();
    flags.close();
    return;
  }
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    flags.form.requestSubmit();
  }
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches("textarea") || rating.page.dataset.singleKeys === "off") return;
  const kind = flags.form.querySelector(`[data-flag-key="${CSS.escape(event.key)}"]`);
  if (!kind && event.key !== "f") return;
  event.preventDefault();
  if (kind) flags.choose(kind); else flags.close();
}, true);

flags.menu.addEventListener("toggle", (event) => {
  if (event.newState !== "open") return;
  rating.page.querySelector("[data-skip]")?.removeAttribute("open");
  flags.focus();
});
for (const name of ["input", "change"]) {
  flags.form.addEventListener(name, () => {
    flags.askWords();
    sessionStorage.setItem(flags.key, flags.fields().toString());
  });
}
flags.form.addEventListener("submit", (event) => {
  event.preventDefault();
  flags.send();
});

// The server says with an item how many answers wait to be read, where there are any.
document.addEventListener("unread", (event) => {
  const mark = rating.page.querySelector("[data-unread]");
  const words = `${event.detail.value} answer${event.detail.value === 1 ? "" : "s"}`;
  mark.setAttribute("aria-label", `${words} to read`);
  mark.querySelector(".wide").textContent = words;
  mark.querySelector(".small").textContent = event.detail.value;
  mark.hidden = false;
});
document.addEventListener("htmx:afterSwap", (event) => { if (event.detail.target?.id === "task") flags.follow(); });
flags.follow();
