/* The lesson, one step at a time. The page is complete without it; it needs send.js and knows no right answer. */
window.NassijLesson = function (runtime, element, args) {
  "use strict";
  const root = (element.querySelector ? element : element[0]).querySelector(".nassij-lesson");
  if (!root || !window.Nassij) return;

  const one = (name, within) => (within || root).querySelector(`[data-${name}]`);
  const steps = [...root.querySelectorAll("[data-step]")];
  const end = one("end"), act = one("act");
  if (!act || !steps.length) return;

  const words = args.words, go = one("go"), back = one("previous"), skip = one("skip");
  const stitches = [...root.querySelectorAll(".thread li")];
  const outbox = Nassij.outbox(root, (handler) => runtime.handlerUrl(element, handler), args);
  const done = new Set(steps.filter((step, i) => stitches[i].classList.contains("done")).map((step) => step.dataset.step));
  let at = Math.max(0, steps.findIndex((step) => step.dataset.step === args.here)), stuck = [], drafts = [];

  // Settled until it is changed
  const isCheck = (step) => "check" in step.dataset;
  const isTold = (step) => step && "tell" in step.dataset;
  const area = (step) => step.querySelector("textarea");
  const changed = (step) => isTold(step) && area(step).value !== area(step).defaultValue;
  const settled = new Set(steps.filter((step) => isCheck(step) && one("feedback", step).childElementCount));
  const open = (step) => step && isCheck(step) && !settled.has(step) && !step.querySelector("fieldset").disabled;

  function move(index) {
    steps.filter(changed).forEach(tell);
    at = index;
    show();
    root.scrollIntoView({ block: "start" });
    (steps[at] || end).querySelector("h3").focus({ preventScroll: true });
  }
  function show() {
    const step = steps[at];
    steps.forEach((each) => { each.hidden = each !== step; });
    end.hidden = Boolean(step);
    one("intro").hidden = at > 0;
    one("position").textContent = step ? words.position.replace("{step}", at + 1).replace("{total}", steps.length) : "";
    paint();
  }

  function paint() {
    stitches.forEach((stitch, i) => {
      stitch.className = i === at ? "here" : done.has(steps[i].dataset.step) ? "done" : "";
    });
    const step = steps[at], asking = open(step), last = at === steps.length - 1;
    go.textContent = !step ? words.again : asking ? words.check : changed(step) ? words.save : last ? words.finish : words.next;
    go.className = step ? "go" : "ghost"; // at the end the way on is the page's
    skip.hidden = !asking;
    back.hidden = at === 0;
    if (isTold(step)) one("count", step).textContent = [...area(step).value].length;
    const missing = steps.filter((each) => !done.has(each.dataset.step)).length;
    one("complete").hidden = missing > 0;
    one("missing").hidden = missing === 0;
    root.querySelectorAll("[data-for]").forEach((item) => { item.hidden = done.has(item.dataset.for); });
  }

  function sendVisit(entry) {
    entry.body.seen.forEach((id) => done.add(id));
    outbox.deliver(entry).catch((problem) => refuse(steps[at], entry, problem));
  }

  function onward() {
    const step = steps[at], next = steps[at + 1];
    if (!step) return move(0);
    const seen = isCheck(step) || step.dataset.tell ? [] : [step.dataset.step];
    sendVisit(outbox.keep("visit", { seen, here: (next || step).dataset.step }, ""));
    move(at + 1);
  }

  function say(step, text) {
    const note = document.createElement("p");
    note.className = "note";
    note.textContent = text;
    one("feedback", step).replaceChildren(note);
  }

  function refuse(step, entry, problem) {
    if (problem.code) outbox.drop(entry); // our own word is final
    if (step && one("feedback", step)) say(step, [problem.detail || args.unsaved, problem.remedy].filter(Boolean).join(" "));
  }

  // Nothing while a line has no answer
  const fields = (step) => [...step.querySelectorAll("[name=choices]")];
  const boxed = (field) => /radio|checkbox/.test(field.type);
  function given(step) {
    if (step.dataset.check === "order") return Array.from(step.querySelectorAll("[data-item]"), (item) => item.dataset.item);
    const found = fields(step).filter((field) => (boxed(field) ? field.checked : field.value.trim()));
    return step.dataset.check === "match" && found.length < fields(step).length ? [] : found.map((field) => field.value);
  }
  function giveBack(step, choices) {
    fields(step).forEach((field) => {
      if (boxed(field)) field.checked = choices.includes(field.value);
      else if (field.options) [...field.options].forEach((offer) => { offer.selected = choices.includes(offer.value); });
      else field.value = choices[0];
    });
    if (step.dataset.check === "order") sort(step, (item) => choices.indexOf(item.dataset.item));
  }

  function answer(step) {
    const choices = given(step);
    if (!choices.length) {
      say(step, words.choose);
      one("feedback", step).scrollIntoView({ block: "center" });
      return (fields(step).find((field) => !field.value) || fields(step)[0]).focus({ preventScroll: true });
    }
    const parts = Array.from(step.querySelectorAll(":checked"), (part) => part.text || part.parentNode.textContent);
    const text = [step.querySelector("h3").textContent, ...(parts.length ? parts : choices)].join(" · ");
    go.disabled = true;
    deliver(step, outbox.keep("answer", { check: step.dataset.step, choices }, text));
  }

  // Versions a text may be written over: docs/reference/sending.rst
  const base = (step) => step.querySelector("[name=base]");
  function written(step, draft) {
    const text = area(step).value, id = step.dataset.step;
    drafts = drafts.filter((old) => old.body.step !== id || outbox.drop(old));
    return outbox.keep("write", { step: id, text, base: base(step).value, draft }, text);
  }
  const tell = (step) => send(step, written(step));
  // Only typed: kept on the phone, no answer before one goes on
  function setAside() {
    drafts.forEach(outbox.drop);
    drafts = steps.filter(changed).map((step) => written(step, true));
  }
  function send(step, entry) {
    const { step: id, text, base: from, operation_id: own } = entry.body, was = done.has(id);
    base(step).value = `${from} ${own}`;
    area(step).defaultValue = text;
    done[text.trim() || !step.dataset.tell ? "add" : "delete"](id);
    outbox.resend(entry).then((reply) => {
      if (!reply) {
        stuck.push(entry);
        if (!was) done.delete(id);
        return paint();
      }
      // what it was made from, not another tab's
      stuck = stuck.filter((old) => !from.includes(old.body.operation_id) || outbox.drop(old));
      if (reply.merged && !changed(step)) {
        area(step).value = area(step).defaultValue = reply.text;
        base(step).value = reply.version;
        say(step, words.merged);
      }
      paint();
    });
  }

  function sort(step, place) {
    const items = [...step.querySelectorAll("[data-item]")];
    items[0].parentNode.append(...items.sort((a, b) => place(a) - place(b)));
  }
  function sortable(step) {
    const selects = fields(step);
    if (selects.every((field) => field.value)) sort(step, (item) => item.querySelector("select").selectedIndex);
    selects.forEach((field) => {
      const item = field.parentNode, name = item.querySelector("span").textContent;
      field.hidden = true;
      for (const [sign, word, way] of [["▲", words.up, -1], ["▼", words.down, 1]]) {
        const button = Nassij.button(sign, () => {
          const items = [...item.parentNode.children], other = items[items.indexOf(item) + way];
          if (!other) return;
          other[way < 0 ? "before" : "after"](item);
          button.focus();
          item.dispatchEvent(new Event("change", { bubbles: true }));
        });
        button.ariaLabel = `${word} – ${name}`;
        item.append(button);
      }
    });
  }

  function play(link) {
    const box = link.parentNode, media = document.createElement(link.dataset.play);
    Object.assign(media, { controls: true, autoplay: true, src: link.href, ariaLabel: box.dataset.name });
    if (box.dataset.captions) {
      const track = document.createElement("track");
      Object.assign(track, { kind: "captions", src: box.dataset.captions, srclang: root.lang, default: true });
      media.append(track);
    }
    media.onerror = () => {
      media.parentNode.querySelector("details").open = true;
      media.replaceWith(Nassij.note([words.unplayed]), box);
    };
    box.replaceWith(media);
    media.focus();
  }

  function deliver(step, entry) {
    const free = () => { go.disabled = false; paint(); };
    const slow = setTimeout(() => {
      const told = root.querySelector(".state");
      say(step, /waiting|sending/.test(told.dataset.state) ? words.waiting : told.textContent);
      settled.add(step);
      free();
    }, 1000);
    outbox.deliver(entry).then((reply) => {
      done.add(reply.check);
      settled.add(step);
      const box = one("feedback", step);
      box.innerHTML = reply.html;
      step.querySelector("fieldset").disabled = reply.closed;
      if (step === steps[at]) box.scrollIntoView({ block: "center" }); // the sticky action must not hide it
    }).catch((problem) => refuse(step, entry, problem)).then(() => {
      clearTimeout(slow);
      free();
    });
  }

  // Kept by an earlier page: shown as it was left
  function replay(entry) {
    const { check, choices, here, step: told, text, base: from, draft } = entry.body;
    const step = steps.find((each) => each.dataset.step === (check || told || here));
    if (here) {
      if (step) at = steps.indexOf(step);
      return sendVisit(entry);
    }
    if (!step || (told && !isTold(step))) return outbox.resend(entry);
    if (told) {
      const field = area(step);
      field.value = changed(step) ? `${field.value}\n\n${text}` : text;
      if (!draft) return send(step, entry);
      base(step).value = from;
      drafts.push(entry);
      return say(step, words.draft);
    }
    giveBack(step, choices);
    settled.add(step);
    say(step, words.waiting);
    deliver(step, entry);
  }

  root.querySelectorAll("[data-submit], [data-read]").forEach((item) => { item.hidden = true; });
  steps.filter(isCheck).forEach((step) => {
    step.querySelector("form").addEventListener("submit", (event) => { event.preventDefault(); answer(step); });
    step.addEventListener(/order|match/.test(step.dataset.check) ? "change" : "input", () => {
      settled.delete(step);
      one("feedback", step).replaceChildren();
      paint();
    });
  });
  steps.filter((step) => step.dataset.check === "order").forEach(sortable);
  steps.filter(isTold).forEach((step) => {
    step.querySelector("form").addEventListener("submit", (event) => event.preventDefault());
    step.addEventListener("input", paint);
  });
  document.addEventListener("visibilitychange", () => document.hidden && setAside());
  go.addEventListener("click", () => (open(steps[at]) ? answer(steps[at]) : onward()));
  skip.addEventListener("click", onward);
  back.addEventListener("click", () => move(at - 1));
  root.addEventListener("click", (event) => {
    const media = event.target.closest("[data-play]");
    if (media) {
      event.preventDefault();
      return play(media);
    }
    const link = event.target.closest("[data-for] a");
    if (!link) return;
    event.preventDefault();
    move(steps.findIndex((step) => `#${step.id}` === link.getAttribute("href")));
  });

  one("bar").hidden = act.hidden = false;
  outbox.kept().forEach(replay);
  show();
};
