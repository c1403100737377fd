// Sending a big file: how much is there, how fast it goes, when it ends; and a word before one that is too big.
"use strict";

{
  const WORTH_WATCHING = 2e6; // bytes; below that the browser's own way is as good
  const say = (bytes) => bytes >= 1e9 ? `${(bytes / 1e9).toFixed(1)} GB` : `${Math.max(1, Math.round(bytes / 1e6)).toLocaleString("en")} MB`;
  const last = (seconds) => seconds < 90 ? `${Math.max(1, Math.round(seconds))} seconds` : `${Math.round(seconds / 60)} minutes`;
  let request = null;

  document.addEventListener("change", (event) => {
    const form = event.target.closest("form[data-upload]");
    if (!form || event.target.type !== "file") return;
    const file = event.target.files[0];
    let error = form.querySelector("[data-too-big]");
    if (!file || file.size <= Number(form.dataset.limit)) {
      error?.remove();
      return;
    }
    error ??= Object.assign(document.createElement("span"), { className: "error" });
    error.dataset.tooBig = "";
    error.setAttribute("role", "alert");
    error.textContent = `This file has ${say(file.size)}; at most ${form.dataset.limitWords} can be sent. Split it, or pack it with gzip.`;
    event.target.after(error);
  });

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("form[data-upload]")) return;
    if (form.querySelector("[data-too-big]")) {
      event.preventDefault();
      form.querySelector("input[type=file]").focus();
      return;
    }
    const file = form.querySelector("input[type=file]").files[0];
    if (!file || file.size < WORTH_WATCHING) return;
    event.preventDefault();
    send(form, new FormData(form, event.submitter));
  });

  const send = (form, data) => {
    const box = form.querySelector(".upload");
    const words = box.querySelector("[data-upload-words]");
    const buttons = form.querySelectorAll("button:not([data-upload-cancel])");
    const since = performance.now();
    const stop = (text) => {
      buttons.forEach((button) => { button.disabled = false; });
      words.textContent = text;
    };
    buttons.forEach((button) => { button.disabled = true; });
    box.hidden = false;
    request = new XMLHttpRequest();
    request.open("POST", form.action);
    request.setRequestHeader("HX-Request", "true");
    request.upload.addEventListener("progress", ({ loaded, total }) => {
      const seconds = (performance.now() - since) / 1000;
      const rate = loaded / seconds;
      box.querySelector("progress").value = loaded / total;
      words.textContent = loaded < total
        ? `${say(loaded)} of ${say(total)} · ${say(rate)} a second · done in about ${last((total - loaded) / rate)}`
        : `${say(total)} are there; the first rows are being read`;
    });
    request.addEventListener("load", () => {
      const there = request.getResponseHeader("HX-Redirect");
      if (there) location.assign(there);
      else if (request.status === 200 || request.status === 422) form.closest("#bring").outerHTML = request.responseText;
      else stop("The server could not take the file; nothing of it was kept. Try again.");
    });
    request.addEventListener("error", () => stop("The connection broke; nothing of the file was kept. Try again."));
    request.addEventListener("abort", () => stop("Cancelled; nothing of the file was kept."));
    request.send(data);
  };

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-upload-cancel]")) request?.abort();
  });
}
