"use strict";
/* The gallery: search and filters, posters that play while pointed at, and buttons that copy. */
(function () {
  const filters = document.querySelector(".filters");
  if (filters) startFilters();
  if (!matchMedia("(prefers-reduced-motion: reduce)").matches) {
    for (const card of document.querySelectorAll("[data-preview]")) startPreview(card);
  }
  for (const button of document.querySelectorAll("[data-copy]")) startCopy(button);

  function startFilters() {
    const cards = [...document.querySelectorAll("#cards > li")];
    const work = document.getElementById("work");
    filters.hidden = false;
    filters.addEventListener("input", apply);
    filters.addEventListener("submit", (event) => event.preventDefault());
    apply(); // browsers keep what was typed when one comes back

    function apply() {
      const words = document.getElementById("search").value.toLowerCase().split(/\s+/);
      const pillar = filters.querySelector("[name=pillar]:checked")?.value ?? "";
      let shown = 0;
      for (const card of cards) {
        const { dataset } = card;
        const isMatch =
          words.every((word) => dataset.words.includes(word)) &&
          (!pillar || dataset.pillar === pillar) &&
          (!work?.value || dataset.works.split(" ").includes(work.value));
        card.hidden = !isMatch;
        shown += isMatch;
      }
      const all = shown === cards.length;
      document.getElementById("count").textContent = all ? "" : shown ? `${shown} of ${cards.length}` : "Nothing found.";
    }
  }

  function startPreview(card) {
    let video = null;
    const show = () => {
      if (video) return;
      video = document.createElement("video");
      Object.assign(video, { src: card.dataset.preview, muted: true, loop: true, playsInline: true });
      video.setAttribute("aria-hidden", "true");
      video.tabIndex = -1;
      video.addEventListener("playing", (event) => event.target.classList.add("is-shown"));
      card.querySelector(".card-picture").append(video);
      video.play().catch(hide);
    };
    const hide = () => {
      video?.remove();
      video = null;
    };
    card.addEventListener("pointerenter", (event) => event.pointerType === "mouse" && show());
    card.addEventListener("focus", show);
    card.addEventListener("pointerleave", hide);
    card.addEventListener("blur", hide);
  }

  function startCopy(button) {
    const code = button.parentElement.querySelector("code");
    // On a server the frame's address is known; in a folder it is as the page's author will place it.
    if (location.protocol.startsWith("http")) {
      const site = new URL("..", location.href).href;
      code.textContent = code.textContent.replace(/src="players\//, `src="${site}players/`);
    }
    button.hidden = false;
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(code.textContent);
      } catch {
        getSelection().selectAllChildren(code); // no clipboard here: select it for the reader to copy
        return;
      }
      button.classList.add("is-done");
      button.setAttribute("aria-label", "Copied");
      setTimeout(() => {
        button.classList.remove("is-done");
        button.setAttribute("aria-label", "Copy");
      }, 1500);
    });
  }
})();
