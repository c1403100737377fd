// The curator's desk as one page: prompts open at the right, older ones come while scrolling, filters and
// changes leave the place where it is. Without this file every link and button does the same with a new page.
"use strict";

const desk = {
  wide: matchMedia("(min-width: 901px)"),
  get root() { return document.querySelector("[data-desk]"); },
  get form() { return document.querySelector("[data-chosen]"); },
  get rows() { return [...document.querySelectorAll(".msg")]; },
  get current() { return document.querySelector(".msg.on"); },
  get boxes() { return [...document.querySelectorAll(".msg input[name=uid]")]; },
  get all() { return document.querySelector("[data-all]"); },

  // Show a row's prompt in the pane, and say so in the address.
  open(row, { keep = false } = {}) {
    const link = row.querySelector("a.t");
    for (const other of this.rows) other.classList.toggle("on", other === row);
    document.querySelectorAll(".msg a[aria-current]").forEach((a) => a.removeAttribute("aria-current"));
    link.setAttribute("aria-current", "true");
    row.scrollIntoView({ block: "nearest" });
    this.form.elements.open.value = row.dataset.uid;
    this.root.classList.add("has-open");
    clearTimeout(this.waiting);
    // Who holds J down reads nothing on the way.
    this.waiting = setTimeout(() => {
      htmx.ajax("GET", link.href, { target: "#pane", swap: "innerHTML" }).then(() => {
        if (this.current !== row) return;
        document.querySelector("#pane").scrollTop = 0;
        const title = document.querySelector("[data-open]")?.dataset.title;
        if (title) document.title = document.title.replace(/^[^·]*·/, `${title} ·`);
      });
      if (!keep) history.pushState({ desk: true }, "", link.href);
    }, keep ? 0 : 90);
  },

  step(by) {
    const rows = this.rows;
    if (!rows.length) return;
    const at = rows.indexOf(this.current);
    const next = rows[at < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, at + by))];
    if (next !== this.current) this.open(next);
    if (rows.indexOf(next) > rows.length - 8) this.more();
  },

  async more() {
    const item = document.querySelector("#more");
    if (!item || item.dataset.asked) return;
    item.dataset.asked = "yes";
    const answer = await fetch(item.querySelector("a").href, { headers: { "HX-Request": "true", "HX-Target": "more" } });
    // Without it the link stays, to be followed by hand.
    if (!answer.ok) return;
    item.outerHTML = await answer.text();
    if (this.all.checked) for (const box of this.boxes) box.checked = true;
    this.watch();
    this.count();
  },

  // Ask for older ones before the end of the list is seen, whichever part of the page it scrolls in.
  watch() {
    const item = document.querySelector("#more");
    if (item && item.getBoundingClientRect().top < innerHeight + 600 && item.checkVisibility()) this.more();
  },

  // How many are chosen; with none, the bar speaks of all.
  count() {
    const said = document.querySelector("[data-count]");
    if (!said) return;
    const chosen = this.boxes.filter((box) => box.checked).length;
    // Of very many, the count comes after the page.
    const all = said.dataset.total ? `All ${Number(said.dataset.total).toLocaleString("en")}` : "All";
    said.textContent = this.all.checked ? `${all} selected` : chosen ? `${chosen.toLocaleString("en")} selected` : all;
    this.all.indeterminate = !this.all.checked && chosen > 0;
  },

  clear() {
    for (const box of this.boxes) box.checked = false;
    this.all.checked = false;
    this.count();
  },

  // Send a change; the answer holds the words of what came of it, the rows as they are now, and the counts.
  async send(action, uids, extra = {}) {
    const form = this.form;
    const values = { action, open: form.elements.open.value, ...extra };
    if (this.all.checked && !uids) values.scope = "all";
    const body = new FormData();
    for (const [name, value] of Object.entries(values)) body.append(name, value);
    for (const uid of uids ?? this.boxes.filter((box) => box.checked).map((box) => box.value)) body.append("uid", uid);
    const answer = await fetch(form.getAttribute("action"), { method: "POST", body, headers: this.headers() });
    const moved = answer.headers.get("HX-Redirect");
    if (moved) { location.href = moved; return; }
    if (!answer.ok) { location.reload(); return; }
    this.take(await answer.text());
  },

  headers() {
    const token = document.querySelector("input[name=csrfmiddlewaretoken]").value;
    return { "HX-Request": "true", "HX-Target": "outcome", "X-CSRFToken": token };
  },

  take(html) {
    const parts = new DOMParser().parseFromString(html, "text/html");
    const chosen = new Set(this.boxes.filter((box) => box.checked).map((box) => box.value));
    const open = this.current?.dataset.uid;
    for (const fresh of parts.querySelector("template")?.content.querySelectorAll(".msg") ?? []) {
      const old = document.getElementById(fresh.id);
      if (!old) continue;
      fresh.classList.toggle("on", fresh.dataset.uid === open);
      if (chosen.has(fresh.dataset.uid)) fresh.querySelector("input").checked = true;
      old.replaceWith(document.adoptNode(fresh));
    }
    for (const id of ["facets", "glance"]) {
      const fresh = parts.getElementById(id);
      if (!fresh) continue;
      document.getElementById(id)?.replaceWith(document.adoptNode(fresh));
      htmx.process(fresh);
    }
    document.querySelector("#outcome").replaceChildren(...[...parts.querySelectorAll(".outcome")].map((part) => document.adoptNode(part)));
    this.count();
    const shown = document.querySelector("[data-open]")?.dataset.open;
    if (shown && this.current?.dataset.uid === shown) this.open(this.current, { keep: true });
  },
};

document.addEventListener("click", (event) => {
  const plain = !event.ctrlKey && !event.metaKey && !event.shiftKey && event.button === 0;
  const row = event.target.closest(".msg");
  if (row && event.target.closest("a.t") && plain && desk.wide.matches) {
    event.preventDefault();
    desk.open(row);
  } else if (event.target.closest("[data-more]") && plain) {
    event.preventDefault();
    desk.more();
  }
});

// Undo and the buttons of the bar go without a new page; Import and the rest are links.
document.addEventListener("submit", (event) => {
  const form = event.target.closest("[data-chosen], [data-one]");
  const button = event.submitter;
  if (!form || button?.formAction.includes("/undo/") || !button?.name) return;
  event.preventDefault();
  if (form.matches("[data-one]")) desk.send(button.value, [form.elements.uid.value]);
  else desk.send(button.value, desk.all.checked || desk.boxes.some((box) => box.checked) ? null : [], { tag: form.elements.tag.value });
  const tagging = document.querySelector("[data-tagging]");
  if (tagging) tagging.open = false;
});

document.addEventListener("htmx:oobAfterSwap", () => desk.count());
document.addEventListener("scroll", () => desk.watch(), { capture: true, passive: true });
addEventListener("popstate", () => location.reload());

// The histogram: drag over bars for a range. A click takes one, as its link says.
{
  let from = null;
  const bars = () => [...document.querySelectorAll("[data-brush] a")];
  const mark = (one, other) => {
    const all = bars();
    const [first, last] = [all.indexOf(one), all.indexOf(other)].sort((a, b) => a - b);
    all.forEach((bar, place) => bar.classList.toggle("is-brushed", place >= first && place <= last));
    return [all[first], all[last]];
  };
  const under = (event) => document.elementFromPoint(event.clientX, event.clientY)?.closest("[data-brush] a");
  document.addEventListener("dragstart", (event) => event.target.closest?.("[data-brush]") && event.preventDefault());
  document.addEventListener("pointerdown", (event) => { from = event.target.closest?.("[data-brush] a") ?? null; });
  document.addEventListener("pointermove", (event) => { const to = from && under(event); if (to) mark(from, to); });
  document.addEventListener("pointerup", (event) => {
    const to = from && under(event);
    if (to && to !== from) {
      const [first, last] = mark(from, to);
      const address = new URL(location.href);
      address.pathname = new URL(to.href.baseVal ?? to.href, location.href).pathname;
      address.searchParams.delete("after");
      address.searchParams.set("words", `${first.dataset.least}-${last.dataset.most}`);
      location.href = address.href;
    }
    from = null;
  });
}

if (desk.root) {
  const narrowing = document.querySelector("[data-narrowing]");
  const fit = () => { if (narrowing) narrowing.open = desk.wide.matches; };
  fit();
  desk.wide.addEventListener("change", fit);
  desk.watch();
  desk.count();
  desk.current?.scrollIntoView({ block: "nearest" });
}
