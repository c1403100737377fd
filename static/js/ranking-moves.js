// What lifts and moves a response of a ranking: keys, pointers, taps.
"use strict";

ranking.keys = {
  ArrowLeft: () => ranking.step(-1),
  ArrowRight: () => ranking.step(1),
  "=": () => ranking.share(),
  "-": () => { if (ranking.slots.includes("none")) ranking.moveTo("none"); },
  Backspace: () => ranking.moveTo(""),
  Enter: () => ranking.drop(),
  " ": () => ranking.drop(),
  Escape: () => ranking.putBack(),
};

ranking.digit = (key) => {
  const tile = ranking.root && [...ranking.tiles.values()].find(({ dataset }) => dataset.lift === key);
  if (!tile) return false;
  if (ranking.lifted?.letter === tile.dataset.tile) ranking.drop(); else ranking.lift(tile.dataset.tile);
  return true;
};

// While one is lifted its keys come before the page's own. In the panel digits are for the current question.
ranking.take = (event) => {
  const { key } = event;
  const onTile = event.target.matches("[data-tile]");
  if (ranking.lifted && (onTile || ranking.hasSingleKeys()) && ranking.keys[key]) {
    ranking.lifted.isClicked = false;
    ranking.keys[key]();
    return true;
  }
  if (event.target.closest(".drawer") || !ranking.hasSingleKeys()) return false;
  if (ranking.root.closest(".panel") && !ranking.lifted) return false;
  if (key === "Backspace") { ranking.clear(); return true; }
  return ranking.digit(key);
};

ranking.hasSingleKeys = () => rating.page.dataset.singleKeys !== "off";

window.addEventListener("keydown", (event) => {
  if (!ranking.root || event.ctrlKey || event.metaKey || event.altKey) return;
  if (document.querySelector("dialog[open], [data-skip][open], #flag-menu:popover-open")) return;
  if (event.target.matches?.("textarea, select, input:not([type=radio], [type=checkbox])") || !event.target.matches) return;
  if (!ranking.take(event)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
}, true);
document.addEventListener("panel:key", (event) => {
  if (!event.target.querySelector("[data-ranking]")) return;
  if (event.detail.key === "Backspace") ranking.clear(); else if (!ranking.digit(event.detail.key)) return;
  event.preventDefault();
});

// How far from the left of its place each response stands, before another one moves it: [left, right].
ranking.measure = () => new Map([...ranking.tiles].map(([letter, tile]) => {
  const [box, place] = [tile.getBoundingClientRect(), tile.closest(".slot").getBoundingClientRect()];
  return [letter, [box.left - place.left, box.right - place.left]];
}));

// A pointer over those at a place shares it; beside them it comes before or after.
ranking.aim = (at, y) => {
  const shelf = ranking.root.querySelector(".shelf").getBoundingClientRect();
  if (y < shelf.top - 48 || y > shelf.bottom + 48 || at < shelf.left - 48 || at > shelf.right + 48) return null;
  const x = Math.min(Math.max(at, shelf.left + 2), shelf.right - 2);
  const row = [...ranking.root.querySelectorAll(".slot:not([hidden])")].map((slot) => [slot.dataset.slot, slot.getBoundingClientRect()])
    .filter(([, box]) => y >= box.top && y < box.bottom || box.height > shelf.height - 4);
  const tied = row.find(([name, box]) => ranking.isOnTiles(name, x - box.left)); // they may stand out of their place
  if (tied) return { slot: tied[0], shares: true };
  const [name, box] = row.find(([, { left, right }]) => x >= left && x < right) ?? [];
  if (name === undefined) return null;
  const edges = ranking.edges(name);
  const isBehind = edges && Number(name) && x - box.left > edges.right;
  return { slot: isBehind && ranking.slot(Number(name) + 1) ? String(Number(name) + 1) : name, shares: false };
};

// Where those stand that had the place before; nothing where nobody had.
ranking.edges = (name) => {
  const { from, letter } = ranking.lifted;
  const held = Object.keys(from).filter((other) => other !== letter && from[other] === name).map((other) => ranking.standing.get(other));
  if (!held.length) return null;
  const [left, end] = held.reduce((first, edge) => (edge[0] < first[0] ? edge : first));
  return { left: left + (end - left) / 4, right: Math.max(...held.map((edge) => edge[1])) };
};

ranking.isOnTiles = (name, x) => {
  const edges = ranking.mayTie && Number(name) ? ranking.edges(name) : null;
  return edges !== null && x >= edges.left && x <= edges.right;
};

ranking.follow = (event) => {
  const { drag } = ranking;
  if (!drag.moved && Math.hypot(event.clientX - drag.x, event.clientY - drag.y) < 6) return;
  if (!drag.moved) {
    drag.moved = true;
    ranking.root.querySelector(".shelf").setPointerCapture(event.pointerId);
    ranking.lift(drag.letter);
  }
  if (!ranking.lifted) return;
  const { from, letter, slot, shares } = ranking.lifted;
  const aim = ranking.aim(event.clientX, event.clientY) ?? { slot: from[letter], shares: false };
  if (aim.slot !== slot || aim.shares !== shares) ranking.moveTo(aim.slot, aim.shares);
};

document.addEventListener("pointerdown", (event) => {
  const tile = event.target.closest?.("[data-tile]");
  if (!tile || event.button !== 0) return;
  ranking.standing = ranking.measure();
  ranking.drag = { letter: tile.dataset.tile, x: event.clientX, y: event.clientY, moved: false };
});
document.addEventListener("pointermove", (event) => { if (ranking.drag && ranking.root) ranking.follow(event); });
document.addEventListener("pointerup", (event) => {
  const { drag } = ranking;
  ranking.drag = null;
  if (!drag?.moved || !ranking.lifted) return;
  ranking.dragged = true; // the click that follows is no tap
  setTimeout(() => { ranking.dragged = false; });
  if (ranking.aim(event.clientX, event.clientY)) ranking.drop(); else ranking.putBack();
});
document.addEventListener("pointercancel", () => {
  if (ranking.drag?.moved && ranking.lifted) ranking.putBack();
  ranking.drag = null;
});

// One after another of those that have no place yet; or a response, then the place.
document.addEventListener("click", (event) => {
  const slot = event.target.closest?.("[data-ranking] .slot");
  if (!slot || ranking.dragged) return;
  const tile = event.target.closest("[data-tile]");
  const isNext = tile && !slot.dataset.slot && tile.dataset.tile !== ranking.lifted?.letter;
  if (!ranking.lifted || isNext) {
    if (!tile) return;
    if (event.detail) ranking.choose(tile.dataset.tile); else ranking.lift(tile.dataset.tile); // no pointer: Enter on it
    return;
  }
  if (tile?.dataset.tile !== ranking.lifted.letter) ranking.moveTo(slot.dataset.slot, true);
  ranking.drop();
});

// Whoever goes on to another question has put it down.
document.addEventListener("panel:refresh", () => {
  const question = ranking.lifted && !ranking.drag && ranking.root?.closest(".asked");
  if (question && !question.classList.contains("now")) ranking.drop();
}, true);

// Sent is what is seen.
window.addEventListener("submit", (event) => { if (event.target === rating.form && ranking.root) ranking.drop(); }, true);

document.addEventListener("change", (event) => { if (event.target.closest("#answer")) ranking.show(); });

{
  const { start } = rating;
  rating.start = () => {
    start();
    ranking.start();
  };
}
ranking.start();
