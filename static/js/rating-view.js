// The rating page as it is seen: streak, verdict, scrolling, drawer. State lives in the form's inputs;
// everything here follows from them, so the page works without this file as a plain form.
"use strict";

const rating = {
  page: document.getElementById("rate"),
  get task() { return document.getElementById("task"); },
  get form() { return document.getElementById("answer"); },
  get chosen() { return this.form?.querySelector(".preference input:checked") ?? null; },
};

rating.showChoice = () => {
  const { page, chosen } = rating;
  if (!rating.form) return;
  const place = chosen?.dataset.place ?? null;
  const share = place === null ? 0 : chosen.dataset.strength / chosen.closest("[data-steps]").dataset.steps;
  for (const streak of page.querySelectorAll(".streak")) {
    streak.style.width = streak.dataset.place === place ? `${100 * share}%` : "0";
  }
  const word = place === null ? "" : chosen.closest("label").lastElementChild.lastChild.textContent.trim().toLowerCase();
  page.querySelectorAll(".read, .tabs a").forEach((part) => {
    const isBetter = (part.dataset.place ?? part.dataset.tab) === place;
    part.querySelector(".verdict").textContent = isBetter ? (word === "better" ? word : `${word} better`) : "";
    part.classList.toggle("better", isBetter);
  });
  page.querySelectorAll(".end").forEach((end) => end.classList.toggle("on", end.dataset.end === place));
  page.querySelectorAll(".seg input[data-place]").forEach((input) => {
    const between = place !== null && input.dataset.place === place && +input.dataset.strength < +chosen.dataset.strength;
    input.parentElement.classList.toggle("trail", between);
  });
};

// A chip of the group that is not shown says nothing: switching sides takes it back.
rating.dropHiddenChips = () => {
  for (const chips of rating.form?.querySelectorAll(".chips") ?? []) {
    if (chips.offsetParent === null && chips.parentElement.offsetParent !== null) {
      chips.querySelectorAll(":checked").forEach((input) => { input.checked = false; });
    }
  }
};

rating.countReasons = () => {
  const label = rating.page?.querySelector("[data-count]");
  if (!label || rating.form.closest(".panel")) return;
  const sentence = rating.form.querySelector(".sentence textarea")?.value.trim() ? 1 : 0;
  const count = rating.form.querySelectorAll(".chip :checked").length + sentence;
  label.textContent = count ? ` · ${count}` : "";
};

rating.bodies = () => [...(rating.page?.querySelectorAll(".body") ?? [])];
rating.together = localStorage.getItem("touchstone.together") !== "off";
rating.wrap = localStorage.getItem("touchstone.wrap") === "on";
rating.differences = localStorage.getItem("touchstone.differences") === "on";

// A choice that would change nothing is not offered: there is none where fewer than two scroll.
rating.offerTogether = () => {
  const button = rating.page?.querySelector("[data-toggle=together]");
  if (button) button.hidden = rating.bodies().filter((body) => body.scrollHeight > body.clientHeight + 4).length < 2;
};
// What opens over the page ends above the answer bar, however high that is.
rating.fitBar = () => {
  const bar = rating.page?.querySelector(".answer:not(.panel)");
  if (bar) document.documentElement.style.setProperty("--answer", `${bar.offsetHeight}px`);
};
rating.sizes = new ResizeObserver(() => { rating.offerTogether(); rating.fitBar(); });

rating.applyToggles = () => {
  rating.page?.classList.toggle("wrap", rating.wrap);
  for (const name of ["together", "wrap", "differences"]) {
    rating.page?.querySelector(`[data-toggle=${name}]`)?.setAttribute("aria-pressed", rating[name]);
  }
  rating.showDifferences?.();
};

rating.toggle = (name) => {
  rating[name] = !rating[name];
  localStorage.setItem(`touchstone.${name}`, rating[name] ? "on" : "off");
  rating.applyToggles();
};

rating.watchScrolling = () => {
  let leader = null;
  rating.sizes.disconnect();
  for (const bar of rating.page?.querySelectorAll(".answer") ?? []) rating.sizes.observe(bar);
  for (const body of rating.bodies()) {
    for (const part of [body, body.firstElementChild]) if (part) rating.sizes.observe(part);
    body.addEventListener("pointerenter", () => { leader = body; });
    body.addEventListener("focus", () => { leader = body; });
    body.addEventListener("scroll", () => {
      const isAtEnd = body.scrollTop + body.clientHeight >= body.scrollHeight - 4;
      body.classList.toggle("at-end", isAtEnd);
      if (isAtEnd) rating.markRead(body);
      if (!rating.together || (leader && leader !== body)) return;
      for (const other of rating.bodies()) if (other !== body) other.scrollTop = body.scrollTop;
    }, { passive: true });
    const fits = body.scrollHeight <= body.clientHeight + 4;
    body.classList.toggle("at-end", fits);
  }
};

rating.markRead = (body) => {
  const place = body.closest(".read")?.dataset.place;
  const state = rating.page.querySelector(`[data-tab="${place}"] .read-state`);
  if (state && !state.textContent) state.textContent = "read to the end";
};

rating.showOnly = (place) => {
  const current = rating.page.dataset.only ?? null;
  if (rating.bodies().length !== 2) return;
  const tab = rating.page.querySelector(`[data-tab="${place}"]`);
  if (tab?.offsetParent) { tab.click(); return; } // a small screen shows one at a time
  const next = place === null || current === place ? null : place;
  if (next === null) delete rating.page.dataset.only; else rating.page.dataset.only = next;
  for (const read of rating.page.querySelectorAll(".read")) read.classList.toggle("off", next !== null && read.dataset.place !== next);
  if (next === null && document.activeElement?.closest("[data-both]")) rating.task.focus({ preventScroll: true });
};

rating.watchTabs = () => {
  const reads = rating.page?.querySelector("[data-reads]");
  if (!reads) return;
  reads.addEventListener("scroll", () => {
    const place = Math.round(reads.scrollLeft / reads.clientWidth);
    rating.page.querySelectorAll("[data-tab]").forEach((tab) => {
      if (+tab.dataset.tab === place) tab.setAttribute("aria-current", "true"); else tab.removeAttribute("aria-current");
    });
  }, { passive: true });
};

// On a small screen what is not always in sight opens as a sheet.
rating.openSheet = (on) => {
  rating.page.classList.toggle("sheet", on);
  rating.page.querySelector("[data-sheet]")?.setAttribute("aria-expanded", on);
};

// What is being judged comes into view, where it is not: the next columns, or a small screen's other tabs.
rating.bringUp = (letter) => {
  const reads = rating.page?.querySelector("[data-reads]");
  const read = reads?.querySelector(`.read[data-letter="${letter}"]`);
  if (!read) return;
  const [seen, box] = [reads.getBoundingClientRect(), read.getBoundingClientRect()];
  if (box.left < seen.left - 1) reads.scrollLeft += box.left - seen.left;
  else if (box.right > seen.right + 1) reads.scrollLeft += box.right - seen.right;
};

rating.openPart = (name, open) => {
  const part = document.getElementById(name);
  if (part instanceof HTMLDialogElement) {
    if (part.open) part.close(); else part.showModal();
    return;
  }
  part.hidden = open === undefined ? !part.hidden : !open;
  rating.page.querySelector(`[data-open=${name}]`)?.setAttribute("aria-expanded", !part.hidden);
  if (!part.hidden) part.querySelector(".dr").focus();
};

rating.searchGuideline = (text) => {
  const guide = document.querySelector("#guideline .guide");
  guide.querySelectorAll("mark").forEach((mark) => mark.replaceWith(mark.textContent));
  guide.normalize();
  const wanted = text.trim().toLowerCase();
  const found = document.querySelector("[data-found]");
  if (wanted.length < 2) { found.textContent = ""; return; }
  const walker = document.createTreeWalker(guide, NodeFilter.SHOW_TEXT);
  const nodes = [];
  while (walker.nextNode()) nodes.push(walker.currentNode);
  let count = 0;
  for (let node of nodes) {
    for (let at = node.data.toLowerCase().indexOf(wanted); at >= 0; at = node.data.toLowerCase().indexOf(wanted)) {
      const hit = node.splitText(at);
      node = hit.splitText(wanted.length);
      const mark = document.createElement("mark");
      hit.replaceWith(mark);
      mark.append(hit);
      count += 1;
    }
  }
  guide.querySelector("mark")?.scrollIntoView({ block: "center" });
  found.textContent = count === 1 ? "1 place" : `${count} places`;
};

rating.closeSkip = () => {
  const [more, menu] = [rating.page?.querySelector("[data-more]"), rating.page?.querySelector("[data-skip]")];
  const open = [more, menu].find((part) => part?.open);
  if (!open) return false;
  open.open = false;
  [open, more].map((part) => part?.querySelector("summary")).find((summary) => summary?.offsetParent)?.focus();
  return true;
};

// The map tells the keys of the questions in hand; without an item, those of the last one.
rating.mapKeys = () => {
  const told = rating.form?.querySelector("[data-keys]");
  if (told) document.querySelector("[data-keys-of-answer]")?.replaceChildren(told.content.cloneNode(true));
  const count = rating.page?.querySelectorAll(".read").length ?? 0;
  document.querySelectorAll("[data-if-many]").forEach((part) => { part.hidden = count < 2; });
  document.querySelectorAll("[data-if-two]").forEach((part) => { part.hidden = count !== 2; });
};

rating.start = () => {
  rating.mapKeys();
  rating.applyToggles();
  rating.showChoice();
  rating.countReasons();
  rating.watchScrolling();
  rating.watchTabs();
  const toast = rating.page?.querySelector("[data-toast]");
  if (toast) setTimeout(() => toast.remove(), 6000);
};

document.addEventListener("change", (event) => {
  if (!event.target.closest("#answer")) return;
  rating.dropHiddenChips();
  rating.showChoice();
  rating.countReasons();
});
document.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (button?.dataset.open) rating.openPart(button.dataset.open);
  if (button?.dataset.close) rating.openPart(button.dataset.close, false);
  if (button?.dataset.toggle) rating.toggle(button.dataset.toggle);
  if (button && "both" in button.dataset) rating.showOnly(null);
  if (button && "sheet" in button.dataset) {
    rating.openSheet(!rating.page.classList.contains("sheet"));
  }
  if (button && "closeSkip" in button.dataset) rating.closeSkip();
  if (!event.target.closest("[data-skip]")) rating.page?.querySelector("[data-skip]")?.removeAttribute("open");
  if (button && "openSkip" in button.dataset) keys.skip();
  if (button?.closest("[data-more]") || !event.target.closest("[data-more]")) rating.page?.querySelector("[data-more]")?.removeAttribute("open");
});
document.getElementById("guideline-search")?.addEventListener("input", (event) => rating.searchGuideline(event.target.value));
// Where somebody wrote when they sent: a refusal brings them back there, the next item does not.
rating.writing = null;
document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.detail.elt !== rating.form) return;
  const field = document.activeElement;
  const isField = field?.closest("#answer") && field.matches("textarea, input:not([type=radio], [type=checkbox])");
  rating.writing = isField ? { name: field.name, at: field.selectionEnd } : null;
});
rating.placeFocus = () => {
  const isRefused = rating.task.querySelector(".refused") !== null;
  const field = isRefused && rating.writing && rating.form?.elements[rating.writing.name];
  if (field) {
    field.focus({ preventScroll: true });
    field.setSelectionRange(rating.writing.at, rating.writing.at);
  } else if (!isRefused || !rating.form?.contains(document.activeElement) || rating.writing) rating.task.focus({ preventScroll: true });
};
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target?.id !== "task") return;
  rating.openSheet(false);
  delete rating.page.dataset.only;
  rating.start();
  rating.placeFocus();
});
// htmx would give the focus to the next item's field of the same name.
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.target?.id === "task" && document.activeElement?.closest("#answer")) document.activeElement.blur();
});
rating.start();
