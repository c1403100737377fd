// Times in the reader's own zone: the hour alone for today's.
"use strict";

const localise = () => {
  for (const time of document.querySelectorAll("time[data-local]")) {
    const moment = new Date(time.dateTime);
    const hour = moment.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
    const isToday = moment.toDateString() === new Date().toDateString();
    time.textContent = isToday ? hour : `${moment.toLocaleDateString([], { day: "numeric", month: "long" })}, ${hour}`;
    delete time.dataset.local;
  }
};
localise();
document.addEventListener("htmx:afterSettle", localise);
