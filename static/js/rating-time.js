// How long somebody really works on an item: with the page in front, and a hand or an eye on it.
"use strict";

const time = { lastSign: Date.now(), IDLE: 60_000 }; // ms without a sign of life, after which nobody is there

for (const name of ["pointermove", "pointerdown", "keydown", "wheel", "touchmove"]) {
  document.addEventListener(name, () => { time.lastSign = Date.now(); }, { passive: true, capture: true });
}
setInterval(() => {
  const field = rating.form?.elements["active-seconds"];
  if (field && !document.hidden && document.hasFocus() && Date.now() - time.lastSign < time.IDLE) field.value = +field.value + 1;
}, 1000);
