// Back to the last answers: a drawer that loads when it is opened, and the page where one of them is revised.
// What is changed there is kept on this device until it is saved; the item in hand keeps its own draft.
"use strict";

const answers = {
  drawer: document.getElementById("answers"),
  get list() { return this.drawer.querySelector(".dr"); },
  get isOpen() { return !this.drawer.hidden; },
  get isRevising() { return rating.task?.dataset.revises !== undefined; },
};

answers.close = () => {
  rating.openPart("answers", false);
  answers.mark();
  rating.task?.focus({ preventScroll: true });
};

answers.fetch = async () => {
  try {
    const answer = await fetch(document.getElementById("back").action, { headers: { "X-Requested-With": "fetch" } });
    draft.notice("signed-out", answer.status === 401);
    return answer.ok ? await answer.text() : null;
  } catch {
    return null;
  }
};

answers.open = async () => {
  rating.openPart("guideline", false);
  rating.openPart("answers", true);
  answers.mark();
  const waiting = setTimeout(() => { if (!answers.list.children.length) answers.list.textContent = "Loading…"; }, 300);
  const list = await answers.fetch();
  clearTimeout(waiting);
  if (list === null) {
    answers.list.textContent = "Your last answers could not be loaded. What you have written is kept; try again with Z.";
    return;
  }
  answers.list.innerHTML = list;
  document.dispatchEvent(new Event("touchstone:shown"));
  answers.list.querySelector("[data-given]")?.focus();
};

answers.mark = () => {
  for (const button of document.querySelectorAll("[data-answers]")) button.setAttribute("aria-expanded", answers.isOpen);
};

answers.toggle = () => (answers.isOpen ? answers.close() : answers.open());

answers.step = (by) => {
  const links = [...answers.list.querySelectorAll("[data-given]")];
  const next = links[links.indexOf(document.activeElement) + by];
  next?.focus();
  return next !== undefined;
};

// What was begun here before is in the form again: say so, and offer what was sent.
answers.greet = () => {
  const isBack = answers.isRevising && rating.form !== null && localStorage.getItem(draft.key()) !== null;
  for (const [name, hidden] of [["as-sent", isBack], ["kept", !isBack], ["forget", !isBack]]) {
    const part = rating.task?.querySelector(`[data-${name}]`);
    if (part) part.hidden = hidden;
  }
};

answers.forget = () => {
  localStorage.removeItem(draft.key());
  draft.changedAt = 0;
};

// After a submission the way back is in the message itself.
answers.offerBack = (path) => {
  const toast = rating.task?.querySelector("[data-toast]");
  if (!toast || toast.querySelector("button") || !path.endsWith("/submit")) return;
  const button = document.createElement("button");
  button.type = "button";
  button.dataset.answers = "";
  button.textContent = "Back";
  toast.append(button);
};

keys.map.z = answers.toggle;

document.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (button && "answers" in button.dataset) {
    event.preventDefault();
    answers.toggle();
  }
  if (answers.isRevising && button && "retry" in button.dataset) draft.notice("offline", false);
  if (button && "forget" in button.dataset) {
    answers.forget();
    location.reload();
  }
});

// Before the page's own keys: Esc closes the drawer, or leaves the answer as it was, and never a field besides.
document.addEventListener("keydown", (event) => {
  if (document.querySelector("dialog[open], [data-skip][open], #flag-menu:popover-open")) return;
  const isWriting = event.target.matches("textarea, select, input:not([type=radio], [type=checkbox])");
  if (event.key === "Escape" && answers.isOpen) {
    event.stopImmediatePropagation();
    answers.close();
  } else if (event.key === "Escape" && answers.isRevising && !isWriting && document.getElementById("guideline").hidden) {
    location.assign(rating.task.querySelector("[data-leave]").href);
  } else if (answers.isOpen && answers.list.contains(event.target) && ["ArrowDown", "ArrowUp"].includes(event.key)) {
    event.stopImmediatePropagation();
    if (answers.step(event.key === "ArrowDown" ? 1 : -1)) event.preventDefault();
  }
}, true);

// A refused answer stands in the page that comes back, and on this device as a change that was begun.
document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr } = event.detail;
  if (xhr.status !== 409 || !xhr.responseText.includes("data-revises")) return;
  event.detail.shouldSwap = true;
  event.detail.isError = false;
  const { lease, revises } = rating.task.dataset;
  localStorage.setItem(draft.revisionKey(lease ?? revises), draft.fields().toString());
  if (lease) localStorage.removeItem(draft.key());
});
document.addEventListener("htmx:beforeOnLoad", (event) => {
  if (answers.isRevising && event.detail.xhr.getResponseHeader("HX-Redirect")) answers.forget();
});
window.addEventListener("online", () => { if (answers.isRevising) draft.notice("offline", false); });
document.addEventListener("htmx:afterSettle", (event) => {
  answers.greet();
  answers.offerBack(event.detail.requestConfig?.path ?? "");
});
answers.greet();
