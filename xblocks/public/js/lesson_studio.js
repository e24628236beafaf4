/* The Studio form of a lesson: sends the source, shows what is wrong line by line, tells Studio when to close. Needs `Nassij`. */
window.NassijLessonStudio = function (runtime, element, args) {
  "use strict";
  const host = element.querySelector ? element : element[0];
  const root = host.querySelector(".nassij-lesson-studio");
  if (!root || !window.Nassij) return;
  const form = root.querySelector("form"), list = root.querySelector("[data-problems]"), save = root.querySelector("[data-save]");
  const notify = (name, data) => runtime.notify && runtime.notify(name, data || {});

  function lineOf(number) {
    const lines = form.source.value.split("\n");
    const start = lines.slice(0, number - 1).reduce((sum, line) => sum + line.length + 1, 0);
    form.source.focus();
    form.source.setSelectionRange(start, start + (lines[number - 1] || "").length);
  }

  function show(problem) {
    const intro = document.createElement("p");
    intro.textContent = [problem.detail || args.words.failed, problem.remedy].filter(Boolean).join(" ");
    const items = document.createElement("ul");
    (problem.problems || []).forEach((found) => {
      const item = document.createElement("li");
      const text = `${found.message} ${found.remedy}`;
      const field = form.elements[found.field];
      const jump = document.createElement("button");
      jump.type = "button";
      jump.className = "ghost";
      jump.textContent = found.field === "source" ? `${list.dataset.line} ${found.line}` : field ? field.labels[0].textContent : "";
      jump.addEventListener("click", () => (found.field === "source" ? lineOf(found.line) : field.focus()));
      item.append(jump, ` ${text}`);
      items.append(item);
    });
    const note = document.createElement("div");
    note.className = "note critical";
    note.append(intro, items);
    list.replaceChildren(note);
    list.scrollIntoView({ block: "center" }); // Studio's window is low: the list would stand below its edge
    notify("error", { title: args.words.failed, message: intro.textContent });
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    save.disabled = true;
    list.replaceChildren();
    notify("save", { state: "start", message: args.words.saving });
    const body = { title: form.elements.title.value, language: form.elements.language.value, minutes: form.minutes.value, source: form.source.value };
    Nassij.send(runtime.handlerUrl(element, "studio_save"), body)
      .then(() => notify("save", { state: "end" }), show)
      .then(() => { save.disabled = false; });
  });
  root.querySelector("[data-cancel]").addEventListener("click", () => notify("cancel"));
  form.language.addEventListener("change", () => { form.source.lang = form.language.value; });
};
