"use strict";
/** Beats of a video: which one is on, and playing up to the end of one to rest on its last frame. */
class Beats {
  /**
   * @param {HTMLVideoElement} video
   * @param {{start: number, end: number, caption: string, chapter: string}[]} list in order, in seconds
   * @param {number} fps frames per second of the video
   */
  constructor(video, list, fps) {
    this.video = video;
    this.list = list;
    this.halfFrame = 0.5 / fps;
    this.stop = null;
    const watch = () => {
      this.#check();
      if (!video.paused) requestAnimationFrame(watch);
    };
    video.addEventListener("play", () => requestAnimationFrame(watch));
    video.addEventListener("timeupdate", () => this.#check()); // hidden pages get no animation frames
    video.addEventListener("ended", () => this.#arrive());
  }

  /** Index of the beat on screen. */
  get current() {
    const time = this.video.currentTime + this.halfFrame / 2;
    let index = 0;
    while (index + 1 < this.list.length && this.list[index + 1].start <= time) index += 1;
    return index;
  }

  /** Whether the picture rests on the last frame of its beat. */
  get atEnd() {
    return this.video.currentTime >= this.list[this.current].end - 2.5 * this.halfFrame;
  }

  /** Show the first frame of a beat. */
  seek(index) {
    this.stop = null;
    this.video.currentTime = index === 0 ? 0 : this.list[index].start + this.halfFrame / 2;
  }

  /** Show the last frame of a beat. */
  seekEnd(index) {
    this.stop = null;
    this.video.currentTime = this.list[index].end - this.halfFrame;
  }

  /** Pause on the last frame of a beat, then call `then`. */
  stopAfter(index, then) {
    this.stop = { end: this.list[index].end, then };
  }

  #check() {
    if (this.stop && !this.video.seeking && this.video.currentTime >= this.stop.end - 1.9 * this.halfFrame) this.#arrive();
  }

  #arrive() {
    if (!this.stop) return;
    const { end, then } = this.stop;
    this.stop = null;
    this.video.pause();
    this.video.currentTime = end - this.halfFrame; // pausing takes a moment, in which a frame may have passed
    then();
  }
}
