"use strict";
/* The player: the browser's video with chapters, a pause at each step, loop, speed, captions and keys.
   On a page of its own it reads ?autoplay, ?loop, ?stops and ?beat=N. Nothing plays by itself for readers who
   ask for reduced motion. */
class Player {
  constructor(root) {
    this.root = root;
    this.video = root.querySelector("video");
    this.caption = root.querySelector(".player-caption");
    this.buttons = [...root.querySelectorAll(".player-beats button")];
    this.beats = new Beats(
      this.video,
      this.buttons.map(({ dataset }) => ({
        start: Number(dataset.start),
        end: Number(dataset.end),
        caption: dataset.caption,
        chapter: dataset.chapter,
      })),
      Number(root.dataset.fps),
    );
    this.hasCaptions = this.beats.list.some((beat) => beat.caption);
    this.isPage = document.body.classList.contains("player-page");
    this.isAlone = document.querySelectorAll("[data-player]").length === 1;
    this.#makeTracks();
    this.#takeOver();
    this.#listen();
    this.toggle("captions", this.hasCaptions && root.dataset.captions === "on");
    if (this.isPage) this.#readAddress();
    this.#update();
  }

  get stops() {
    return this.isOn("stops");
  }

  isOn(name) {
    return this.root.querySelector(`[data-do=${name}]`).getAttribute("aria-pressed") === "true";
  }

  toggle(name, on = !this.isOn(name)) {
    this.root.querySelector(`[data-do=${name}]`).setAttribute("aria-pressed", String(on));
    if (name === "captions") this.caption.hidden = !on;
    if (name === "stops" || name === "loop") this.video.loop = this.isOn("loop") && !this.stops;
    if (name === "stops") this.#setStop();
  }

  play() {
    const { beats, video } = this;
    if (video.ended) beats.seek(0);
    else if (this.stops && beats.atEnd) this.go(this.isOn("loop") ? beats.current : beats.current + 1);
    this.#setStop();
    video.play().catch(() => this.#update()); // refused, as autoplay may be: the play button stays
  }

  pause() {
    this.video.pause();
  }

  /** Seek to the start of a beat; past the last one, to the first. */
  go(index) {
    this.beats.seek(((index % this.buttons.length) + this.buttons.length) % this.buttons.length);
    this.#setStop();
  }

  /** → : the next step, playing if steps are paused at, as a presenter's remote expects. */
  next() {
    if (this.beats.current + 1 < this.buttons.length) this.go(this.beats.current + 1);
    if (this.stops) this.play();
  }

  /** ← : the start of this step; from there, the step before. */
  previous() {
    const { current, list } = this.beats;
    const isAtStart = this.video.currentTime - list[current].start < 1;
    this.go(Math.max(0, current - (isAtStart ? 1 : 0)));
  }

  #setStop() {
    this.beats.stop = null;
    if (!this.stops) return;
    // A seek is asked for but not done yet when this runs: the video already tells the time it goes to.
    this.beats.stopAfter(this.beats.current, () => {
      if (this.isOn("loop")) {
        this.beats.seek(this.beats.current);
        this.play();
      }
      this.#update();
    });
  }

  #makeTracks() {
    for (const [kind, text] of [["captions", "caption"], ["chapters", "chapter"]]) {
      const track = this.video.addTextTrack(kind, kind, this.caption.lang);
      track.mode = "hidden";
      for (const beat of this.beats.list) {
        if (beat[text]) track.addCue(new VTTCue(beat.start, beat.end, beat[text]));
      }
      if (kind === "captions") {
        track.addEventListener("cuechange", () => {
          this.caption.textContent = [...track.activeCues].map((cue) => cue.text).pop() ?? "";
        });
      }
    }
  }

  /** Our controls in the place of the browser's. */
  #takeOver() {
    this.video.controls = false;
    this.video.preload = "auto";
    this.root.querySelector(".player-panel").hidden = false;
    this.root.querySelector("[data-do=captions]").hidden = !this.hasCaptions;
    const total = this.beats.list.at(-1).end;
    this.buttons.forEach((button, index) => {
      const { start, end } = this.beats.list[index];
      button.parentElement.style.flexGrow = String((end - start) / total);
    });
  }

  #listen() {
    const { root, video } = this;
    root.addEventListener("click", (event) => {
      const chapter = event.target.closest(".player-beats button");
      const control = event.target.closest("button[data-do]");
      if (chapter) this.go(this.buttons.indexOf(chapter));
      else if (control) this.#do(control.dataset.do);
      else if (event.target === video) this.#do("play");
      // After a click, space is to play and pause, not to press the same button again; tabbing is left alone.
      if (event.detail > 0 && (chapter || control)) root.focus({ preventScroll: true });
    });
    root.querySelector("[data-do=speed]").addEventListener("change", (event) => {
      video.playbackRate = Number(event.target.value);
    });
    (this.isAlone ? document : root).addEventListener("keydown", (event) => this.#key(event));
    for (const event of ["play", "pause", "ended", "timeupdate", "seeking", "loadedmetadata"]) {
      video.addEventListener(event, () => this.#update());
    }
    for (const jump of document.querySelectorAll("[data-beat]")) {
      jump.addEventListener("click", (event) => {
        event.preventDefault();
        this.go(Number(jump.dataset.beat) - 1);
        this.play();
        root.scrollIntoView({ block: "nearest" });
      });
    }
  }

  #do(name) {
    if (name === "play") this.video.paused ? this.play() : this.pause();
    else if (name === "next") this.next();
    else if (name === "previous") this.previous();
    else if (name === "fullscreen") this.#fullscreen();
    else this.toggle(name);
  }

  #key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("select, input, textarea")) return;
    const isOnButton = event.target.closest("button, a, summary") !== null;
    // On a page with more than the player, these keys scroll.
    const scrolls = !this.isPage && !this.root.contains(event.target);
    if (scrolls && [" ", "PageDown", "PageUp"].includes(event.key)) return;
    const keys = {
      " ": "play", k: "play", ArrowRight: "next", PageDown: "next", ArrowLeft: "previous", PageUp: "previous",
      p: "stops", l: "loop", c: "captions", f: "fullscreen",
    };
    if (/^[1-9]$/.test(event.key) && event.key <= this.buttons.length) this.go(Number(event.key) - 1);
    else if (event.key === "0") this.go(0);
    else if (keys[event.key] && !(event.key === " " && isOnButton)) this.#do(keys[event.key]);
    else return;
    event.preventDefault();
  }

  #fullscreen() {
    if (document.fullscreenElement) document.exitFullscreen();
    else if (this.root.requestFullscreen) this.root.requestFullscreen().catch(() => {}); // not allowed in this frame
    else if (this.video.webkitEnterFullscreen) this.video.webkitEnterFullscreen(); // iPhones show the video alone
  }

  #readAddress() {
    const asked = new URLSearchParams(location.search);
    if (asked.has("stops")) this.toggle("stops", true);
    if (asked.has("loop")) this.toggle("loop", true);
    const beat = Number(asked.get("beat"));
    if (beat >= 1 && beat <= this.buttons.length) this.go(beat - 1);
    if (asked.has("autoplay") && !matchMedia("(prefers-reduced-motion: reduce)").matches) {
      this.video.muted = true;
      this.play();
    }
  }

  #update() {
    const { video, beats, root } = this;
    const time = video.currentTime;
    const current = beats.current;
    root.classList.toggle("is-playing", !video.paused);
    root.querySelector(".player-start").hidden = !(video.paused && time === 0);
    for (const button of root.querySelectorAll("[data-do=play]")) {
      button.setAttribute("aria-label", video.paused ? "Play" : "Pause");
    }
    const minutes = Math.floor(Math.round(time) / 60);
    root.querySelector(".player-time").textContent = `${minutes}:${String(Math.round(time) % 60).padStart(2, "0")}`;
    root.querySelector(".player-chapter").textContent = beats.list[current].chapter;
    this.buttons.forEach((button, index) => {
      const { start, end } = beats.list[index];
      const share = index < current ? 1 : Math.min(Math.max((time - start) / (end - start), 0), 1);
      button.firstElementChild.style.transform = `scaleX(${share})`;
      if (index === current) button.setAttribute("aria-current", "step");
      else button.removeAttribute("aria-current");
    });
    for (const jump of document.querySelectorAll("[data-beat]")) {
      jump.classList.toggle("is-current", Number(jump.dataset.beat) - 1 === current && time > 0);
    }
  }
}

for (const root of document.querySelectorAll("[data-player]")) new Player(root);
