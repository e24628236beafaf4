/* The lesson, one step at a time. The page is complete without this script; here it gains the thread, sending in the background
 * and feedback in place. Needs `Nassij` (send.js); knows nothing of right answers: the server judges and sends the feedback. */
window.NassijLesson = function (runtime, element, args) {
  "use strict";
  const root = (element.querySelector ? element : element[0]).querySelector(".nassij-lesson");
  if (!root || !window.Nassij) return;

  const one = (name, within) => (within || root).querySelector(`[data-${name}]`);
  const steps = Array.from(root.querySelectorAll("[data-step]"));
  const end = one("end"), act = one("act");
  if (!act || !steps.length) return;

  const words = args.words, go = one("go"), back = one("previous"), skip = one("skip");
  const stitches = Array.from(root.querySelectorAll(".thread li"));
  const outbox = Nassij.outbox(root, (handler) => runtime.handlerUrl(element, handler), args);
  const done = new Set(steps.filter((step, i) => stitches[i].classList.contains("done")).map((step) => step.dataset.step));
  let at = Math.max(0, steps.findIndex((step) => step.dataset.step === args.here));

  // A check is open until its answer is judged (or kept, off line); changing the answer opens it again.
  const isCheck = (step) => "check" in step.dataset;
  const settled = new Set(steps.filter((step) => isCheck(step) && one("feedback", step).childElementCount));
  const open = (step) => step && isCheck(step) && !settled.has(step) && !step.querySelector("fieldset").disabled;

  function show(index, focus) {
    at = index;
    const step = steps[at];
    steps.forEach((each) => { each.hidden = each !== step; });
    end.hidden = Boolean(step);
    const intro = one("intro");
    if (intro) intro.hidden = at > 0;
    const place = one("position");
    place.textContent = step ? words.position.replace("{step}", at + 1).replace("{total}", steps.length) : "";
    paint();
    if (focus) {
      root.scrollIntoView({ block: "start" });
      (step || end).querySelector("h3").focus({ preventScroll: true });
    }
  }

  function paint() {
    stitches.forEach((stitch, i) => {
      stitch.className = i === at ? "here" : done.has(steps[i].dataset.step) ? "done" : "";
    });
    const step = steps[at], asking = open(step), last = at === steps.length - 1;
    go.textContent = !step ? words.again : asking ? words.check : last ? words.finish : words.next;
    go.className = step ? "go" : "ghost"; // at the end the way on is the page's
    skip.hidden = !asking;
    back.hidden = at === 0;
    const missing = steps.filter((each) => !done.has(each.dataset.step)).length;
    one("complete").hidden = missing > 0;
    one("missing").hidden = missing === 0;
    root.querySelectorAll("[data-for]").forEach((item) => { item.hidden = done.has(item.dataset.for); });
  }

  function visit(seen, here) {
    sendVisit(outbox.keep("visit", { seen, here }, ""));
  }
  function sendVisit(entry) {
    entry.body.seen.forEach((id) => done.add(id));
    outbox.deliver(entry).catch((problem) => refuse(steps[at], entry, problem));
  }

  /* On from the present step: a text is read when one leaves it forwards, a check is done when it is answered. */
  function onward() {
    const step = steps[at], next = steps[at + 1];
    if (!step) return show(0, true);
    visit(isCheck(step) ? [] : [step.dataset.step], (next || step).dataset.step);
    show(at + 1, true);
  }

  function say(step, text) {
    const note = document.createElement("p");
    note.className = "note";
    note.textContent = text;
    one("feedback", step).replaceChildren(note);
  }

  function refuse(step, entry, problem) {
    if (problem.code) outbox.drop(entry); // our own word: sending it again would change nothing
    if (step && isCheck(step)) say(step, [problem.detail || args.unsaved, problem.remedy].filter(Boolean).join(" "));
  }

  function answer(step) {
    const chosen = Array.from(step.querySelectorAll("input:checked"));
    if (!chosen.length) {
      say(step, words.choose);
      one("feedback", step).scrollIntoView({ block: "center" });
      return step.querySelector("[name=choices]").focus({ preventScroll: true });
    }
    const text = [step.querySelector("h3"), ...chosen.map((input) => input.parentNode)].map((part) => part.textContent).join(" · ");
    go.disabled = true;
    deliver(step, outbox.keep("answer", { check: step.dataset.step, choices: chosen.map((input) => input.value) }, text));
  }

  function deliver(step, entry) {
    const free = () => { go.disabled = false; paint(); };
    const slow = setTimeout(() => { // one can go on meanwhile
      const { state } = root.querySelector(".state").dataset;
      say(step, state === "waiting" || state === "sending" ? words.waiting : root.querySelector(".state").textContent);
      settled.add(step);
      free();
    }, 1000);
    outbox.deliver(entry).then((reply) => {
      done.add(reply.check);
      settled.add(step);
      const box = one("feedback", step);
      box.innerHTML = reply.html; // rendered and sanitised by our own server
      step.querySelector("fieldset").disabled = reply.closed;
      if (step === steps[at]) box.scrollIntoView({ block: "center" }); // the sticky action must not hide it
    }).catch((problem) => refuse(step, entry, problem)).then(() => {
      clearTimeout(slow);
      free();
    });
  }

  // What an earlier page kept on this phone: shown as it was left, and sent
  function replay(entry) {
    const { check, choices, here } = entry.body, step = steps.find((each) => each.dataset.step === (check || here));
    if (here) {
      if (step) at = steps.indexOf(step);
      return sendVisit(entry);
    }
    if (!step) return outbox.resend(entry);
    step.querySelectorAll("[name=choices]").forEach((input) => { input.checked = choices.includes(input.value); });
    settled.add(step);
    say(step, words.waiting);
    deliver(step, entry);
  }

  root.querySelectorAll("[data-submit], [data-read]").forEach((item) => { item.hidden = true; });
  steps.filter(isCheck).forEach((step) => {
    step.querySelector("form").addEventListener("submit", (event) => { event.preventDefault(); answer(step); });
    step.addEventListener("change", () => {
      settled.delete(step);
      one("feedback", step).replaceChildren();
      paint();
    });
  });
  go.addEventListener("click", () => (open(steps[at]) ? answer(steps[at]) : onward()));
  skip.addEventListener("click", onward);
  back.addEventListener("click", () => show(at - 1, true));
  root.addEventListener("click", (event) => {
    const link = event.target.closest("[data-for] a");
    if (!link) return;
    event.preventDefault();
    show(steps.findIndex((step) => `#${step.id}` === link.getAttribute("href")), true);
  });

  one("bar").hidden = act.hidden = false;
  outbox.kept().forEach(replay);
  show(at);
};
