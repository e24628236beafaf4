/* The author's form of the self-assessment block: sends the settings, shows what is wrong at its field, tells Studio when to close.
   In a content library this runs in a sandboxed frame, and `element` is a jQuery object there. Needs `Nassij` (send.js). */
window.NassijGovernanceStudio = function (runtime, element, args) {
  "use strict";
  const host = element.querySelector ? element : element[0];
  const root = host.querySelector(".nassij-governance-studio");
  if (!root || !window.Nassij) return;
  const form = root.querySelector("form"), place = root.querySelector("[data-problem]");
  const about = root.querySelector("[data-about][aria-live]"), reading = root.querySelector("[data-reading]");
  const names = ["display_name", "instrument_slug", "round_kind", "show"];
  const notify = (name, data) => runtime.notify && runtime.notify(name, data || {});
  let sending = false;

  function note(text) {
    const made = document.createElement("p");
    made.className = "note critical";
    made.textContent = text;
    return made;
  }
  function clear() {
    place.replaceChildren();
    for (const name of names) {
      const field = form.elements[name], old = document.getElementById(`${field.id}-problem`);
      if (!old) continue;
      old.remove();
      field.removeAttribute("aria-invalid");
      describe(field, field.dataset.described);
    }
  }
  function describe(field, ids) {
    if (ids) field.setAttribute("aria-describedby", ids);
    else field.removeAttribute("aria-describedby");
  }
  function mark(name, message) {
    const field = form.elements[name], words = note(message);
    words.id = `${field.id}-problem`;
    field.closest("p").after(words);
    field.dataset.described = field.dataset.described ?? (field.getAttribute("aria-describedby") || "");
    describe(field, [words.id, field.dataset.described].filter(Boolean).join(" "));
    field.setAttribute("aria-invalid", "true");
    return field;
  }
  function show(problem) {
    const message = [problem.detail || args.words.failed, problem.remedy].filter(Boolean).join(" ");
    place.replaceChildren(note(message));
    const marked = names.filter((name) => (problem.fields || {})[name]).map((name) => mark(name, problem.fields[name]));
    if (marked.length) marked[0].focus();
    else place.scrollIntoView({ block: "center" }); // Studio's window is low
    notify("error", { title: args.words.failed, message });
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (sending) return;
    sending = true;
    clear();
    notify("save", { state: "start", message: args.words.saving });
    const body = Object.fromEntries(names.map((name) => [name, form.elements[name].value]));
    Nassij.send(runtime.handlerUrl(element, "studio_submit"), body)
      .then(() => notify("save", { state: "end" }), show)
      .then(() => { sending = false; });
  });
  form.elements.instrument_slug.addEventListener("change", (event) => {
    const chosen = event.target.selectedOptions[0].dataset;
    about.textContent = chosen.about;
    reading.hidden = !chosen.url;
    reading.href = chosen.url;
  });
  root.querySelector("[data-cancel]").addEventListener("click", () => notify("cancel"));
};
