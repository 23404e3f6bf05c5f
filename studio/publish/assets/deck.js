"use strict";
/* A lecture in the browser: each press plays one step and rests on its last frame. A press while a step plays
   goes to its end. Readers who ask for reduced motion see the last frames only. */
(function () {
  const isStill = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const title = document.querySelector(".title-slide");
  const caption = document.querySelector(".deck-caption");
  const steps = [{ slide: title, chapter: document.title, caption: "", clip: "", still: "" }];
  for (const slide of document.querySelectorAll(".clip-slide")) {
    const video = slide.querySelector("video");
    const list = [...slide.querySelectorAll("li")].map(({ dataset, textContent }) => ({
      start: Number(dataset.start), end: Number(dataset.end), chapter: dataset.chapter, caption: textContent,
    }));
    const beats = new Beats(video, list, Number(video.dataset.fps));
    video.controls = false;
    slide.style.background = slide.dataset.background;
    list.forEach((beat, index) => steps.push({
      slide, video, beats, index, chapter: beat.chapter, caption: beat.caption,
      clip: slide.querySelector("h2").textContent,
      still: `media/${slide.id}/stills/${String(index + 1).padStart(2, "0")}.webp`,
    }));
  }
  let at = 0;
  let speaker = null;

  /** Show a step: its last frame, or playing towards it. */
  function show(index, isPlaying) {
    const before = steps[at];
    at = Math.min(Math.max(index, 0), steps.length - 1);
    const step = steps[at];
    if (before.video && before.video !== step.video) before.video.pause();
    for (const { slide } of steps) slide.classList.toggle("is-on", slide === step.slide);
    if (step.video) play(step, isPlaying && !isStill, before);
    const after = steps.find((other, i) => i > at && other.video && other.video !== step.video);
    if (after) after.video.preload = "auto";
    document.querySelector(".deck-bar output").textContent = `${at} / ${steps.length - 1}`;
    caption.textContent = step.caption;
    try {
      history.replaceState(null, "", at ? `#${at}` : location.pathname);
    } catch {
      // pages from the file system may not be renamed in some browsers
    }
    tellSpeaker();
  }

  function play(step, isPlaying, before) {
    const { beats, index, video } = step;
    if (!isPlaying) {
      video.pause();
      beats.seekEnd(index);
      return;
    }
    const goesOn = before.video === video && before.index + 1 === index && beats.atEnd && beats.current === before.index;
    // Going on from the frame it rests on, it just plays: a seek there could show as a flicker.
    if (!goesOn) beats.seek(index);
    beats.stopAfter(index, tellSpeaker);
    video.play().catch(() => beats.seekEnd(index)); // refused: show the result at least
  }

  const actions = {
    next() {
      const { video, beats, index } = steps[at];
      if (video && !video.paused) {
        video.pause();
        beats.seekEnd(index);
      } else if (at + 1 < steps.length) show(at + 1, true);
    },
    previous: () => show(at - 1, false),
    first: () => show(0, false),
    last: () => show(steps.length - 1, false),
    captions() {
      caption.hidden = !caption.hidden;
      document.querySelector("[data-do=captions]").setAttribute("aria-pressed", String(!caption.hidden));
    },
    notes() {
      speaker = window.open("notes.html", "notes", "width=900,height=640");
    },
    fullscreen() {
      if (document.fullscreenElement) document.exitFullscreen();
      else document.documentElement.requestFullscreen?.().catch(() => {}); // not allowed in this frame
    },
  };
  const keys = {
    ArrowRight: "next", PageDown: "next", " ": "next", Enter: "next", ArrowLeft: "previous", PageUp: "previous",
    Backspace: "previous", Home: "first", End: "last", c: "captions", s: "notes", f: "fullscreen",
  };

  function tellSpeaker() {
    const now = steps[at];
    const then = steps[at + 1];
    speaker?.postMessage({
      step: at, steps: steps.length - 1, clip: now.clip, chapter: now.chapter, caption: now.caption,
      then: then ? { caption: `${then.chapter}. ${then.caption}`, still: then.still } : null,
    }, "*"); // a page from the file system has no origin to name; the window is one that this page opened
  }

  document.body.classList.add("is-on");
  document.querySelector(".deck-bar").hidden = false;
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const isPress = (event.key === " " || event.key === "Enter") && event.target.closest("button, a");
    if (isPress || !keys[event.key]) return;
    event.preventDefault();
    actions[keys[event.key]]();
  });
  document.addEventListener("click", (event) => {
    const control = event.target.closest("[data-do]");
    const link = event.target.closest("a[href^='#']");
    if (control) actions[control.dataset.do]();
    else if (link) {
      event.preventDefault();
      show(steps.findIndex(({ slide }) => slide.id === link.hash.slice(1)), true);
    } else if (event.target.closest(".clip-slide")) actions.next();
  });
  addEventListener("message", (event) => {
    if (event.source !== speaker) return;
    if (event.data === "ready") tellSpeaker();
    else if (event.data === "next" || event.data === "previous") actions[event.data]();
  });
  show(Number(location.hash.slice(1)) || 0, false);
})();
