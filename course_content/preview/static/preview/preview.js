/* Loads the page anew when a source has changed, at the place where the author was. */
(function () {
  "use strict";

  const root = document.documentElement;
  const places = "nassij-preview-places";

  function frames() {
    return [...document.querySelectorAll("iframe.phone")];
  }

  function remember() {
    const here = frames().map((frame) => (frame.contentWindow ? frame.contentWindow.scrollY : 0));
    sessionStorage.setItem(places, JSON.stringify({ path: location.pathname, here }));
  }

  function goBack() {
    const kept = JSON.parse(sessionStorage.getItem(places) || "null");
    sessionStorage.removeItem(places);
    if (!kept || kept.path !== location.pathname) return;
    frames().forEach((frame, index) => {
      frame.addEventListener("load", () => frame.contentWindow.scrollTo(0, kept.here[index] || 0), { once: true });
    });
  }

  async function look() {
    try {
      const answer = await fetch("/stamp/");
      const { stamp } = await answer.json();
      if (stamp !== root.dataset.stamp) {
        remember();
        location.reload();
        return;
      }
    } catch {
      /* The server is not there just now; it is asked again. */
    }
    setTimeout(look, 1000);
  }

  goBack();
  setTimeout(look, 1000);
})();
