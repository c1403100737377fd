// Ranking by drag, by tap and by keys. The answer is in the boxes of the form; the shelf shows and changes them.
// While a response is lifted, the shelf shows what would become of it; the boxes change when it is put down.
// One that is clicked is put down at once, and stays in hand so that the next click can move it.
"use strict";

const ranking = {
  lifted: null, // { letter, from: the shelf before, slot, shares, isClicked, before: what Escape goes back to }
  drag: null, // { letter, x, y, moved }
  tiles: new Map(), // by letter; kept, since one that changes its place is on no page for a moment
  get root() { return rating.form?.querySelector("[data-ranking]") ?? null; },
  get boxes() { return [...this.root.querySelectorAll("select[data-letter]")]; },
  get shelf() { return Object.fromEntries(this.boxes.map((box) => [box.dataset.letter, box.value])); },
  get hasEnds() { return this.root.classList.contains("ends"); },
  get mayTie() { return this.root.dataset.ties !== undefined; },
  get slots() { return [...this.root.querySelectorAll(".slot")].map((slot) => slot.dataset.slot); },
};

ranking.tile = (letter) => ranking.tiles.get(letter);
ranking.slot = (name) => ranking.root.querySelector(`[data-slot="${name}"]`);
ranking.say = (text) => { ranking.root.querySelector("[data-heard]").textContent = text; };

ranking.isComplete = (shelf) => {
  const said = Object.values(shelf);
  return ranking.hasEnds ? said.includes("best") && said.includes("worst") : !said.includes("");
};

ranking.preview = () => {
  const { lifted } = ranking;
  if (!lifted) return ranking.shelf;
  const { from, letter, slot, shares } = lifted;
  return ranking.hasEnds ? places.putEnd(from, letter, slot) : places.put(from, letter, slot, shares);
};

ranking.words = (shelf, letter) => {
  const place = shelf[letter];
  if (place === "none") return "no place: bad";
  if (!place || ranking.hasEnds) return place;
  const shared = Object.values(shelf).filter((other) => other === place).length > 1;
  return `${ranking.slot(place).querySelector(".lab").textContent}${shared ? ", shared" : ""}`;
};

// How the shelf looks.
ranking.fill = (slot, letters) => {
  const parts = letters.flatMap((letter, number) => {
    if (!number || !Number(slot.dataset.slot)) return [ranking.tile(letter)];
    const sign = document.createElement("span");
    sign.className = "eq";
    sign.textContent = "=";
    return [sign, ranking.tile(letter)];
  });
  const room = slot.querySelector(".tiles");
  slot.classList.toggle("tied", letters.length > 1 && Number(slot.dataset.slot) > 0);
  if (parts.length !== room.childNodes.length || parts.some((part, at) => part !== room.childNodes[at])) room.replaceChildren(...parts);
};

ranking.markTaken = (shelf) => {
  for (const { start, letters } of places.group(shelf)) {
    for (let place = start + 1; place < start + letters.length; place += 1) {
      const note = document.createElement("span");
      note.className = "taken";
      const by = document.createElement("span");
      by.textContent = " by the tie";
      note.append("taken", by);
      ranking.slot(place).querySelector(".tiles").replaceChildren(note);
    }
  }
};

ranking.showTile = (shelf, letter) => {
  const tile = ranking.tile(letter);
  const isLifted = ranking.lifted?.letter === letter;
  tile.classList.toggle("lift", isLifted);
  tile.classList.toggle("first", ["1", "best"].includes(shelf[letter]) && !isLifted);
  tile.setAttribute("aria-pressed", isLifted);
  tile.setAttribute("aria-label", `${letter}, ${ranking.words(shelf, letter) || (ranking.hasEnds ? "neither" : "to rank")}`);
};

// Over each response stands its place, with a streak as long as there are places behind it.
ranking.showHeads = (shelf) => {
  const most = Object.keys(shelf).length;
  const share = (place) => (Number(place) ? (most - place) / (most - 1) : Number(place === "best"));
  Object.keys(shelf).forEach((letter, at) => {
    const isFirst = ["1", "best"].includes(shelf[letter]);
    for (const part of rating.page.querySelectorAll(`.read[data-place="${at}"], .tabs a[data-tab="${at}"]`)) {
      const said = part.querySelector(".verdict");
      said.setAttribute("aria-live", "off");
      const words = ranking.words(shelf, letter);
      said.textContent = part.matches(".read") ? words : words.replace(", shared", " =").replace(": bad", "");
      part.classList.toggle("is-first", isFirst);
      const streak = part.querySelector(".streak");
      if (streak) streak.style.width = `${100 * share(shelf[letter])}%`;
    }
  });
};

ranking.show = () => {
  const { root, lifted } = ranking;
  if (!root) return;
  const shelf = ranking.preview();
  const focused = document.activeElement;
  for (const name of ranking.slots) {
    const slot = ranking.slot(name);
    ranking.fill(slot, Object.keys(shelf).filter((letter) => shelf[letter] === name));
    slot.classList.toggle("now", lifted !== null && shelf[lifted.letter] === name);
  }
  ranking.markTaken(shelf);
  for (const letter of Object.keys(shelf)) ranking.showTile(shelf, letter);
  ranking.showHeads(shelf);
  ranking.showLifted(shelf);
  ranking.tellState();
  if (focused !== document.activeElement && focused.matches("[data-tile]")) focused.focus({ preventScroll: true });
};

// The line over the shelf says where a lifted one is; otherwise how to begin.
ranking.showLifted = (shelf) => {
  const letter = ranking.lifted?.letter;
  ranking.root.classList.toggle("has-lifted", letter !== undefined);
  ranking.root.classList.toggle("is-clicked", Boolean(ranking.lifted?.isClicked));
  ranking.root.classList.toggle("is-dragged", Boolean(ranking.lifted && ranking.drag?.moved));
  if (!letter) return;
  const stands = ranking.lifted.isClicked && Number(shelf[letter]) > 0;
  const words = ranking.words(shelf, letter) || (ranking.hasEnds ? "neither" : "to rank");
  ranking.root.querySelector("[data-lifted]").textContent = stands ? `${letter} stands ${words}` : `${letter}: ${words}`;
};

// What is still to do, for whoever asks what the form lacks.
ranking.tellState = () => {
  const { root } = ranking;
  const shelf = ranking.preview(); // sending puts down whatever is lifted
  const isComplete = ranking.isComplete(shelf);
  const isBegun = Object.values(shelf).some(Boolean);
  root.toggleAttribute("data-open", !isComplete && (isBegun || root.dataset.required !== undefined));
  root.dataset.filled = isComplete ? "yes" : "no";
  const left = Object.keys(shelf).filter((letter) => !shelf[letter]);
  const ends = ["best", "worst"].filter((end) => !Object.values(shelf).includes(end));
  root.dataset.lacks = ranking.hasEnds ? `Still to choose: the ${ends.join(" and the ")}` : `Still to rank: ${left.join(", ")}`;
  if (panel.form) panel.showOpen();
  root.dispatchEvent(new Event("lacks", { bubbles: true }));
};

// Lift, move, put down.
ranking.lift = (letter) => {
  ranking.drop();
  const from = ranking.shelf;
  if (!(letter in from)) return;
  const taken = places.group(from).flatMap(({ start, letters }) => letters.map((_, more) => start + more));
  const free = ranking.slots.find((slot) => Number(slot) && !taken.includes(Number(slot)));
  const shares = Object.entries(from).some(([other, place]) => other !== letter && Number(place) && place === from[letter]);
  ranking.lifted = { letter, from, slot: from[letter] || (ranking.hasEnds ? "" : free), shares };
  ranking.tile(letter).focus({ preventScroll: true });
  ranking.show();
  rating.bringUp(letter);
  ranking.say(`${letter} is lifted, ${ranking.words(ranking.preview(), letter) || "at neither end"}. Arrows move it, Enter puts it down.`);
};

ranking.moveTo = (slot, shares = false) => {
  Object.assign(ranking.lifted, { slot, shares: shares && ranking.mayTie });
  ranking.show();
  const shelf = ranking.preview();
  const { letter } = ranking.lifted;
  const others = Object.keys(shelf).filter((other) => other !== letter && Number(shelf[other]) && shelf[other] === shelf[letter]);
  const told = ranking.words(shelf, letter) || (ranking.hasEnds ? "neither end" : "to rank");
  ranking.say(`${letter}: ${told}${others.length ? ` with ${others.join(" and ")}` : ""}`);
};

// Arrows go from the first place to the last one and stop there; from no place, back to the last one.
ranking.step = (by) => {
  const stops = ranking.slots.filter((slot) => Number(slot) || ranking.hasEnds);
  const shown = ranking.preview();
  const { lifted } = ranking;
  const from = shown[lifted.letter] === "none" ? stops.length : stops.indexOf(shown[lifted.letter]);
  for (let at = from + by; at >= 0 && at < stops.length; at += by) {
    const before = { ...lifted };
    Object.assign(lifted, { slot: stops[at], shares: false });
    if (!places.isSame(ranking.preview(), shown)) { ranking.moveTo(lifted.slot); return; }
    Object.assign(lifted, before);
  }
  const isLast = by > 0 && ranking.slots.includes("none");
  ranking.say(`${lifted.letter}: ${ranking.words(shown, lifted.letter)}, no further.${isLast ? " Minus gives it no place." : ""}`);
};

// With whoever is there already, else with the next better one, else with the next worse one; the arrows end it.
ranking.share = () => {
  const { lifted } = ranking;
  if (!ranking.mayTie) { ranking.say("Ties are not offered here."); return; }
  const place = Number(ranking.preview()[lifted.letter]);
  if (lifted.shares) { ranking.say(`${lifted.letter} shares its place already. The arrows move it away.`); return; }
  if (!place) { ranking.moveTo(lifted.slot); return; }
  const groups = places.group({ ...lifted.from, [lifted.letter]: "" });
  const there = groups.find(({ start }) => start === place) ?? groups.findLast(({ start }) => start < place) ?? groups[0];
  if (there) ranking.moveTo(String(there.start), true);
  else ranking.say("There is no other response to share a place with.");
};

ranking.store = (shelf) => {
  for (const box of ranking.boxes) box.value = shelf[box.dataset.letter];
  ranking.boxes[0].dispatchEvent(new Event("change", { bubbles: true }));
};

// Clicked, one that has no place yet takes the next free one, and has it without another click or key.
ranking.choose = (letter) => {
  ranking.drop();
  const before = ranking.shelf;
  ranking.lift(letter);
  if (!ranking.lifted) return;
  if (!before[letter] && !ranking.hasEnds) {
    ranking.drop();
    ranking.lift(letter);
  }
  Object.assign(ranking.lifted, { before, isClicked: true });
  ranking.show();
  const place = ranking.words(ranking.shelf, letter) || "at neither end";
  ranking.say(`${letter}: ${place}. Choose a place to move it.${ranking.isComplete(ranking.shelf) ? " The answer is complete." : ""}`);
};

ranking.drop = () => {
  const { lifted } = ranking;
  if (!lifted) return;
  let shelf = ranking.preview();
  if (ranking.isComplete(shelf) && !ranking.hasEnds) shelf = places.closeUp(shelf);
  ranking.lifted = null;
  ranking.store(shelf);
  ranking.show();
  const left = Object.keys(shelf).filter((letter) => !shelf[letter]);
  const told = `${lifted.letter} is put down: ${ranking.words(shelf, lifted.letter) || (ranking.hasEnds ? "neither end" : "to rank")}.`;
  ranking.say(ranking.isComplete(shelf) ? `${told} The answer is complete.` : `${told}${ranking.hasEnds ? "" : ` Still to rank: ${left.join(", ")}.`}`);
};

ranking.putBack = () => {
  const { letter, before } = ranking.lifted;
  ranking.lifted = null;
  if (before) ranking.store(before);
  ranking.show();
  ranking.say(`${letter} is back where it was.`);
};

ranking.clear = () => {
  ranking.store(Object.fromEntries(ranking.boxes.map((box) => [box.dataset.letter, ""])));
  ranking.say("Nothing is ranked any more.");
};

ranking.start = () => {
  ranking.lifted = ranking.drag = null;
  const { root } = ranking;
  if (!root) return;
  ranking.tiles = new Map([...root.querySelectorAll("[data-tile]")].map((tile) => [tile.dataset.tile, tile]));
  root.classList.add("on-shelf"); // the boxes are hidden now, and a hidden box must not hold the form back
  const shelf = root.querySelector(".shelf");
  // A finger that drags does not fling the page: a browser would take the next tap for the end of that.
  const hold = (event) => { if (ranking.drag?.moved) event.preventDefault(); };
  if (shelf.hidden) shelf.addEventListener("touchmove", hold, { passive: false });
  shelf.hidden = false;
  for (const box of ranking.boxes) box.required = false;
  ranking.show();
};
