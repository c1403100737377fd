// Times in the reader's own zone, by a clock of 24 hours: the hour alone for today's, or all of it, or the day, where asked.
"use strict";

{
  const CLOCK = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
  const DAY = { day: "numeric", month: "long" };
  const WHOLE = { day: "numeric", month: "short", year: "numeric" };

  const write = (time) => {
    const moment = new Date(time.dateTime);
    const hour = moment.toLocaleTimeString("en-GB", CLOCK);
    if (time.dataset.local === "day") {
      time.textContent = moment.toLocaleDateString("en-GB", { day: "numeric", month: "short" });
      time.title = `${moment.toLocaleDateString("en-GB", WHOLE)}, ${hour}`;
      delete time.dataset.local;
      return;
    }
    const isWhole = time.dataset.local === "whole";
    const day = moment.toLocaleDateString("en-GB", isWhole ? WHOLE : DAY);
    const isToday = moment.toDateString() === new Date().toDateString();
    time.textContent = isToday && !isWhole ? hour : `${day}, ${hour}`;
    delete time.dataset.local;
  };
  const localise = () => document.querySelectorAll("time[data-local]").forEach(write);

  localise();
  for (const shown of ["htmx:afterSettle", "touchstone:shown"]) document.addEventListener(shown, localise);
}
