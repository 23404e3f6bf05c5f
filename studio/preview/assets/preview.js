"use strict";
/* The page: chooses a clip, asks for it, and shows what comes. */
const $ = (id) => document.getElementById(id);
const PAGE = crypto.randomUUID?.() ?? Array.from(crypto.getRandomValues(new Uint8Array(16)), (b) => b.toString(16).padStart(2, "0")).join("");
const HINTS = { connecting: "Connecting …", lost: "The preview has ended", drawing: "Drawing …", ready: "Up to date", failed: "Fails", refused: "Not possible" };

const state = {
  entries: [],
  chosen: null, // { source, clip }
  parameters: {},
  look: {},
  run: 0,
  asked: false,
  told: 0,
  about: null,
  failed: new Set(),
  findings: [],
  finding: null,
  frame: [16, 9],
};
const reel = new Reel($("video"), $("still"), showPlace);
const form = new Form($("parameters"), (values) => {
  state.parameters = values;
  ask();
});

// --- Asking ------------------------------------------------------------------------------------------

async function post(address, body) {
  const answer = await fetch(address, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ page: PAGE, ...body }),
  }).catch(() => null);
  if (answer && !answer.ok) setStatus("refused", (await answer.json().catch(() => ({}))).error);
  return Boolean(answer?.ok);
}

/** Have the clip drawn with the present setting, the moment on the screen first. */
function ask() {
  const { chosen, parameters, look } = state;
  if (!chosen) return;
  remember();
  state.asked = true;
  setStatus("drawing");
  post("/look", { ...chosen, parameters, look, beat: reel.beat, offset: reel.offset });
}

let turning = 0;
/** Tell where we are, so that the next change is drawn there first; not for every frame that is passed by. */
function turn() {
  clearTimeout(turning);
  turning = setTimeout(() => state.chosen && post("/turn", { beat: reel.beat, offset: reel.offset }), 200);
}

function choose(source, clip) {
  const isSame = state.chosen && state.chosen.source === source && state.chosen.clip === clip;
  if (isSame) return;
  reel.clear();
  state.chosen = { source, clip };
  Object.assign(state, { parameters: {}, look: {}, about: null, findings: [], finding: null });
  form.declared = "";
  clearFailure();
  showFindings();
  $("made").hidden = true;
  $("title").textContent = state.entries.find((entry) => key(entry) === key(state.chosen))?.title ?? source;
  ask();
  showEntries();
  showPlace();
}

/** What is chosen and set outlives a reload, and is a bookmark. */
function remember() {
  const { chosen, parameters, look } = state;
  history.replaceState(null, "", `#${encodeURIComponent(JSON.stringify({ ...chosen, parameters, look }))}`);
}

function recall() {
  try {
    return JSON.parse(decodeURIComponent(location.hash.slice(1)));
  } catch {
    return null;
  }
}

// --- What comes --------------------------------------------------------------------------------------

const hear = {
  catalogue({ entries, error, first }) {
    state.entries = entries;
    $("catalogue-error").hidden = !error;
    if (error) $("catalogue-error").textContent = [error.message, error.place].filter(Boolean).join(" · ");
    if (!state.chosen && entries.length) {
      const kept = recall();
      const entry = entries.find((each) => kept && each.source === kept.source && each.clip === kept.clip);
      if (entry) {
        state.chosen = { source: entry.source, clip: entry.clip };
        Object.assign(state, { parameters: kept.parameters ?? {}, look: kept.look ?? {} });
        ask();
      } else {
        const { source, clip } = entries.find((each) => each.source === first) ?? entries[0];
        choose(source, clip);
      }
    }
    showEntries();
    if (!state.asked) ask();
  },
  started({ run }) {
    state.run = run;
    reel.age();
    setStatus("drawing");
    showPlace();
  },
  clip(about) {
    state.about = about;
    delete $("setting").dataset.state;
    $("title").textContent = about.title;
    document.title = `${about.title} · Preview`;
    $("screen").style.setProperty("--ratio", about.pixels[0] / about.pixels[1]);
    form.show(about.parameters);
    $("no-parameters").hidden = about.parameters.length > 0;
    $("reset").hidden = Object.keys(state.parameters).length === 0;
    showLook();
    showFacts(about.facts);
    $("command").textContent = about.command;
    $("entry").textContent = about.entry;
    for (const button of document.querySelectorAll("[data-make=render], [data-make=publish]")) button.disabled = !$("making").hidden;
    if (about.look.captions === "burned" !== (state.burned ?? null)) {
      state.burned = about.look.captions === "burned";
      setPressed("captions", !state.burned);
    }
  },
  refused({ problems }) {
    const rest = form.refuse(problems);
    setStatus("refused", rest[0]); // the others are told where they stand
  },
  async still({ run, address, beat }) {
    const picture = await fetch(`/media/${PAGE}/${address}`);
    if (picture.status !== 200 || run !== state.run || beat !== reel.beat) return;
    const part = reel.parts.get(beat);
    if (!part || part.isOld) await reel.setStill(await picture.blob());
    $("screen").dataset.run = run;
    $("hint").hidden = true;
  },
  async part({ run, address, beat }) {
    const video = await fetch(`/media/${PAGE}/${address}`);
    if (video.status !== 200 || run !== state.run) return;
    reel.setPart(beat, await video.blob());
    $("hint").hidden = true;
  },
  beats({ beats }) {
    reel.setBeats(beats);
    showBeats();
    clearFailure();
  },
  failed(failure) {
    if (failure.beats?.length > reel.list.length) {
      reel.setBeats(failure.beats);
      showBeats();
    }
    showFailure(failure);
  },
  findings({ findings, frame }) {
    Object.assign(state, { findings, frame, finding: null });
    showFindings();
  },
  drawn() {},
  ended() {
    const isWrong = !$("failure").hidden;
    if ($("status").dataset.state !== "refused") setStatus(isWrong ? "failed" : "ready");
  },
  progress({ done, left }) {
    setMaking(true);
    if (left === null) $("progress").removeAttribute("value"); // nobody knows how long it will be
    else $("progress").value = done;
    $("progress-words").textContent = left === null ? (done < 1 ? "Starting" : "Publishing") : `${Math.round(done * 100)} %, ${span(left)} left`;
  },
  made({ path }) {
    showMade(`Saved in ${path}`, false);
  },
  unmade({ message }) {
    showMade(message, true);
  },
  idle({ stopped }) {
    setMaking(false);
    if (stopped) showMade("Stopped", false);
  },
};

function connect() {
  const source = new EventSource(`/events?page=${PAGE}`);
  source.onmessage = ({ data }) => {
    const { event, ...rest } = JSON.parse(data);
    if (rest.run !== undefined && event !== "started" && rest.run !== state.run) return;
    hear[event]?.(rest);
  };
  source.onopen = () => {
    Object.assign(state, { run: 0, asked: false }); // a page that is new to the server: the catalogue comes, then we ask
    setStatus("drawing", state.entries.length ? HINTS.drawing : "Starting …");
  };
  source.onerror = () => setStatus("lost");
}

// --- Showing -----------------------------------------------------------------------------------------

function setStatus(name, words = HINTS[name]) {
  $("status").dataset.state = name;
  $("status").textContent = words ?? HINTS[name];
  $("status").title = $("status").textContent;
}

function setMaking(isOn) {
  $("making").hidden = !isOn;
  for (const button of document.querySelectorAll("[data-make=render], [data-make=publish]")) button.disabled = isOn || !state.about;
}

function showMade(words, isWrong) {
  $("made").textContent = words;
  $("made").title = words;
  $("made").hidden = false;
  $("made").classList.toggle("is-wrong", isWrong);
}

function key({ source, clip }) {
  return JSON.stringify([source, clip]);
}

function showEntries() {
  const wanted = $("search").value.trim().toLowerCase();
  const groups = new Map();
  state.entries.forEach((entry, number) => {
    const text = `${entry.title} ${entry.name} ${entry.insight} ${entry.group}`.toLowerCase();
    if (!wanted.split(/\s+/).every((word) => text.includes(word))) return;
    if (!groups.has(entry.group)) groups.set(entry.group, []);
    groups.get(entry.group).push(entryButton(entry, number));
  });
  const found = [...groups].map(([group, buttons]) => {
    const list = make("ul", {}, ...buttons.map((button) => make("li", {}, button)));
    return make("section", {}, make("h2", {}, group), list);
  });
  $("entries").replaceChildren(...(found.length ? found : [make("p", { className: "empty" }, state.entries.length ? "Nothing found" : "Reading …")]));
}

function entryButton(entry, number) {
  const isChosen = state.chosen && key(state.chosen) === key(entry);
  const status = state.failed.has(key(entry)) ? "failed" : entry.state;
  const words = { fresh: "rendered", stale: "rendered, but not up to date", new: "not rendered yet", failed: "fails" }[status];
  const poster = entry.poster
    ? make("img", { src: `/poster/${number}?${entry.poster}`, alt: "", loading: "lazy" })
    : make("span", { className: "no-poster" }, entry.title.slice(0, 1));
  const button = make("button", { type: "button", title: entry.insight },
    poster, make("span", { className: "entry-title" }, entry.title, make("small", {}, entry.name)),
    make("span", { className: "dot", title: words }));
  button.querySelector(".dot").dataset.state = status;
  button.querySelector(".dot").setAttribute("role", "img");
  button.querySelector(".dot").setAttribute("aria-label", words);
  if (isChosen) button.setAttribute("aria-current", "true");
  button.addEventListener("click", () => choose(entry.source, entry.clip));
  return button;
}

function showLook() {
  const { about } = state;
  const rows = [
    ["theme", about.themes, about.theme],
    ["aspect", about.aspects, about.look.aspect],
    ["captions", about.captionModes, about.look.captions],
    ...(about.languages.length > 1 ? [["language", about.languages, about.look.language]] : []),
  ];
  const fields = rows.map(([name, choices, value]) => {
    const own = choices.includes(value) ? [] : [value];
    const buttons = [...own, ...choices].map((choice) => {
      const button = make("button", { type: "button" }, choice);
      button.setAttribute("aria-pressed", String(choice === value));
      button.addEventListener("click", () => {
        if (own.includes(choice)) delete state.look[name];
        else state.look = { ...state.look, [name]: choice };
        ask();
      });
      return button;
    });
    const group = make("div", { className: "choices" }, ...buttons);
    group.setAttribute("role", "group");
    group.setAttribute("aria-label", name);
    return make("div", { className: "choice" }, make("span", {}, name), group);
  });
  $("look").replaceChildren(...fields);
}

function showFacts(facts) {
  const old = new Map([...$("facts").querySelectorAll("dd")].map((dd) => [dd.dataset.name, dd.textContent]));
  const rows = Object.entries(facts).map(([name, value]) => {
    const words = inWords(value);
    const fact = make("dd", {}, words);
    fact.dataset.name = name;
    if (old.size && old.get(name) !== words) fact.className = "is-new";
    return make("div", {}, make("dt", {}, name.replaceAll("_", " ")), fact);
  });
  $("facts").replaceChildren(...rows);
}

function inWords(value) {
  if (value === null) return "not set";
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value === "number") return String(Number(value.toPrecision(6))).replace("-", "−");
  if (Array.isArray(value)) return `[${value.map(inWords).join(", ")}]`;
  if (typeof value === "object") return Object.entries(value).map(([name, each]) => `${name}: ${inWords(each)}`).join(", ");
  return String(value);
}

function showBeats() {
  const items = reel.list.map((beat, index) => {
    const button = make("button", { type: "button" }, make("span", { className: "fill" }), make("span", { className: "name" }, beat.chapter));
    button.setAttribute("aria-label", `Beat ${index + 1}: ${beat.chapter}`);
    const item = make("li", {}, button);
    item.style.flexGrow = String(beat.end - beat.start);
    return item;
  });
  $("beats").replaceChildren(...items);
  showPlace();
}

function showPlace() {
  const { beat, frame, list } = reel;
  [...$("beats").children].forEach((item, index) => {
    const share = index + 1 < beat ? 1 : index + 1 > beat ? 0 : frame / Math.max(reel.frames(beat) - 1, 1);
    const button = item.firstElementChild;
    button.firstElementChild.style.transform = `scaleX(${share})`;
    const part = reel.parts.get(index + 1);
    button.dataset.state = !part ? "missing" : part.isOld ? "old" : "ready";
    if (index + 1 === beat) button.setAttribute("aria-current", "step");
    else button.removeAttribute("aria-current");
  });
  $("screen").dataset.beat = beat;
  $("screen").dataset.frame = frame;
  $("time").textContent = list.length ? clock(reel.time) : "";
  $("total").textContent = list.length ? ` / ${clock(list.at(-1).end)}` : "";
  $("chapter").textContent = list[beat - 1] ? `${beat}. ${list[beat - 1].chapter}` : "";
  $("caption").textContent = list[beat - 1]?.caption ?? "";
  $("play").setAttribute("aria-label", reel.playing ? "Pause" : "Play");
  $("play").querySelector("use").setAttribute("href", reel.playing ? "#icon-pause" : "#icon-play");
  if (state.finding && (state.finding.beat !== beat || frame < reel.frames(beat) - 1)) outline(null);
  if (state.told !== beat) {
    state.told = beat;
    turn(); // playing has come to another beat
  }
  const isMissing = state.chosen && !reel.parts.has(beat) && $("still").hidden;
  $("hint").hidden = !isMissing && state.chosen !== null;
  if (isMissing) $("hint").textContent = "Drawing …";
}

function clock(seconds) {
  const tenths = Math.floor(seconds * 10 + 1e-6);
  return `${Math.floor(tenths / 600)}:${String(Math.floor(tenths / 10) % 60).padStart(2, "0")}.${tenths % 10}`;
}

function span(seconds) {
  return seconds < 90 ? `${Math.ceil(seconds)} s` : `${Math.ceil(seconds / 60)} min`;
}

function showFailure({ message, place, beat, lines }) {
  state.failed.add(key(state.chosen));
  $("failure-message").textContent = message;
  $("failure-place").textContent = [beat, place].filter(Boolean).join(" · ");
  const indent = Math.min(...lines.filter(([, text]) => text.trim()).map(([, text]) => text.search(/\S/)));
  $("failure-lines").replaceChildren(
    ...lines.map(([number, text, isIt]) =>
      make("span", { className: isIt ? "is-it" : "" }, make("i", {}, String(number)), `${text.slice(indent)}\n`)),
  );
  $("failure-lines").hidden = lines.length === 0;
  $("failure").hidden = false;
  $("hint").hidden = true;
  setStatus("failed");
  showEntries();
}

function clearFailure() {
  if (state.chosen) state.failed.delete(key(state.chosen));
  if (!$("failure").hidden) {
    $("failure").hidden = true;
    setStatus("drawing");
    showEntries();
  }
}

function showFindings() {
  const open = state.findings.filter((finding) => !finding.allowed);
  $("check-section").hidden = open.length === 0;
  $("check-count").textContent = open.length ? String(open.length) : "";
  const items = open.map((finding) => {
    const where = finding.beat ? `Beat ${finding.beat}` : "Whole clip";
    const button = make("button", { type: "button" }, make("b", {}, `${where}, ${finding.rule}`), make("span", {}, finding.message));
    button.dataset.severity = finding.severity;
    button.addEventListener("click", () => {
      if (finding.beat) {
        reel.pause();
        reel.seek(finding.beat, reel.frames(finding.beat) - 1);
        turn();
      }
      outline(finding);
    });
    return make("li", {}, button);
  });
  $("findings").replaceChildren(...items);
  outline(null);
}

/** Frames around what a finding is about; boxes are in scene units, up is positive. */
function outline(finding) {
  state.finding = finding;
  const svg = $("outlines");
  svg.toggleAttribute("hidden", !finding?.boxes.length);
  if (!finding) return;
  const [width, height] = state.frame;
  svg.setAttribute("viewBox", `${-width / 2} ${-height / 2} ${width} ${height}`);
  svg.dataset.severity = finding.severity;
  svg.replaceChildren(
    ...finding.boxes.map(([left, bottom, right, top]) => {
      const box = document.createElementNS("http://www.w3.org/2000/svg", "rect");
      const pad = 0.06;
      Object.entries({ x: left - pad, y: -top - pad, width: right - left + 2 * pad, height: top - bottom + 2 * pad, rx: 0.08 })
        .forEach(([name, value]) => box.setAttribute(name, value));
      return box;
    }),
  );
}

function setPressed(id, isOn) {
  $(id).setAttribute("aria-pressed", String(isOn));
  if (id === "loop") reel.looping = isOn;
  if (id === "captions") $("caption").hidden = !isOn;
}

// --- Doing -------------------------------------------------------------------------------------------

const actions = {
  play: () => (reel.playing ? reel.pause() : reel.play()),
  previous: () => reel.seek(reel.frame > Reel.FPS / 2 ? reel.beat : reel.beat - 1, 0),
  next: () => reel.beat < reel.list.length && reel.seek(reel.beat + 1, 0),
  back: () => reel.step(-1),
  forth: () => reel.step(1),
  loop: () => setPressed("loop", $("loop").getAttribute("aria-pressed") !== "true"),
  captions: () => setPressed("captions", $("captions").getAttribute("aria-pressed") !== "true"),
};
const KEYS = { " ": "play", k: "play", ArrowLeft: "previous", ArrowRight: "next", ",": "back", ".": "forth", l: "loop", c: "captions" };

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("select, input, textarea")) return;
  if (event.key === " " && event.target.closest("button, pre")) return;
  if (/^[1-9]$/.test(event.key) && event.key <= reel.list.length) reel.seek(Number(event.key), 0);
  else if (KEYS[event.key]) actions[KEYS[event.key]]();
  else return;
  event.preventDefault();
  turn();
});

document.addEventListener("click", async (event) => {
  const control = event.target.closest("[data-do]");
  const maker = event.target.closest("[data-make]");
  const copy = event.target.closest("[data-copy]");
  if (control) {
    actions[control.dataset.do]();
    turn();
    if (event.detail > 0) control.blur(); // after a click, space is to play and pause
  } else if (maker) {
    $("made").hidden = true;
    if (maker.dataset.make !== "stop") hear.progress({ done: 0, left: null });
    if (!(await post("/make", { what: maker.dataset.make }))) setMaking(false);
  } else if (copy) {
    const text = $(copy.dataset.copy);
    const isCopied = await navigator.clipboard?.writeText(text.textContent).then(() => true, () => false);
    if (!isCopied) getSelection().selectAllChildren(text); // not over the network without encryption: then by hand
    copy.classList.toggle("is-done", Boolean(isCopied));
    setTimeout(() => copy.classList.remove("is-done"), 1200);
  } else if (event.target.closest("#video, #still")) {
    actions.play();
    turn();
  }
});

let scrubbing = false;
function scrub(event) {
  const { left, width } = $("beats").getBoundingClientRect();
  const total = reel.list.at(-1)?.end;
  if (total) reel.seekTime(Math.min(Math.max((event.clientX - left) / width, 0), 0.9999) * total);
}
$("beats").addEventListener("pointerdown", (event) => {
  scrubbing = true;
  $("beats").setPointerCapture(event.pointerId);
  reel.pause();
  scrub(event);
});
$("beats").addEventListener("pointermove", (event) => scrubbing && scrub(event));
for (const end of ["pointerup", "pointercancel"]) {
  $("beats").addEventListener(end, () => {
    scrubbing = false;
    turn();
  });
}
$("beats").addEventListener("keydown", (event) => {
  const item = event.target.closest("li");
  if (!item || !["Enter", " "].includes(event.key)) return;
  event.preventDefault();
  event.stopPropagation();
  reel.seek([...$("beats").children].indexOf(item) + 1, 0);
  turn();
});

$("speed").addEventListener("change", () => reel.setSpeed(Number($("speed").value)));
$("search").addEventListener("input", showEntries);
$("reset").addEventListener("click", () => form.reset());
addEventListener("hashchange", () => {
  const kept = recall();
  if (kept?.source && state.chosen && key(kept) !== key(state.chosen)) choose(kept.source, kept.clip ?? null);
});

showEntries();
connect();
