// What becomes of a shelf of places when a response is put somewhere. A shelf is { A: "1", B: "none", C: "" }:
// a place, no place, or still to rank. The server closes up and checks whatever comes; this shows it beforehand.
"use strict";

const places = {};

// Those that share a place, from the first to the last.
places.group = (shelf) => {
  const groups = new Map();
  for (const [letter, place] of Object.entries(shelf)) {
    if (Number(place)) groups.set(Number(place), [...(groups.get(Number(place)) ?? []), letter]);
  }
  return [...groups].sort(([a], [b]) => a - b).map(([start, letters]) => ({ start, letters }));
};

places.count = (groups) => groups.reduce((sum, { letters }) => sum + letters.length, 0);

// Groups keep their order and move as little as needed, within `first` to `last`.
places.settle = (groups, first, last) => {
  let free = first;
  for (const group of groups) {
    group.start = Math.max(group.start, free);
    free = group.start + group.letters.length;
  }
  let end = last + 1;
  for (const group of [...groups].reverse()) {
    group.start = Math.min(group.start, end - group.letters.length);
    end = group.start;
  }
  return groups;
};

// One response at `place`, between the groups before and after it; null where they do not fit around it.
places.insert = (before, letter, place, after, most) => {
  if (places.count(before) >= place || places.count(after) > most - place) return null;
  const one = { start: place, letters: [letter] };
  return [...places.settle(before, 1, place - 1), one, ...places.settle(after, place + 1, most)];
};

// Put at a place, a response shares it, or pushes who has it towards the nearest free place.
places.put = (shelf, letter, place, shares) => {
  const next = { ...shelf, [letter]: String(place) };
  if (!Number(place)) return next;
  const most = Object.keys(shelf).length;
  const groups = places.group({ ...shelf, [letter]: "" });
  const holds = ({ start, letters }) => start <= place && place < start + letters.length;
  const holder = groups.find(holds);
  const before = groups.filter((group) => group.start < place && group !== holder);
  const after = groups.filter((group) => group.start > place && group !== holder);
  let found;
  if (!holder) found = places.insert(before, letter, Number(place), after, most);
  else if (shares) {
    holder.letters.push(letter);
    found = places.settle(groups, 1, most);
  } else if (holder.start < place) { // taken by a tie: right after it
    found = places.settle([...before, holder, { start: Number(place), letters: [letter] }, ...after], 1, most);
  } else {
    found = places.insert(before, letter, Number(place), [holder, ...after], most)
      ?? places.insert([...before, holder], letter, Number(place), after, most)
      ?? places.settle([...before, { start: Number(place), letters: [letter] }, holder, ...after], 1, most);
  }
  for (const group of found) for (const one of group.letters) next[one] = String(group.start);
  return next;
};

// The better of two ends, or the worse: whoever had it goes back.
places.putEnd = (shelf, letter, end) => {
  const rest = Object.entries(shelf).map(([other, place]) => [other, end && place === end ? "" : place]);
  return { ...Object.fromEntries(rest), [letter]: end };
};

// As it is stored once all have one: a place is one more than there are better ones.
places.closeUp = (shelf) => {
  const taken = Object.values(shelf).map(Number).filter(Boolean);
  const better = (place) => taken.filter((other) => other < place).length;
  return Object.fromEntries(Object.entries(shelf).map(([letter, place]) => [letter, Number(place) ? String(1 + better(Number(place))) : place]));
};

places.isSame = (one, other) => Object.keys(one).every((letter) => one[letter] === other[letter]);
