// Words are selected, and the marks are seen, where the message or the response is read as well.
"use strict";

// With the mouse, whole words: in the field, or in the message or the response as it is read.
spans.choose = (unit, [from, to]) => {
  unit.querySelector("textarea").setSelectionRange(from, to);
  spans.tellChosen(unit, from, to);
};

spans.tellChosen = (unit, from, to) => {
  const words = unit.index.shown.slice(from, to).trim();
  spans.say(unit, words && `“${spans.brief(words)}” is selected: choose what it is.`);
};

// Words with whatever Markdown may have between them, or read without it.
spans.pattern = (words) => {
  const parts = words.split(/[\s*_`~#>|\\-]+/).filter(Boolean).map((part) => part.replace(/[.+?^${}()[\]]/g, "\\$&"));
  return new RegExp(parts.join("[\\s*_`~#>|\\\\-]*") || "(?!)", "gu");
};

// Where what is read has the words, between whatever Markdown has there; as often as they came before.
spans.find = (shown, words, before) => {
  const pattern = spans.pattern(words);
  const found = [...shown.matchAll(pattern)][[...before.matchAll(pattern)].length];
  return found ? [found.index, found.index + found[0].length] : null;
};

spans.takeRead = (selection, isFree) => {
  const node = selection.rangeCount && !selection.isCollapsed ? selection.getRangeAt(0).startContainer : null;
  const home = (node?.nodeType === Node.ELEMENT_NODE ? node : node?.parentElement)?.closest(".read .body, .turn.last .prose, .band .say");
  const unit = home && rating.form?.querySelector(`[data-marking="${home.closest(".read")?.dataset.letter ?? ""}"]`);
  if (!unit?.index || unit.hidden || unit.closest("[hidden]") || !home.contains(selection.getRangeAt(0).endContainer)) return;
  const before = document.createRange();
  before.setStart(home, 0);
  before.setEnd(node, selection.getRangeAt(0).startOffset);
  const found = selection.toString().trim() && spans.find(unit.index.shown, selection.toString(), before.toString());
  panel.go(unit.closest(".asked"), unit);
  if (found) spans.choose(unit, isFree ? found : spans.snap(unit.index.shown, ...found));
  else spans.say(unit, "These words stand otherwise in the plain text below. Select them there.");
};

document.addEventListener("pointerup", (event) => {
  const field = document.activeElement?.matches("[data-marking] textarea") && document.activeElement;
  setTimeout(() => {
    if (!field) { if (panel.form) spans.takeRead(getSelection(), event.altKey); return; }
    const unit = field.closest("[data-marking]");
    const { selectionStart: from, selectionEnd: to } = field;
    if (unit.index && from < to && !event.altKey) field.setSelectionRange(...spans.snap(unit.index.shown, from, to));
  });
});

// What is read about a unit, as one text, and where each of its nodes begins.
spans.readOf = (unit) => {
  const letter = unit.dataset.marking;
  const home = rating.page?.querySelector(letter ? `.read[data-letter="${letter}"] .body .prose` : ".turn.last .prose, .band .say");
  if (!home) return null;
  const walker = document.createTreeWalker(home, NodeFilter.SHOW_TEXT);
  const nodes = [];
  let text = "";
  while (walker.nextNode()) {
    nodes.push({ node: walker.currentNode, at: text.length });
    text += walker.currentNode.data;
  }
  return { text, nodes };
};

// Where the words of a mark are read. Null unless they are read as often as they stand in the plain text: a link's address, say, is not read.
spans.placeRead = (index, { text, nodes }, [start, stop]) => {
  const [from, to] = [start, stop].map((place) => spans.toShown(index, place));
  const pattern = spans.pattern(index.shown.slice(from, to));
  const [stored, read] = [[...index.shown.matchAll(pattern)], [...text.matchAll(pattern)]];
  const found = stored.length === read.length && read[stored.findIndex((match) => match.index >= from && match.index + match[0].length <= to)];
  if (!found) return null;
  const place = (at) => { const { node, at: begin } = nodes.findLast((one) => one.at <= at); return [node, at - begin]; };
  const [[first, startOffset], [last, endOffset]] = [place(found.index), place(found.index + found[0].length - 1)];
  return new StaticRange({ startContainer: first, startOffset, endContainer: last, endOffset: endOffset + 1 });
};

// Highlights live beside the page, so that its text stays as it is.
spans.drawRead = (units) => {
  if (!CSS.highlights) return;
  const found = Array.from({ length: 9 }, () => []);
  for (const unit of units) {
    const read = spans.readOf(unit);
    const labels = [...unit.querySelectorAll("[data-label]")].map((button) => button.dataset.label);
    for (const mark of read ? spans.read(unit) : []) {
      const range = spans.placeRead(unit.index, read, mark);
      if (range) found[labels.indexOf(mark[2])]?.push(range);
    }
  }
  found.forEach((ranges, at) => CSS.highlights.set(`mark-${at + 1}`, new Highlight(...ranges)));
};

document.addEventListener("panel:refresh", spans.refresh, true);
spans.refresh();
