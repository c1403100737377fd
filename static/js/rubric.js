// The preview follows what is typed. Without this file a button beside the form shows it.
"use strict";

{
  const box = document.querySelector(".seen");
  const form = () => document.getElementById("editor");
  let latest = 0;
  let timer = 0;

  const reveal = (frame) => {
    for (const other of box.querySelectorAll("iframe")) if (other !== frame) other.remove();
    frame.classList.remove("coming");
    frame.id = "preview";
  };

  // Each time into a frame of its own: the one before stays until it is there, and since a new frame's first
  // page takes no step in the history, the way back is not full of previews.
  const show = () => {
    const mine = ++latest;
    const frame = document.createElement("iframe");
    Object.assign(frame, { name: `preview-${mine}`, title: document.getElementById("preview").title, className: "coming" });
    box.append(frame);
    frame.addEventListener("load", () => {
      if (frame.contentWindow?.location.href === "about:blank") return;
      if (mine === latest) reveal(frame); else frame.remove();
    });
    const button = form().querySelector("[data-see]");
    button.formTarget = frame.name;
    form().requestSubmit(button);
  };

  const showSoon = () => {
    clearTimeout(timer);
    timer = setTimeout(show, 400);
  };

  document.addEventListener("input", (event) => { if (event.target.form === form()) showSoon(); });
  document.addEventListener("htmx:afterSwap", (event) => { if (event.detail.target?.id === "editor") show(); });
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-see]")) return;
    event.preventDefault();
    show();
  });
}
