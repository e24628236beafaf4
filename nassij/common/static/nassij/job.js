/* Keeps the progress of a job fresh (`nassij/job_progress.html`) and shows the page again when it has ended. */
(function () {
  "use strict";
  const SHORTEST = 1000, LONGEST = 15000;

  function watch(card, pause) {
    setTimeout(async () => {
      let next = Math.min(pause * 1.5, LONGEST);
      try {
        const response = await fetch(card.dataset.job, { credentials: "same-origin", headers: { Accept: "application/json" } });
        if (response.status >= 400 && response.status < 500) return location.reload();
        const state = await response.json();
        if (state.finished) return location.reload();
        const bar = card.querySelector("progress"), words = card.querySelector("[data-job-words]");
        if (bar.value !== state.progress) next = SHORTEST;
        bar.value = state.progress;
        if (words.textContent !== state.words) words.textContent = state.words;
      } catch (error) { /* offline: ask again later */ }
      watch(card, next);
    }, pause);
  }

  document.querySelectorAll("[data-job][data-job-open='1']").forEach((card) => watch(card, SHORTEST));
})();
