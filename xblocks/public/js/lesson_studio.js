/* The editor of a lesson: its steps as cards or its text, previews and problems from the server, undo, save.
   Parts: lesson_fields.js, lesson_pictures.js, lesson_history.js. In a content library this runs in a sandboxed frame, and `element`
   is a jQuery object there. Needs `Nassij` (send.js). */
window.NassijLessonStudio = function (runtime, element, args) {
  "use strict";
  const Editor = window.NassijEditor, { make, button, say } = Editor, { words, uid } = args;
  const host = element.querySelector ? element : element[0], root = host.querySelector(".nassij-lesson-studio");
  if (!root || !window.Nassij) return;
  const part = (name) => root.querySelector(`[data-${name}]`);
  const list = part("steps"), said = part("said"), area = root.querySelector("[name='source']"), state = root.querySelector(".state");
  const url = (handler) => runtime.handlerUrl(element, handler);
  const ask = (handler, body) => window.Nassij.send(url(handler), body);
  const outbox = window.Nassij.outbox(root, url, {});
  const notify = (name, data) => runtime.notify && runtime.notify(name, data || {});
  const files = Editor.files(args, ask), history = Editor.history(args.lesson);
  const keeper = Editor.keeper(`nassij lesson ${args.user} ${uid}`);
  const shown = new Map(); // by step id: what the server said of it
  let lesson = structuredClone(args.lesson), version = args.version, tab = "cards", open = "", fromCards = "";
  let about = null, dirty = false, strict = false, busy = false, saving = false, timer = 0;

  // What is on the page

  const titleOf = (step) => step.title || step.question || step.prompt || words.untitled;
  const labelOf = (step) => (args.kinds[step.type] || { label: step.type }).label;
  const keyOf = (step) => lesson.language + JSON.stringify(step);
  const speak = (text) => { part("spoken").textContent = text; };

  function environment(prefix, data, changed, redraw) {
    return { prefix: `${uid}-${prefix}`, language: lesson.language, words, files, step: data, changed, redraw };
  }
  function redrawn(draw, focus) {
    const id = focus || (root.contains(document.activeElement) && document.activeElement.id);
    draw();
    const target = id && (document.getElementById(id) || root.querySelector(`[data-newest="${id}"]`));
    if (target) target.focus();
  }
  function drawAbout() {
    const env = environment("about", lesson, (path, at) => changed(at ? "" : `about ${path}`), (focus) => redrawn(drawAll, focus));
    part("about-first").replaceChildren(...Editor.draw(args.about.slice(0, 3), lesson, env));
    part("about-more").replaceChildren(...Editor.draw(args.about.slice(3), lesson, env));
    area.lang = lesson.language;
  }
  function drawSteps() {
    list.replaceChildren(...lesson.steps.map(card));
    end.replaceChildren(adder(lesson.steps.length));
  }
  function drawAll() {
    if (!lesson.steps.some((step) => step.id === open)) open = "";
    drawAbout();
    drawSteps();
    tell();
  }
  const end = make("div");
  list.after(end);

  function card(step, index) {
    const id = `${uid}-step-${step.id}`, isOpen = open === step.id, name = say(words.step, { step: index + 1, total: lesson.steps.length });
    const toggle = button("", () => show(isOpen ? "" : step.id), { id: `${id}-open`, class: "ghost opens", "aria-expanded": String(isOpen), "aria-controls": id });
    toggle.append(make("span", { class: "number" }, `${index + 1}`), make("bdi", { lang: lesson.language, "data-title": true }, titleOf(step)), make("span", { class: "quiet" }, labelOf(step)));
    toggle.addEventListener("keydown", (event) => {
      const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
      if (!event.altKey || !by) return;
      event.preventDefault();
      move(index, by, `${id}-open`);
    });
    const act = (key, doing, off) => button(words[key], doing, { id: `${id}-${key}`, "aria-label": `${words[key]}: ${name}`, "aria-disabled": off ? "true" : false });
    const tools = make("div", { class: "tools" },
      act("up", () => move(index, -1, `${id}-up`), !index), act("down", () => move(index, 1, `${id}-down`), index === lesson.steps.length - 1),
      act("copy", () => duplicate(index)), act("remove", () => remove(index)));
    const chips = make("span", { class: "chips" }), made = make("li", { class: "card step", "data-id": step.id }, make("h2", {}, toggle), chips, tools);
    const body = make("div", { id, class: "body", hidden: !isOpen });
    if (isOpen) body.append(make("div", { class: "sides" }, form(step, index), preview()), adder(index + 1));
    made.append(body);
    return made;
  }
  function form(step, index) {
    const kind = args.kinds[step.type];
    if (!kind) return make("p", { class: "note" }, words.as_text);
    const env = environment(step.id, step, (path, at) => {
      changed(at ? "" : `${step.id} ${path}`);
      list.querySelector(`[data-id="${step.id}"] [data-title]`).textContent = titleOf(step);
    }, (focus) => { redrawn(drawSteps, focus); tell(); });
    return make("div", { class: "form", "data-form": step.id }, ...Editor.draw(kind.fields, step, env));
  }
  function preview() {
    const page = make("div", { class: "nassij-lesson", "data-preview": true }, make("p", { class: "quiet" }, words.preview_waits));
    page.addEventListener("submit", (event) => event.preventDefault());
    return make("section", { class: "seen", "aria-label": words.preview }, make("p", { class: "quiet" }, words.preview), page);
  }
  function adder(index) {
    const kinds = Object.entries(args.kinds).map(([type, kind]) => button(kind.label, () => add(type, index), { "data-add": type, "aria-label": say(words.add, { what: kind.label }) }));
    return make("div", { class: "adder" }, make("span", { class: "quiet" }, words.add_step), ...kinds);
  }

  // What an author does

  function changed(key) {
    history.push(lesson, key);
    touched();
    clearTimeout(timer);
    timer = setTimeout(judge, 600);
  }
  function touched() {
    dirty = true;
    state.textContent = "";
    keeper.keep(() => ({ lesson, version, source: tab === "text" ? area.value : null }));
    buttons();
  }
  function buttons() {
    part("undo").disabled = !history.canUndo;
    part("redo").disabled = !history.canRedo;
  }
  function steps(act, focus, words_) {
    act();
    changed("");
    drawSteps();
    tell();
    const target = document.getElementById(focus) || end.querySelector("button");
    target.focus();
    if (words_) speak(words_);
  }
  function move(index, by, focus) {
    if (!lesson.steps[index + by]) return;
    const values = { step: index + by + 1, total: lesson.steps.length };
    steps(() => lesson.steps.splice(index + by, 0, ...lesson.steps.splice(index, 1)), focus, say(words.moved, values));
  }
  function remove(index) {
    const next = lesson.steps[index + 1] || lesson.steps[index - 1];
    steps(() => lesson.steps.splice(index, 1), next && `${uid}-step-${next.id}-open`, words.removed);
  }
  const fresh = (type) => `${type}-${Editor.freshId()}`;
  function duplicate(index) {
    const copy = { ...structuredClone(lesson.steps[index]), id: fresh(lesson.steps[index].type) };
    steps(() => lesson.steps.splice(index + 1, 0, copy), `${uid}-step-${copy.id}-open`, words.copied);
  }
  function add(type, index) {
    const kind = args.kinds[type], step = { type, id: fresh(type) };
    for (const field of kind.fields) {
      step[field.name] = structuredClone(field.empty);
      for (let count = kind.starts_with[field.name] || 0; count; count -= 1) step[field.name].push(Editor.blank(field));
    }
    open = step.id;
    steps(() => lesson.steps.splice(index, 0, step));
    Editor.controlOf(list.querySelector(`[data-form="${step.id}"]`)).focus();
  }
  function show(id) {
    const focus = `${uid}-step-${id || open}-open`;
    open = id;
    redrawn(drawSteps, focus);
    tell();
    judge();
  }
  function travel(way, spoken) {
    const found = history[way]();
    if (!found) return;
    lesson = found;
    touched();
    redrawn(drawAll);
    judge();
    speak(spoken);
  }

  // What the server says of it

  async function judge() {
    if (busy) return;
    const stale = lesson.steps.filter((step) => (shown.get(step.id) || {}).key !== keyOf(step)), keys = stale.map(keyOf);
    const { steps: _steps, ...front } = lesson, frontKey = JSON.stringify(front);
    if (!stale.length && about && about.key === frontKey) return;
    busy = true;
    const reply = await ask("studio_preview", { language: lesson.language, steps: stale, about: front }).catch(() => null);
    busy = false;
    if (!reply) return; // not judged is not flawless: the next change asks again
    stale.forEach((step, index) => shown.set(step.id, { ...reply.steps[index], key: keys[index], heavy: [] }));
    about = { ...reply.about, key: frontKey };
    tell();
    await Promise.all(stale.map(async (step) => { const entry = shown.get(step.id); entry.heavy = await files.weigh(entry.html); }));
    tell();
    judge();
  }
  /* Until an author has tried to save, an empty field is only marked: nobody is told off for not having written yet. */
  const told = ({ marks, problems }) => problems.filter(({ field, code }) => strict || code !== "not_a_number" && !marks.some(([path, mark]) => mark === "empty" && (path === field || path.startsWith(`${field}.`))));
  function chipsOf(entry) {
    const has = (mark) => entry.marks.some((one) => one[1] === mark);
    const names = ["empty", "script"].filter(has).map((mark) => words[`marks_${mark}`]);
    if (told(entry).length) names.push(words.marks_problem);
    (entry.heavy || []).forEach(({ size }) => names.push(size < 0 ? words.marks_broken : say(words.marks_heavy, { size })));
    return names.map((name) => make("span", { class: "chip attention" }, name));
  }
  function tell() {
    let count = 0;
    for (const step of lesson.steps) {
      const entry = shown.get(step.id), made = list.querySelector(`[data-id="${step.id}"]`);
      if (!entry || !made) continue;
      const chips = chipsOf(entry);
      count += chips.length > 0;
      made.querySelector(".chips").replaceChildren(...chips);
      const fields = made.querySelector("[data-form]"), page = made.querySelector("[data-preview]");
      if (fields) Editor.annotate(fields, entry.marks, told(entry), words);
      if (page && page.dataset.key !== entry.key + entry.heavy.length) {
        page.dataset.key = entry.key + entry.heavy.length;
        page.lang = lesson.language;
        page.dir = entry.direction || "auto";
        page.innerHTML = entry.html; // the server's own page of the step, cleaned as learners get it
        page.querySelectorAll("[tabindex='-1']").forEach((heading) => heading.removeAttribute("tabindex"));
        page.append(...entry.heavy.map(({ text }) => make("p", { class: "note" }, text)));
      }
    }
    if (about) {
      Editor.annotate(part("about-first"), about.marks.filter(first), told(about).filter(({ field }) => first([field])), words);
      Editor.annotate(part("about-more"), about.marks.filter((mark) => !first(mark)), told(about).filter(({ field }) => !first([field])), words);
      part("about-chips").replaceChildren(...chipsOf(about));
    }
    part("summary").textContent = count ? say(words.missing, { count }) : lesson.steps.length ? words.nothing_missing : "";
  }
  const first = ([path]) => args.about.slice(0, 3).some(({ name }) => name === path);

  // Cards and text

  async function turn(to) {
    if (to === tab) return true;
    try {
      if (to === "text") {
        area.value = fromCards = (await ask("studio_text", { lesson })).source;
      } else if (area.value !== fromCards) {
        lesson = (await ask("studio_cards", { title: lesson.title, language: lesson.language, minutes: lesson.minutes, source: area.value })).lesson;
        changed("");
      }
    } catch (problem) {
      refused({ ...problem, detail: words.text_wrong, remedy: "" });
      return false;
    }
    tab = to;
    said.replaceChildren();
    root.querySelectorAll("[data-tab]").forEach((one) => {
      one.setAttribute("aria-selected", String(one.dataset.tab === tab));
      one.tabIndex = one.dataset.tab === tab ? 0 : -1;
    });
    root.querySelectorAll("[data-panel]").forEach((panel) => { panel.hidden = panel.dataset.panel !== tab; });
    part("history").hidden = tab === "text";
    drawAll();
    judge();
    return true;
  }

  // Saving

  function note(texts, buttons_, ...more) {
    const made = make("div", { class: "note critical", role: "alert", tabindex: "-1" }, ...texts.filter(Boolean).map((text) => make("p", {}, text)), ...more, make("div", { class: "tools" }, ...(buttons_ || [])));
    said.replaceChildren(made);
    made.scrollIntoView({ block: "nearest" }); // Studio's window is low
    return made;
  }
  function lineOf(number) {
    const lines = area.value.split("\n"), start = lines.slice(0, number - 1).reduce((sum, line) => sum + line.length + 1, 0);
    area.focus();
    area.setSelectionRange(start, start + (lines[number - 1] || "").length);
  }
  function jump(found) {
    if (found.line !== undefined && found.field === "source") return lineOf(found.line);
    const step = lesson.steps[found.step];
    if (step) {
      open = step.id;
      drawSteps();
      tell();
    } else if (found.step === -1 && !first([found.field])) root.querySelector("details.more").open = true;
    const place = step ? list.querySelector(`[data-id="${step.id}"]`) : root;
    const target = Editor.controlOf(Editor.fieldAt(place, found.field) || place) || end.querySelector("button");
    return (found.field === "steps" ? end.querySelector("button") : target).focus();
  }
  function nameOf(found) {
    if (found.field === "source") return `${words.line} ${found.line}`;
    const step = lesson.steps[found.step], label = step ? null : Editor.fieldAt(root, found.field);
    return step ? `${found.step + 1}. ${titleOf(step)}` : label ? label.querySelector("label, legend").firstChild.textContent : words.about;
  }
  function refused(problem) {
    const found = (problem.problems || []).map((one) => make("li", {}, button(nameOf(one), () => jump(one)), ` ${one.message} ${one.remedy}`));
    note([problem.detail || words.failed, problem.remedy], [], make("ul", { class: "problems" }, ...found));
  }
  function compare(problem) {
    const both = (problem.differences || []).map(({ title, mine, theirs, part: which }) => make("li", {}, make("b", {}, title || words[which]),
      make("div", { class: "both" }, ...[["mine", mine], ["theirs", theirs]].map(([whose, text]) => make("div", {}, make("p", { class: "quiet" }, words[whose]), make("pre", { dir: "auto", tabindex: "0" }, text || "–"))))));
    const mine = button(words.keep_mine, () => { version = problem.version; save(); }, { class: "go" });
    const theirs = button(words.take_theirs, async () => {
      if (!(await turn("cards"))) return;
      lesson = structuredClone(problem.theirs);
      version = problem.version;
      said.replaceChildren();
      changed("");
      drawAll();
      part("undo").focus();
    });
    note([problem.detail, problem.remedy], problem.theirs ? [mine, theirs] : [mine], make("ul", {}, ...both)).focus();
  }
  const written = () => (tab === "text" ? { title: lesson.title, language: lesson.language, minutes: lesson.minutes, source: area.value } : { lesson });
  /* Something was written while the rest was on its way: Studio, told that all is saved, would close the editor over it. */
  function goOn() {
    touched();
    state.textContent = words.saved_before;
    speak(words.saved_before);
    notify("error", { title: words.saved, message: words.saved_before });
  }
  async function save() {
    if (saving) return;
    saving = true;
    said.replaceChildren();
    notify("save", { state: "start", message: words.saving });
    const sent = JSON.stringify(written());
    const entry = outbox.keep("studio_save", { version, ...JSON.parse(sent) });
    try {
      version = (await outbox.deliver(entry)).version;
      if (JSON.stringify(written()) === sent) {
        dirty = false;
        keeper.forget();
        notify("save", { state: "end" });
      } else goOn();
    } catch (problem) {
      outbox.drop(entry);
      state.textContent = "";
      strict = true;
      tell();
      if (problem.code === "saved_meanwhile") compare(problem);
      else refused(problem);
      notify("error", { title: words.failed, message: [problem.detail || words.failed, problem.remedy].filter(Boolean).join(" ") });
    }
    saving = false;
  }
  function cancel() {
    const leave = () => { keeper.forget(); notify("cancel"); };
    if (!dirty) return leave();
    note([words.unsaved], [button(words.leave, leave), button(words.stay, () => { said.replaceChildren(); part("cancel").focus(); })]).querySelector("button").focus();
    return undefined;
  }
  function offerKept() {
    const kept = keeper.found();
    if (!kept || !kept.lesson) return;
    const go = button(words.restore, async () => {
      ({ lesson, version } = kept);
      said.replaceChildren();
      changed("");
      drawAll();
      if (kept.source !== null && (await turn("text"))) area.value = kept.source;
    });
    note([words.found], [go, button(words.forget, () => { keeper.forget(); said.replaceChildren(); })]);
  }

  part("save").addEventListener("click", save);
  part("cancel").addEventListener("click", cancel);
  part("undo").addEventListener("click", () => travel("undo", words.undone));
  part("redo").addEventListener("click", () => travel("redo", words.redone));
  area.addEventListener("input", touched);
  root.querySelectorAll("[data-tab]").forEach((one) => {
    one.addEventListener("click", () => turn(one.dataset.tab));
    one.addEventListener("keydown", ({ key }) => {
      if (key !== "ArrowLeft" && key !== "ArrowRight") return;
      const other = root.querySelector(`[data-tab="${one.dataset.tab === "cards" ? "text" : "cards"}"]`);
      turn(other.dataset.tab).then((turned) => turned && other.focus());
    });
  });
  root.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
    const key = event.key.toLowerCase(), redo = key === "y" || (key === "z" && event.shiftKey);
    if (key === "s") save();
    else if (tab === "cards" && redo) travel("redo", words.redone);
    else if (tab === "cards" && key === "z") travel("undo", words.undone);
    else return;
    event.preventDefault();
  });
  drawAll();
  judge();
  offerKept();
};
