"use strict";
/** The clip as it comes in: beats as videos of their own on one time line, and stills that are there sooner. */
class Reel {
  static FPS = 15; // as studio/preview/draft.py draws
  static END = 15 * 3600; // a frame after any beat's last one

  /**
   * @param {HTMLVideoElement} video
   * @param {HTMLImageElement} still lies under the video
   * @param {() => void} changed called whenever what is shown, or where, has changed
   */
  constructor(video, still, changed) {
    Object.assign(this, { video, still, changed });
    this.speed = 1;
    this.clear();
    video.addEventListener("ended", () => this.#arrive());
    video.addEventListener("seeked", () => this.#reveal());
    const follow = () => {
      if (this.playing && !video.paused) {
        this.frame = Math.min(Math.floor(video.currentTime * Reel.FPS), this.frames(this.beat) - 1);
        this.changed();
      }
      requestAnimationFrame(follow);
    };
    requestAnimationFrame(follow);
  }

  /** Another clip: nothing of the one before is left. */
  clear() {
    for (const part of this.parts?.values() ?? []) URL.revokeObjectURL(part.url);
    this.parts = new Map(); // beat number from 1 → { url, isOld }
    this.list = [];
    this.beat = 1;
    this.frame = Reel.END; // a first beat often begins with an empty stage, and ends on something to see
    this.isFirstSight = true;
    this.playing = false;
    this.looping = false;
    this.shown = null;
    this.video.removeAttribute("src");
    this.video.classList.remove("is-shown");
    this.still.hidden = true;
  }

  get offset() {
    return this.frame / Reel.FPS;
  }

  get time() {
    return (this.list[this.beat - 1]?.start ?? 0) + this.offset;
  }

  frames(number) {
    const beat = this.list[number - 1];
    return beat ? Math.max(Math.round((beat.end - beat.start) * Reel.FPS), 1) : Infinity;
  }

  /** A new run: what is there stays to be seen until something newer comes. */
  age() {
    for (const part of this.parts.values()) part.isOld = true;
  }

  setBeats(list) {
    this.list = list;
    for (const [number, part] of this.parts) {
      if (number > list.length) {
        URL.revokeObjectURL(part.url);
        this.parts.delete(number);
      }
    }
    this.beat = Math.min(this.beat, Math.max(list.length, 1));
    this.frame = Math.min(this.frame, this.frames(this.beat) - 1);
    this.changed();
  }

  /** A picture of the moment that is on the screen, drawn anew. */
  async setStill(blob) {
    if (this.playing) return;
    const url = URL.createObjectURL(blob);
    const old = this.still.src;
    this.still.src = url;
    await this.still.decode().catch(() => {});
    if (old) URL.revokeObjectURL(old);
    this.still.hidden = false;
    this.video.classList.remove("is-shown");
    this.changed();
  }

  setPart(number, blob) {
    const old = this.parts.get(number);
    if (old) URL.revokeObjectURL(old.url);
    this.parts.set(number, { url: URL.createObjectURL(blob), isOld: false });
    if (number === this.beat) this.#load();
    this.changed();
  }

  seek(beat, frame) {
    this.isFirstSight = false;
    const count = Math.max(this.list.length, 1);
    this.beat = Math.min(Math.max(beat, 1), count);
    this.frame = Math.min(Math.max(frame, 0), this.frames(this.beat) - 1);
    this.#load();
    this.changed();
  }

  /** Go to a time of the whole clip, in seconds. */
  seekTime(time) {
    let index = 0;
    while (index + 1 < this.list.length && this.list[index + 1].start <= time) index += 1;
    this.seek(index + 1, Math.floor((time - (this.list[index]?.start ?? 0)) * Reel.FPS));
  }

  /** One frame on or back, also into the next beat. */
  step(by) {
    this.pause();
    const frame = this.frame + by;
    if (frame < 0 && this.beat > 1) this.seek(this.beat - 1, this.frames(this.beat - 1) - 1);
    else if (frame >= this.frames(this.beat) && this.beat < this.list.length) this.seek(this.beat + 1, 0);
    else this.seek(this.beat, frame);
  }

  play() {
    if (!this.list.length) return;
    this.playing = true;
    if (this.isFirstSight) this.frame = 0;
    else if (this.frame >= this.frames(this.beat) - 1) {
      if (this.looping) this.frame = 0;
      else if (this.beat < this.list.length) [this.beat, this.frame] = [this.beat + 1, 0];
      else [this.beat, this.frame] = [1, 0];
    }
    this.isFirstSight = false;
    this.#load();
    this.changed();
  }

  pause() {
    this.playing = false;
    this.video.pause();
    this.changed();
  }

  setSpeed(speed) {
    this.speed = this.video.playbackRate = speed;
  }

  /** Bring the video to where we are, if this beat is there. */
  #load() {
    const part = this.parts.get(this.beat);
    if (!part) {
      this.video.pause();
      return; // what was on the screen stays; playing goes on when the beat comes
    }
    if (this.shown !== part.url) {
      this.shown = part.url;
      this.video.src = part.url;
      this.video.playbackRate = this.speed;
    }
    this.video.currentTime = (this.frame + 0.5) / Reel.FPS;
    if (this.playing) this.video.play().catch(() => {});
    else this.video.pause();
  }

  /** The video shows the frame that was asked for: it covers the still. */
  #reveal() {
    this.video.classList.add("is-shown");
    this.changed();
  }

  #arrive() {
    if (!this.playing) return;
    if (this.looping) this.seek(this.beat, 0);
    else if (this.beat < this.list.length) this.seek(this.beat + 1, 0);
    else {
      this.frame = this.frames(this.beat) - 1;
      this.pause();
    }
  }
}
