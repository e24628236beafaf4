/* Forms drawn from their description (xblocks/lesson/forms.py): each control writes straight into the data it was given.
   `env`: prefix (of ids), language, words, step (the data of the whole form),
   files (lesson_pictures.js), changed(path) after typing, redraw(id to focus) after a change of what the form asks for. */
(function () {
  "use strict";
  const Editor = (window.NassijEditor = window.NassijEditor || {});

  function make(tag, attributes, ...children) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes || {})) {
      if (value === true) made.setAttribute(name, "");
      else if (value !== false && value !== undefined && value !== "") made.setAttribute(name, value);
    }
    made.append(...children.filter((child) => child !== undefined && child !== ""));
    return made;
  }
  function button(name, act, attributes) {
    const made = make("button", { type: "button", class: "ghost", ...attributes }, name);
    made.addEventListener("click", () => made.getAttribute("aria-disabled") !== "true" && act(made));
    return made;
  }
  const say = (text, values) => text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
  const idOf = (env, path) => `${env.prefix}-${path.replaceAll(".", "_")}`;

  function draw(fields, data, env, path = "") {
    return fields
      .filter((field) => !field.when || field.when[1].includes(env.step[field.when[0]]))
      .map((field) => DRAWN[field.kind](field, data, env, path + field.name));
  }

  function labelled(field, env, path, control, ...more) {
    const id = idOf(env, path), helped = field.help && make("small", { id: `${id}-help`, class: "quiet" }, field.help);
    control.id = id;
    if (helped) control.setAttribute("aria-describedby", helped.id);
    const optional = field.optional ? make("span", { class: "quiet" }, ` (${env.words.optional})`) : "";
    const label = make("label", { for: id }, field.label, optional);
    return make("div", { class: "field", "data-path": path }, label, control, helped || "", ...more);
  }

  function typed(control, read, field, data, env, path) {
    control.addEventListener("input", () => {
      data[field.name] = read(control);
      env.changed(path);
    });
    return control;
  }

  function line(field, data, env, path) {
    const words = field.kind === "line", plain = /^(\d{4}-\d\d-\d\d)?$/.test(data[field.name]);
    const type = field.kind === "number" ? "number" : field.kind === "date" && plain ? "date" : "text";
    const control = make("input", { type, name: path, dir: words ? "auto" : "ltr", lang: words ? env.language : false,
      min: type === "number" ? String(field.least || 0) : false, max: type === "number" ? field.most : false, maxlength: words && field.most });
    control.value = data[field.name];
    const read = ({ value }) => (type === "number" && value !== "" ? Number(value) : value);
    const made = labelled(field, env, path, typed(control, read, field, data, env, path));
    if (field.picture) made.append(pictures(control, env, (mark) => mark));
    return made;
  }

  function text(field, data, env, path) {
    const control = make("textarea", { name: path, rows: 3, dir: "auto", lang: env.language });
    control.value = data[field.name];
    const fit = () => { control.rows = Math.min(18, Math.max(3, control.value.split("\n").reduce((sum, one) => sum + 1 + Math.floor(one.length / 60), 0))); };
    control.addEventListener("input", fit);
    fit();
    const made = labelled(field, env, path, typed(control, ({ value }) => value, field, data, env, path));
    if (field.picture) made.append(pictures(control, env, (mark) => {
      const before = control.value.slice(0, control.selectionEnd).trimEnd(), after = control.value.slice(control.selectionEnd).trimStart();
      return [before, mark, after].filter(Boolean).join("\n\n");
    }));
    return made;
  }

  /* The button that opens the choice of a picture below its field, and closes it again. */
  function pictures(control, env, put) {
    const place = make("div"), opens = button(env.words.picture, () => {
      if (place.firstChild) return close();
      opens.setAttribute("aria-expanded", "true");
      place.append(env.files.picture((mark) => {
        control.value = put(mark);
        control.dispatchEvent(new Event("input"));
        close();
      }, close));
      place.querySelector("input").focus();
    }, { "aria-expanded": "false" });
    function close() {
      place.replaceChildren();
      opens.setAttribute("aria-expanded", "false");
      opens.focus();
    }
    return make("div", {}, opens, place);
  }

  function pick(field, data, env, path) {
    const control = make("select", { name: path }, ...field.options.map(([value, name]) => make("option", { value }, name)));
    control.value = data[field.name];
    control.addEventListener("change", () => {
      data[field.name] = control.value;
      env.changed(path);
      env.redraw(control.id);
    });
    return labelled(field, env, path, control);
  }

  function flag(field, data, env, path) {
    const control = make("input", { type: "checkbox", name: path, id: idOf(env, path) });
    control.checked = data[field.name];
    control.addEventListener("change", () => {
      const rule = field.alone_when;
      if (rule && control.checked && env.step[rule[0]] === rule[1]) env.siblings.forEach((item) => { item[field.name] = false; });
      data[field.name] = control.checked;
      env.changed(path);
      env.redraw(control.id);
    });
    return make("div", { class: "field", "data-path": path }, make("label", { class: "flag" }, control, make("span", {}, field.label)));
  }

  /* An address and a size: learners see how heavy a file is before they load it. */
  function file(field, data, env, path) {
    const given = data[field.name] || { src: "", size: 0 }, place = make("div");
    const control = make("input", { type: "text", name: path, dir: "ltr", placeholder: "/static/" });
    const size = make("input", { type: "number", name: `${path}.size`, min: "0", dir: "ltr" });
    const put = (src, bytes) => {
      data[field.name] = src || !field.optional ? { src, size: bytes } : null;
      control.value = src;
      if (document.activeElement !== size) size.value = bytes ? Math.max(1, Math.round(bytes / 1000)) : "";
    };
    const typedIn = (src, bytes) => { put(src, bytes); env.changed(path); };
    control.addEventListener("input", () => typedIn(control.value.trim(), 0));
    size.addEventListener("input", () => typedIn(control.value.trim(), Number(size.value) * 1000));
    put(given.src, given.size);
    const close = () => { place.replaceChildren(); choose.focus(); };
    const choose = button(env.words.file, () => place.firstChild ? close() : place.append(env.files.file(field.takes === "media" ? env.step.kind : field.takes, (chosen) => { typedIn(chosen.address, chosen.size); close(); }, close)));
    return labelled(field, env, path, control, make("label", { class: "small" }, env.words.file_size, size), env.files.known ? choose : "", place);
  }

  function group(field, data, env, path) {
    return make("fieldset", { class: "group", "data-path": path }, make("legend", {}, field.label), ...draw(field.fields, data[field.name], env, `${path}.`));
  }

  /* A list of items (`list`) or of single lines (`lines`): add, delete, move. */
  function list(field, data, env, path) {
    const items = data[field.name], id = idOf(env, path), lines = field.kind === "lines";
    const change = (act, focus) => { act(); env.changed(path, true); env.redraw(focus); };
    function tools(index) {
      const name = `${field.one} ${index + 1}`;
      const move = (by, end) => button(env.words[end], () => change(() => items.splice(index + by, 0, ...items.splice(index, 1)), `${id}-${index + by}-${end}`),
        { id: `${id}-${index}-${end}`, "aria-label": `${env.words[end]}: ${name}`, "aria-disabled": items[index + by] === undefined ? "true" : false });
      const remove = button(env.words.remove, () => change(() => items.splice(index, 1), `${id}-add`), { "aria-label": `${env.words.remove}: ${name}` });
      return make("div", { class: "tools" }, move(-1, "up"), move(1, "down"), remove);
    }
    function row(item, index) {
      const here = `${path}.${index}`, name = `${field.one} ${index + 1}`;
      const inner = lines
        ? [line({ name: index, kind: "line", label: name }, items, env, here)]
        : draw(field.fields, item, { ...env, siblings: items }, `${here}.`);
      return make("div", { class: "item", role: "group", "aria-label": name, "data-path": lines ? false : here }, ...inner, tools(index));
    }
    const add = button(say(env.words.add, { what: field.one }), () => change(() => items.push(blank(field)), `${id}-new`), { id: `${id}-add` });
    const made = make("fieldset", { class: "group", "data-path": path }, make("legend", {}, field.label), make("div", { class: "items" }, ...items.map(row)), add);
    const last = made.querySelector(".items > :last-child :is(input, textarea, select)");
    if (last) last.dataset.newest = `${id}-new`; // what a redraw after adding looks for
    return made;
  }

  function blank(field) {
    if (field.kind === "lines") return "";
    const item = Object.fromEntries(field.fields.map((one) => [one.name, structuredClone(one.empty)]));
    return field.set_ids ? { id: freshId(), ...item } : item;
  }
  /* An id that no step and no choice has had, deleted ones included: progress and answers of learners hang on it. */
  const freshId = () => Array.from(crypto.getRandomValues(new Uint8Array(4)), (byte) => byte.toString(36).padStart(2, "0")).join("");

  const DRAWN = { line, code: line, date: line, number: line, text, pick, flag, file, group, list, lines: list };

  /* Marks what is missing and says what is wrong, each at its field. */
  function annotate(place, marks, problems, words) {
    place.querySelectorAll(".field-note, .field-mark").forEach((old) => old.remove());
    place.querySelectorAll("[aria-invalid]").forEach((control) => {
      control.removeAttribute("aria-invalid");
      describe(control, "");
    });
    for (const [path, mark] of marks) {
      const label = (fieldAt(place, path) || place).querySelector("label, legend");
      if (label) label.append(make("span", { class: "chip attention field-mark" }, words[`marks_${mark}`]));
    }
    for (const found of problems) {
      const field = fieldAt(place, found.field) || place, control = controlOf(field);
      const note = make("p", { class: "note critical field-note", id: control ? `${control.id}-wrong` : false }, `${found.message} ${found.remedy}`);
      field.append(note);
      if (!control) continue;
      control.setAttribute("aria-invalid", "true");
      describe(control, note.id);
    }
  }
  function describe(control, id) {
    const ids = [document.getElementById(`${control.id}-help`) && `${control.id}-help`, id].filter(Boolean).join(" ");
    if (ids) control.setAttribute("aria-describedby", ids);
    else control.removeAttribute("aria-describedby");
  }
  function fieldAt(place, path) {
    for (let here = path; here; here = here.slice(0, Math.max(0, here.lastIndexOf(".")))) {
      const found = place.querySelector(`[data-path="${here}"]`);
      if (found) return found;
    }
    return null;
  }
  const controlOf = (field) => field.querySelector("input, textarea, select");

  Object.assign(Editor, { make, button, say, draw, blank, freshId, annotate, fieldAt, controlOf });
})();
