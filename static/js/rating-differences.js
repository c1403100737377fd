// Words that only one of two responses has, marked without touching the page: highlights live beside it.
"use strict";

const differences = { MOST: 1000 }; // words of a response; beyond that nothing is marked

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
  const ranges = [];
  const at = [0, 0];
  for (const [kind] of compare.lists(...sides.map((words) => words.map(({ word }) => word)))) {
    for (const side of kind === "=" ? [0, 1] : [kind === "-" ? 0 : 1]) {
      if (kind !== "=") ranges.push(differences.range(sides[side][at[side]]));
      at[side] += 1;
    }
  }
  CSS.highlights.set("difference", new Highlight(...ranges));
};

rating.showDifferences();
