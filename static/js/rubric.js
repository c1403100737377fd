// The preview follows what is typed. Without this file a button beside the form shows it.
"use strict";

{
  const frame = document.getElementById("preview");
  const form = () => document.getElementById("editor");
  let last = 0;
  let timer = 0;

  // Written into the frame's own document: a navigation would fill the way back with previews.
  const show = async () => {
    const mine = ++last;
    let response;
    try {
      response = await fetch(form().dataset.preview, { method: "POST", body: new FormData(form()) });
    } catch {
      return;  // no connection; what was shown stays
    }
    const html = await response.text();
    if (!response.ok || mine !== last || !frame.contentDocument) return;
    frame.contentDocument.open();
    frame.contentDocument.write(html);
    frame.contentDocument.close();
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
