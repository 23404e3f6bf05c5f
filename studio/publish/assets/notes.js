"use strict";
/* The speaker's view: what is on, what comes, and the time since it opened. */
(function () {
  const deck = window.opener;
  const started = Date.now();
  const put = (id, text) => (document.getElementById(id).textContent = text);

  addEventListener("message", (event) => {
    if (event.source !== deck) return;
    const { step, steps, clip, chapter, caption, then } = event.data;
    put("step", `${step} / ${steps}`);
    put("now-clip", clip);
    put("now-chapter", chapter);
    put("now-caption", caption);
    put("then-caption", then ? then.caption : "The end.");
    const still = document.getElementById("then-still");
    still.hidden = !then?.still;
    if (then?.still) still.src = then.still;
  });
  document.addEventListener("click", (event) => {
    const control = event.target.closest("[data-do]");
    if (control) deck?.postMessage(control.dataset.do, "*");
  });
  document.addEventListener("keydown", (event) => {
    const keys = { ArrowRight: "next", PageDown: "next", ArrowLeft: "previous", PageUp: "previous" };
    if (keys[event.key]) deck?.postMessage(keys[event.key], "*");
  });
  setInterval(() => {
    const seconds = Math.floor((Date.now() - started) / 1000);
    put("clock", `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`);
  }, 500);
  deck?.postMessage("ready", "*");
})();
