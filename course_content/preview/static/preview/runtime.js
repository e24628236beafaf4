/* The browser side of the runtime: starts each block with its JSON arguments, as the platform does; the element is a DOM node. */
(function () {
  "use strict";

  function runtimeOf(root) {
    return {
      handlerUrl: (element, handler, suffix, query) => {
        const usage = encodeURIComponent(root.dataset.usage);
        const base = document.documentElement.dataset.handlers || `/handler/${usage}/`;
        return `${base}${handler}/` + (suffix ? suffix + "/" : "") + (query ? "?" + query : "");
      },
      notify: (name, data) => root.dispatchEvent(new CustomEvent("xblock-event", { bubbles: true, detail: { name, data } })),
    };
  }

  function start() {
    document.querySelectorAll("[data-init][data-runtime-version]").forEach((root) => {
      if (root.dataset.started) return;
      root.dataset.started = "yes";
      const init = window[root.dataset.init];
      const args = root.querySelector("script.xblock_json_init_args");
      if (init) init(runtimeOf(root), root, args ? JSON.parse(args.textContent) : undefined);
    });
  }

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
