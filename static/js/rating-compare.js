// How one text became another: what went and what came, by words.
"use strict";

const compare = {};
const LCS_CELLS = 1_000_000; // of two lists to compare; longer ones count as all changed
const AROUND = 60; // characters that stay in sight beside a change

// The longest common part of two lists, as pairs of [from, word]: "-" is of the old one, "+" of the new one.
compare.lists = (old, now) => {
  let head = 0;
  while (head < Math.min(old.length, now.length) && old[head] === now[head]) head += 1;
  let tail = 0;
  while (tail < Math.min(old.length, now.length) - head && old.at(-1 - tail) === now.at(-1 - tail)) tail += 1;
  const middle = compare.middle(old.slice(head, old.length - tail), now.slice(head, now.length - tail));
  const same = (words) => words.map((word) => ["=", word]);
  return [...same(old.slice(0, head)), ...middle, ...same(old.slice(old.length - tail))];
};

compare.middle = (old, now) => {
  const width = now.length + 1;
  if (old.length * now.length > LCS_CELLS) return [...old.map((word) => ["-", word]), ...now.map((word) => ["+", word])];
  const length = new Uint32Array((old.length + 1) * width);
  for (let i = old.length - 1; i >= 0; i -= 1) {
    for (let j = now.length - 1; j >= 0; j -= 1) {
      length[i * width + j] = old[i] === now[j] ? length[(i + 1) * width + j + 1] + 1
        : Math.max(length[(i + 1) * width + j], length[i * width + j + 1]);
    }
  }
  const steps = [];
  let [i, j] = [0, 0];
  while (i < old.length || j < now.length) {
    if (i < old.length && j < now.length && old[i] === now[j]) { steps.push(["=", old[i]]); i += 1; j += 1; }
    else if (j >= now.length || (i < old.length && length[(i + 1) * width + j] >= length[i * width + j + 1])) { steps.push(["-", old[i]]); i += 1; }
    else { steps.push(["+", now[j]]); j += 1; }
  }
  return steps;
};

compare.join = (steps) => {
  const parts = [];
  for (const [kind, text] of steps) {
    if (parts.at(-1)?.[0] === kind) parts.at(-1)[1] += text; else parts.push([kind, text]);
  }
  return parts;
};

// First by lines, then by words where lines changed. Of each changed place, what goes stands before what comes.
compare.texts = (old, now) => {
  const lines = (text) => text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
  const words = (text) => text.match(/[\p{L}\p{N}\p{M}_]+|\s+|./gsu) ?? [];
  const steps = [];
  let gone = "";
  let come = "";
  const flush = () => {
    steps.push(...compare.lists(words(gone), words(come)));
    gone = come = "";
  };
  for (const [kind, line] of compare.lists(lines(old), lines(now))) {
    if (kind === "-") gone += line; else if (kind === "+") come += line; else { flush(); steps.push(["=", line]); }
  }
  flush();
  return compare.gather(steps);
};

// A blank between two changed words belongs to the change: "old words" reads better than single ones.
compare.gather = (steps) => {
  const parts = [];
  let [gone, come, blank] = ["", "", ""];
  const flush = () => {
    if (gone) parts.push(["-", gone]);
    if (come) parts.push(["+", come]);
    if (blank) parts.push(["=", blank]);
    gone = come = blank = "";
  };
  for (const [kind, text] of compare.join(steps)) {
    if (kind === "=" && (gone || come) && !blank && /^[^\S\n]+$/.test(text)) { blank = text; continue; }
    if (kind === "=") { flush(); parts.push(["=", text]); continue; }
    if (blank) { gone += blank; come += blank; blank = ""; }
    if (kind === "-") gone += text; else come += text;
  }
  flush();
  return compare.join(parts);
};

compare.shorten = (text, isFirst, isLast) => {
  if (text.length <= 3 * AROUND) return text;
  const [head, tail] = [[...text].slice(0, AROUND).join(""), [...text].slice(-AROUND).join("")];
  return `${isFirst ? "" : head} … ${isLast ? "" : tail}`;
};

compare.draw = (parts) => parts.map(([kind, text], at) => {
  if (kind === "=") return document.createTextNode(compare.shorten(text, at === 0, at === parts.length - 1));
  const piece = document.createElement(kind === "-" ? "del" : "ins");
  const told = document.createElement("span");
  told.className = "vh";
  told.textContent = kind === "-" ? " Removed: " : " Added: ";
  piece.append(told, text);
  return piece;
});

compare.count = (parts, kind) => parts.filter(([found]) => found === kind)
  .reduce((sum, [, text]) => sum + (text.match(/[\p{L}\p{N}\p{M}_]+/gu)?.length ?? 0), 0);
