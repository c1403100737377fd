// Words are marked in the plain text as it is stored, in a field that is only read: the mouse and Shift with the arrow
// keys select in it. Places count code points of the stored text, in which a newline may be two characters; the
// field counts UTF-16 units and has every newline as one.
"use strict";

const spans = {};
const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" });
const wordsOf = new Intl.Segmenter(undefined, { granularity: "word" });

// `shown`: the text as the field has it. `places`: for each of its units, and its end, the place in the stored text.
spans.index = (stored) => {
  const places = [];
  let shown = "";
  const letters = [...stored];
  for (let at = 0; at < letters.length; at += 1) {
    const letter = letters[at] === "\r" ? "\n" : letters[at];
    for (let unit = 0; unit < letter.length; unit += 1) places.push(at);
    shown += letter;
    if (letters[at] === "\r" && letters[at + 1] === "\n") at += 1;
  }
  places.push(letters.length);
  return { shown, places, letters };
};

// A selection as stored places, without the blanks at its ends; null where nothing is left.
spans.toStored = ({ shown, places }, from, to) => {
  const isHalf = (at) => /[\udc00-\udfff]/.test(shown[at] ?? "") && /[\ud800-\udbff]/.test(shown[at - 1] ?? "");
  let [start, stop] = [isHalf(from) ? from - 1 : from, isHalf(to) ? to + 1 : to];
  while (start < stop && /\s/.test(shown[start])) start += 1;
  while (start < stop && /\s/.test(shown[stop - 1])) stop -= 1;
  return start < stop ? [places[start], places[stop]] : null;
};

// A half word at an end is taken whole, and what stands between words is left; of a pair of brackets or quotes, half.
spans.CLOSES = { "(": ")", "[": "]", "“": "”", "‘": "’", "„": "“", "«": "»", "\"": "\"", "'": "'" };
spans.snap = (shown, from, to) => {
  const inside = (at) => [...wordsOf.segment(shown)].find(({ index, segment, isWordLike }) => isWordLike && index < at && at < index + segment.length);
  const [head, tail] = [inside(from), inside(to)];
  let [start, stop] = [head?.index ?? from, tail ? tail.index + tail.segment.length : to];
  while (start < stop && /[\s.,;:!?؟،)\]]/.test(shown[start])) start += 1;
  while (start < stop && /[\s.,;:!?؟،([]/.test(shown[stop - 1])) stop -= 1;
  const [first, ending] = [spans.CLOSES[shown[start]], Object.keys(spans.CLOSES).filter((sign) => spans.CLOSES[sign] === shown[stop - 1])];
  if (first && !shown.slice(start + 1, stop).includes(first)) start += 1;
  if (ending.length && !ending.some((sign) => shown.slice(start, stop - 1).includes(sign)) && !/\d["']/.test(shown.slice(stop - 2, stop))) stop -= 1;
  if (start >= stop) return [from, to];
  while (/[$€£¥]/.test(shown[start - 1] ?? "")) start -= 1;
  while (/[%‰°$€£¥]/.test(shown[stop] ?? "")) stop += 1;
  return [start, stop];
};

// The first unit of the field at or after a stored place.
spans.toShown = ({ places }, place) => places.findIndex((stored) => stored >= place);

spans.isMark = (mark, index) => Array.isArray(mark) && mark.length === 3
  && Number.isInteger(mark[0]) && mark[0] >= 0 && mark[0] < mark[1] && mark[1] <= index.letters.length;

spans.read = (unit) => {
  try {
    return JSON.parse(unit.querySelector("[data-marks]").value || "[]").filter((mark) => spans.isMark(mark, unit.index));
  } catch {
    return [];
  }
};

spans.write = (unit, marks) => {
  const input = unit.querySelector("[data-marks]");
  marks.sort((a, b) => a[0] - b[0] || a[1] - b[1] || (a[2] < b[2] ? -1 : 1));
  input.value = marks.length ? JSON.stringify(marks) : "";
  input.dispatchEvent(new Event("change", { bubbles: true }));
};

spans.words = (unit, [start, stop]) => unit.index.letters.slice(start, stop).join("");
spans.button = (unit, label) => [...unit.querySelectorAll("[data-label]")].find((button) => button.dataset.label === label);
spans.say = (unit, text) => { unit.querySelector("[data-told]").textContent = text; };
spans.brief = (text) => (text.length > 60 ? `${[...text].slice(0, 40).join("")} … ${[...text].slice(-15).join("")}` : text);

spans.mark = (unit, button) => {
  const field = unit.querySelector("textarea");
  const found = spans.toStored(unit.index, field.selectionStart, field.selectionEnd);
  if (!found) { spans.say(unit, "Select the words first, then choose what they are."); field.focus(); return; }
  const marks = spans.read(unit);
  const words = spans.brief(spans.words(unit, found));
  const isThere = marks.some(([start, stop, label]) => start === found[0] && stop === found[1] && label === button.dataset.label);
  if (!isThere) spans.write(unit, [...marks, [...found, button.dataset.label]]);
  spans.say(unit, `“${words}” is ${isThere ? "already " : ""}marked as ${button.dataset.words}.`);
  const end = field.selectionEnd;
  field.focus();
  field.setSelectionRange(end, end);
};

spans.remove = (unit, at) => {
  const marks = spans.read(unit);
  const [[start, stop, label]] = marks.splice(at, 1);
  spans.write(unit, marks);
  spans.say(unit, `“${spans.brief(spans.words(unit, [start, stop]))}” is no longer marked as ${spans.button(unit, label)?.dataset.words ?? label}.`);
  (unit.querySelectorAll("[data-list] button")[Math.min(at, marks.length - 1)] ?? unit.querySelector("textarea")).focus();
};

// The last of the marks that the caret or the selection touches.
spans.removeHere = (unit, field) => {
  const touches = ([start, stop]) => spans.toShown(unit.index, start) <= field.selectionEnd && spans.toShown(unit.index, stop) >= field.selectionStart;
  const at = spans.read(unit).findLastIndex(touches);
  if (at < 0) { spans.say(unit, "No mark is here to remove."); return; }
  spans.remove(unit, at);
  field.focus();
};

// The marks under the text: pieces between the places where one begins or ends, and the caret.
spans.drawText = (unit, marks) => {
  const { shown } = unit.index;
  const field = unit.querySelector("textarea");
  const isCaret = document.activeElement === field && field.selectionStart === field.selectionEnd;
  const caret = isCaret ? field.selectionStart : -1;
  const ranges = marks.map(([start, stop, label]) => [spans.toShown(unit.index, start), spans.toShown(unit.index, stop), label]);
  const edges = [...new Set([0, shown.length, ...(isCaret ? [caret] : []), ...ranges.flatMap(([from, to]) => [from, to])])].sort((a, b) => a - b);
  const pieces = [];
  edges.forEach((from, at) => {
    if (from === caret) pieces.push(Object.assign(document.createElement("i"), { className: "caret" }));
    if (at === edges.length - 1) return;
    const to = edges[at + 1];
    const labels = ranges.filter(([start, stop]) => start <= from && stop >= to).map(([, , label]) => label);
    pieces.push(spans.drawPiece(unit, shown.slice(from, to), [...new Set(labels)]));
  });
  unit.querySelector(".under").replaceChildren(...pieces, "\u200b");
};

spans.drawPiece = (unit, text, labels) => {
  if (!labels.length) return document.createTextNode(text);
  const piece = document.createElement("span");
  const numbers = labels.map((label) => [...unit.querySelectorAll("[data-label]")].indexOf(spans.button(unit, label)) + 1);
  piece.className = `piece ${labels.length > 1 ? "over" : `l${numbers[0]}`}`;
  piece.textContent = text;
  return piece;
};

spans.drawList = (unit, marks) => {
  const rows = marks.map((mark, at) => {
    const row = document.createElement("li");
    const name = spans.button(unit, mark[2])?.dataset.words ?? mark[2];
    const words = Object.assign(document.createElement("q"), { dir: "auto", textContent: spans.brief(spans.words(unit, mark)) });
    const remove = Object.assign(document.createElement("button"), { type: "button", className: "tool", textContent: "Remove" });
    remove.dataset.remove = at;
    remove.setAttribute("aria-label", `Remove: “${words.textContent}” as ${name}`);
    row.append(words, Object.assign(document.createElement("span"), { textContent: name }), remove);
    return row;
  });
  unit.querySelector("[data-list]").replaceChildren(...rows);
};

spans.draw = (unit) => {
  const marks = spans.read(unit);
  const key = JSON.stringify(marks);
  spans.drawText(unit, marks);
  if (unit.dataset.drawn === key) return;
  unit.dataset.drawn = key;
  spans.drawList(unit, marks);
  unit.dataset.filled = marks.length ? "yes" : "no";
  for (const token of unit.querySelectorAll("[data-token]")) token.checked = marks.some(([, , label]) => label === token.dataset.token);
};

spans.refresh = () => {
  const units = [...(rating.form?.querySelectorAll("[data-marking]") ?? [])];
  if (!units.length) return;
  const before = units.map((unit) => unit.dataset.filled).join();
  const drawn = units.map((unit) => unit.dataset.drawn).join();
  for (const unit of units) {
    if (!unit.index) {
      const texts = JSON.parse(rating.form.querySelector("[data-texts]").dataset.texts);
      unit.index = spans.index((unit.dataset.marking ? texts.responses?.[unit.dataset.marking] : texts.prompt) ?? "");
      const field = unit.querySelector("textarea");
      field.value = unit.index.shown;
      field.setSelectionRange(0, 0);
    }
    spans.draw(unit);
  }
  if (units.map((unit) => unit.dataset.drawn).join() !== drawn) spans.drawRead(units);
  if (units.map((unit) => unit.dataset.filled).join() !== before) panel.refresh();
};

// Where a browser does not move the caret of a field that is only read, its keys are these: by words, with Alt by letters.
spans.step = (text, at, by, isWord) => {
  const parts = [...(isWord ? wordsOf : graphemes).segment(text)];
  const places = [...parts.filter((part) => !isWord || part.isWordLike).map((part) => part.index + (isWord && by > 0 ? part.segment.length : 0)), ...(isWord ? [0, text.length] : [text.length])].sort((a, b) => a - b);
  return by > 0 ? places.find((place) => place > at) ?? text.length : places.findLast((place) => place < at) ?? 0;
};

spans.move = (field, event) => {
  const isRightToLeft = getComputedStyle(field).direction === "rtl";
  const by = (event.key === "ArrowRight" ? 1 : -1) * (isRightToLeft ? -1 : 1);
  const isBack = field.selectionDirection === "backward";
  const [anchor, focus] = isBack ? [field.selectionEnd, field.selectionStart] : [field.selectionStart, field.selectionEnd];
  const ends = { Home: 0, End: field.value.length };
  const next = ends[event.key] ?? spans.step(field.value, focus, by, !event.altKey);
  const chosen = [Math.min(anchor, next), Math.max(anchor, next)];
  if (event.shiftKey) field.setSelectionRange(...(event.altKey ? chosen : spans.snap(field.value, ...chosen)), next < anchor ? "backward" : "forward");
  else field.setSelectionRange(next, next);
  spans.tellChosen(field.closest("[data-marking]"), field.selectionStart, field.selectionEnd);
};

document.addEventListener("keydown", (event) => {
  const unit = event.target.matches?.("[data-marking] textarea") && event.target.closest("[data-marking]");
  if (!unit || event.metaKey) return;
  if (/^[1-9]$/.test(event.key) && !event.ctrlKey && !event.altKey) {
    const button = unit.querySelectorAll("[data-label]")[event.key - 1];
    if (button) { event.preventDefault(); spans.mark(unit, button); }
  } else if (["Backspace", "Delete"].includes(event.key)) {
    event.preventDefault();
    spans.removeHere(unit, event.target);
  } else if (["ArrowLeft", "ArrowRight", "Home", "End"].includes(event.key)) {
    event.preventDefault();
    spans.move(event.target, event);
  }
}, true);
document.addEventListener("panel:key", (event) => {
  const unit = event.target.querySelector?.("[data-marking].now") ?? event.target.querySelector?.("[data-marking]");
  const button = unit && /^[1-9]$/.test(event.detail.key) && unit.querySelectorAll("[data-label]")[event.detail.key - 1];
  if (!button) return;
  event.preventDefault();
  spans.mark(unit, button);
});
document.addEventListener("click", (event) => {
  const unit = event.target.closest?.("[data-marking]");
  const button = event.target.closest?.("button");
  if (!unit || !button) return;
  if (button.dataset.label) spans.mark(unit, button);
  if (button.dataset.remove) spans.remove(unit, Number(button.dataset.remove));
});
document.addEventListener("selectionchange", () => {
  const unit = document.activeElement?.matches("[data-marking] textarea") && document.activeElement.closest("[data-marking]");
  if (unit?.index) spans.drawText(unit, spans.read(unit));
});
document.addEventListener("focusout", (event) => {
  const unit = event.target.matches?.("[data-marking] textarea") && event.target.closest("[data-marking]");
  if (unit?.index) setTimeout(() => spans.drawText(unit, spans.read(unit)));
});
