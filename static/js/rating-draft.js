// Nothing that a rater writes is lost: every change is saved on the server, and on this device until it is.
"use strict";

const draft = { timer: 0, changedAt: 0, savedAt: 0, failedSince: null, unsent: null, activeAt: Date.now() };
const SAVE_AFTER = 800; // ms of rest after the last change
const HOLD_EVERY = 60_000; // an item in use is held on
const IDLE_AFTER = 5 * 60_000; // and no longer in use after this

draft.revisionKey = (lease) => `touchstone.draft.revision.${lease}`;
draft.key = () => {
  const { lease, revises } = rating.task?.dataset ?? {};
  return revises ? draft.revisionKey(revises) : `touchstone.draft.${lease}`;
};
draft.cookie = (name) => document.cookie.split("; ").find((part) => part.startsWith(`${name}=`))?.split("=")[1] ?? "";
draft.time = (date) => date.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });

draft.say = (text, state = "") => {
  const place = rating.page?.querySelector("[data-saved]");
  if (!place || (place.textContent === text && place.dataset.state === state)) return;
  place.textContent = text;
  place.dataset.state = state;
  place.className = `saved ${state}`;
};

draft.notice = (name, on, text) => {
  const banner = rating.page?.querySelector(`[data-notice=${name}]`);
  if (!banner) return;
  if (on && banner.hidden) {
    const since = banner.querySelector("[data-since]");
    if (since) since.textContent = name === "offline" ? ` since ${draft.time(new Date())}` : ` at ${draft.time(new Date())}`;
  }
  if (text) banner.querySelector("[data-text]").textContent = text;
  banner.hidden = !on;
};

// An item that is only held on says how long it was worked on, and nothing of a draft.
draft.isUntouched = () => !draft.changedAt && !draft.savedAt;

draft.fields = () => new URLSearchParams([...new FormData(rating.form)].filter(([name]) => name !== "csrfmiddlewaretoken"));

draft.keepHere = () => localStorage.setItem(draft.key(), draft.fields().toString());

draft.save = async () => {
  if (!rating.form || !rating.task.dataset.lease) return;
  clearTimeout(draft.timer);
  const lease = rating.task.dataset.lease;
  const { changedAt } = draft;
  const isQuiet = draft.isUntouched();
  const fields = draft.fields();
  if (isQuiet) for (const name of [...fields.keys()]) if (name !== "active-seconds") fields.delete(name);
  if (!isQuiet) draft.say("Saving…");
  try {
    const answer = await fetch(rating.task.dataset.draftUrl, {
      method: "POST",
      body: fields,
      headers: { "X-CSRFToken": draft.cookie("csrftoken"), "X-Requested-With": "fetch" },
    });
    if (rating.task?.dataset.lease !== lease) return;
    await draft.hear(answer, changedAt, isQuiet);
  } catch {
    draft.notice("offline", true);
    draft.failedSince ??= new Date();
    draft.say(`Not sent yet: kept on this device, ${draft.time(draft.failedSince)}`, "late");
  }
};

draft.hear = async (answer, changedAt, isQuiet) => {
  draft.notice("offline", false);
  if (answer.status === 401 || answer.status === 403) {
    draft.notice("signed-out", true);
    draft.say("Not sent yet: kept on this device", "late");
    return;
  }
  const told = await answer.json().catch(() => ({}));
  if (!answer.ok) {
    draft.say(told.message ?? "Not saved: kept on this device", "late");
    return;
  }
  draft.failedSince = null;
  if (!isQuiet) draft.savedAt = Date.now();
  if (told.open) rating.task.dataset.expires = told.expires_at;
  if (draft.changedAt === changedAt) localStorage.removeItem(draft.key());
  draft.tick();
  draft.sendLate();
};

// What was submitted without a connection goes out when that is back, unless the rater has written on.
draft.sendLate = () => {
  const { unsent } = draft;
  draft.unsent = null;
  if (unsent?.lease === rating.task.dataset.lease && unsent.changedAt === draft.changedAt) rating.form.requestSubmit();
};

draft.tick = () => {
  if (!rating.task?.dataset.lease) return;
  if (draft.savedAt && !draft.failedSince && draft.savedAt >= draft.changedAt) {
    const seconds = Math.round((Date.now() - draft.savedAt) / 1000);
    const ago = seconds < 5 ? "just now" : seconds < 60 ? `${seconds - (seconds % 5)} s ago` : `at ${draft.time(new Date(draft.savedAt))}`;
    draft.say(`Draft saved ${ago}`, "ok");
  }
  const left = Math.max(0, Math.round((new Date(rating.task.dataset.expires) - Date.now()) / 1000));
  const clock = rating.page.querySelector("[data-countdown]");
  if (clock) clock.textContent = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
  draft.notice("expired", left === 0);
};

draft.change = () => {
  draft.changedAt = Date.now();
  draft.keepHere();
  if (rating.task.dataset.revises) { draft.say("Kept here, not saved yet"); return; }
  draft.say("Saving…");
  clearTimeout(draft.timer);
  draft.timer = setTimeout(draft.save, SAVE_AFTER);
};

// What this device kept from before a lost connection or a sign-out goes back into the form.
draft.restore = () => {
  draft.changedAt = draft.savedAt = 0;
  draft.failedSince = null;
  const kept = rating.form && localStorage.getItem(draft.key());
  if (!kept) return;
  const fields = new URLSearchParams(kept);
  for (const input of rating.form.elements) {
    if (!input.name || ["csrfmiddlewaretoken", "asked-as"].includes(input.name)) continue;
    if (input.type === "radio" || input.type === "checkbox") input.checked = fields.getAll(input.name).includes(input.value);
    else if (fields.has(input.name)) input.value = fields.get(input.name);
  }
  rating.start();
  draft.change();
};

for (const name of ["input", "change"]) {
  document.addEventListener(name, (event) => { if (rating.form && event.target.form === rating.form) draft.change(); });
}
for (const name of ["pointermove", "keydown", "scroll"]) {
  document.addEventListener(name, () => { draft.activeAt = Date.now(); }, { passive: true, capture: true });
}
document.addEventListener("click", (event) => { if (event.target.closest("[data-retry]")) draft.save(); });
window.addEventListener("online", () => draft.save());
window.addEventListener("pagehide", () => { if (draft.changedAt > draft.savedAt) draft.keepHere(); });

document.addEventListener("htmx:configRequest", (event) => {
  event.detail.headers["X-CSRFToken"] = draft.cookie("csrftoken");
});
document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.detail.elt.closest("#task")) clearTimeout(draft.timer);
});
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.xhr.status === 200 && event.detail.requestConfig.verb === "post") localStorage.removeItem(draft.key());
});
document.addEventListener("htmx:afterSettle", () => draft.restore());
document.addEventListener("htmx:sendError", (event) => {
  draft.keepHere();
  draft.notice("offline", true);
  if (event.detail.elt === rating.form) draft.unsent = { lease: rating.task.dataset.lease, changedAt: draft.changedAt };
});
document.addEventListener("htmx:responseError", (event) => {
  const { status } = event.detail.xhr;
  if (rating.form) draft.keepHere();
  if (status === 401 || status === 403) draft.notice("signed-out", true);
  else draft.notice("broken", true, status === 404 ? "This item is no longer yours." : "Something broke on our side.");
});

setInterval(draft.tick, 1000);
setInterval(() => {
  const inUse = !document.hidden && Date.now() - draft.activeAt < IDLE_AFTER;
  if (inUse && rating.form) draft.save();
}, HOLD_EVERY);
draft.restore();
draft.tick();
