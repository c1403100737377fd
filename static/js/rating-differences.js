// Words that only one of two responses has, marked without touching the page: highlights live beside it.
"use strict";

const differences = { MOST: 3000 }; // words of a response; beyond that nothing is marked

differences.words = (body) => {
  const walker = document.createTreeWalker(body, NodeFilter.SHOW_TEXT);
  const found = [];
  while (walker.nextNode()) {
    for (const match of walker.currentNode.data.matchAll(/[\p{L}\p{N}\p{M}_]+|[^\s\p{L}\p{N}\p{M}_]/gu)) {
      found.push({ node: walker.currentNode, at: match.index, word: match[0] });
    }
  }
  return found;
};

// Which words of both stand in a longest common subsequence; what is common at the ends is taken off first.
differences.common = (left, right) => {
  const kept = [new Set(), new Set()];
  let from = 0;
  let [leftEnd, rightEnd] = [left.length, right.length];
  const keep = (i, j) => { kept[0].add(i); kept[1].add(j); };
  while (from < Math.min(leftEnd, rightEnd) && left[from].word === right[from].word) { keep(from, from); from += 1; }
  while (leftEnd > from && rightEnd > from && left[leftEnd - 1].word === right[rightEnd - 1].word) {
    leftEnd -= 1;
    rightEnd -= 1;
    keep(leftEnd, rightEnd);
  }
  const width = rightEnd - from + 1;
  const lengths = new Uint16Array((leftEnd - from + 1) * width);
  for (let i = leftEnd - from - 1; i >= 0; i -= 1) {
    for (let j = rightEnd - from - 1; j >= 0; j -= 1) {
      lengths[i * width + j] = left[from + i].word === right[from + j].word
        ? lengths[(i + 1) * width + j + 1] + 1
        : Math.max(lengths[(i + 1) * width + j], lengths[i * width + j + 1]);
    }
  }
  for (let i = 0, j = 0; i < leftEnd - from && j < rightEnd - from;) {
    if (left[from + i].word === right[from + j].word) { keep(from + i, from + j); i += 1; j += 1; }
    else if (lengths[(i + 1) * width + j] >= lengths[i * width + j + 1]) i += 1;
    else j += 1;
  }
  return kept;
};

differences.range = ({ node, at, word }) => new StaticRange({ startContainer: node, startOffset: at, endContainer: node, endOffset: at + word.length });

rating.showDifferences = () => {
  if (!CSS.highlights) return;
  CSS.highlights.delete("difference");
  const bodies = [...(rating.page?.querySelectorAll(".read[data-letter] .body") ?? [])];
  if (!rating.differences || bodies.length !== 2) return;
  const sides = bodies.map(differences.words);
  if (sides.some((words) => words.length > differences.MOST)) {
    rating.page.querySelector("[data-said]").textContent = "These responses are too long to compare word by word.";
    return;
  }
  const kept = differences.common(...sides);
  const ranges = sides.flatMap((words, side) => words.filter((_, number) => !kept[side].has(number)).map(differences.range));
  CSS.highlights.set("difference", new Highlight(...ranges));
};

rating.showDifferences();
