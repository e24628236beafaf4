/* The questionnaire one card at a time; without this script it is one form. */
window.NassijGovernance = function (runtime, element, args) {
  "use strict";
  const root = (element.querySelector ? element : element[0]).querySelector(".nassij-governance");
  if (!root || !window.Nassij) return;

  const find = (selector) => root.querySelector(selector);
  const url = (name) => runtime.handlerUrl(element, name);
  const outbox = Nassij.outbox(root, url, args), form = find("form.sheet");
  if (!form) return outbox.kept().forEach(outbox.resend);
  const all = [...form.querySelectorAll("section")], parts = [...form.querySelectorAll("[data-section]")];
  const box = find("[data-sheet]"), words = box.dataset, minutes = words.minutes.split("|");
  const resultBox = find("[data-result]"), side = find(".beside"), where = find("[data-where]");
  const go = form.querySelector(".go"), back = form.querySelector("[data-back]"), stitches = [...find(".thread").children];
  const given = new Map(all.map((card) => [card, text(card)])); // saved, or on its way
  const refused = new Map(), revisions = { profile: +form.elements.profile_revision.value };
  let here = null, sent = Promise.resolve();

  function code(card) { return card.id.slice(root.id.length + 1); }
  function isCode(card) { return code(card) !== "profile"; }
  function field(name, card) { return card.querySelector(`[name="${name}"]`); }
  function radios(card) { return [...card.querySelectorAll('input[type="radio"]')]; }
  function asked() { return all.filter((card) => !card.dataset.off); }
  function questions() { return asked().filter(isCode); }
  function section(card) { return card.closest("[data-section]"); }
  function title(card) { return card.querySelector("h3"); }

  function read(card) {
    const on = radios(card).filter((input) => input.checked);
    if (!isCode(card)) return Object.fromEntries(on.map((input) => [input.name.slice(2), input.value === "yes"]));
    const chosen = on.length ? on[0].value : "skipped", level = /^\d+$/.test(chosen);
    const answer = { kind: level ? "level" : chosen, comment: field("c", card).value };
    if (level) answer.level = +chosen;
    if (chosen === "not_applicable") answer.reason = field("r", card).value;
    answer.evidence = field("e", card).checked ? "declared" : "none";
    answer.sure = field("u", card).checked ? false : null;
    return answer;
  }
  function says(answer, input) {
    return answer.kind ? input.value === String(answer.level ?? answer.kind) : answer[input.name.slice(2)] === (input.value === "yes");
  }
  function put(card, answer) {
    for (const input of radios(card)) input.checked = says(answer, input);
    if (!isCode(card)) return;
    if (field("r", card)) field("r", card).value = answer.reason || "";
    field("c", card).value = answer.comment;
    field("e", card).checked = answer.evidence !== "none";
    field("u", card).checked = answer.sure === false;
  }
  function describe(card, answer) {
    const chosen = radios(card).filter((input) => says(answer, input)).map((input) => {
      const label = input.parentNode, choice = (label.querySelector("b") || label).textContent;
      return isCode(card) ? choice : label.closest("fieldset").firstElementChild.textContent + " " + choice;
    });
    return [...chosen, answer.reason, answer.comment].filter(Boolean).join(" · ");
  }
  function text(card) { return JSON.stringify(read(card)); }
  function isNew(card) { return text(card) !== given.get(card); }
  function isAnswered(card) { return JSON.parse(given.get(card)).kind !== "skipped"; }
  function lacksReason(card) {
    return isCode(card) && read(card).kind === "not_applicable" && !field("r", card).value.trim() && !card.dataset.off;
  }

  function apply() {
    const said = all.filter((card) => !isCode(card)).map(read)[0] || {};
    for (const card of all) {
      if (card.dataset.if && said[card.dataset.if] === false) card.dataset.off = "1";
      else delete card.dataset.off;
    }
  }

  // Showing
  function show(card, focus) {
    here = card;
    for (const other of all) other.hidden = other !== card;
    for (const part of parts) {
      part.hidden = part !== section(card);
      part.firstElementChild.hidden = true;
    }
    const part = section(card);
    const siblings = part ? questions().filter((other) => section(other) === part) : [];
    where.hidden = false;
    where.textContent = part
      ? part.firstElementChild.textContent + " · " + fill(siblings.indexOf(card) + 1, siblings.length)
      : title(card).textContent;
    back.hidden = asked()[0] === card;
    label();
    list(siblings);
    count();
    if (focus) {
      title(card).focus({ preventScroll: true });
      root.scrollIntoView();
    }
  }
  function label() {
    const last = asked().at(-1) === here, skips = read(here).kind === "skipped" && !last;
    go.textContent = last && args.showResult ? words.finish : skips ? words.skip : words.next;
    go.classList.toggle("ghost", skips);
  }
  function fill(done, total) { return words.of.replace("{done}", done).replace("{total}", total); }
  function count() {
    const cards = questions(), missing = cards.filter((card) => !isAnswered(card));
    find("[data-count]").textContent = fill(cards.length - missing.length, cards.length);
    find("[data-left]").textContent = minutes.slice(Math.ceil(missing.length * words.pace)).find(Boolean);
    parts.forEach((part, index) => {
      const isHere = here && section(here) === part;
      stitches[index].className = isHere ? "here" : missing.some((card) => section(card) === part) ? "" : "done";
    });
    return missing;
  }
  function list(siblings) {
    side.hidden = siblings.length < 2;
    side.replaceChildren(...siblings.map((card) => {
      const link = Nassij.button((isAnswered(card) ? "✓ " : "") + title(card).textContent, () => leave(card));
      if (card === here) link.setAttribute("aria-current", "true");
      return link;
    }));
  }

  // Sending
  function save(card, target) {
    const answer = read(card), before = given.get(card), revision = revisions[code(card)];
    const body = { round: form.elements.round.value, association: args.association, revision };
    given.set(card, JSON.stringify(answer));
    apply();
    if (isCode(card)) Object.assign(body, { indicator: code(card), answer, here: code(target || card), complete: !count().length });
    else body.answers = answer;
    const entry = outbox.keep(isCode(card) ? "answer" : "profile", body, title(card).textContent + ": " + describe(card, answer));
    settle(card);
    deliver(entry, card, () => given.set(card, before));
  }
  function deliver(entry, card, undo) {
    const name = code(card), { revision } = entry.body;
    revisions[name] = Math.max(revisions[name], revision + 1);
    const reply = outbox.deliver(entry).then((stored) => {
      revisions[name] = Math.max(revisions[name], stored.revision);
    }, (problem) => {
      undo();
      revisions[name] = problem.revision ?? revision;
      refused.set(card, [...(refused.get(card) || []), entry]);
      complain(card, problem);
    });
    sent = Promise.all([sent, reply]);
  }
  function replay(entry) {
    const { indicator, answer, answers, round, revision } = entry.body;
    const card = all.find((one) => code(one) === (indicator || "profile"));
    if (!card || round !== form.elements.round.value) return outbox.resend(entry);
    const before = given.get(card), again = () => { put(card, answer || answers); apply(); };
    if (revision >= revisions[code(card)]) {
      again();
      given.set(card, text(card));
    }
    deliver(entry, card, () => { again(); given.set(card, before); });
  }
  function hold() { if (isNew(here) && !refused.has(here) && !lacksReason(here)) save(here); }
  function leave(target) {
    if (lacksReason(here)) {
      here.querySelector("details").open = true;
      complain(here, { detail: words.reason });
      field("r", here).closest("p").prepend(here.querySelector(".note")); // where the reason is asked
      return field("r", here).focus();
    }
    if (isNew(here)) save(here, target);
    if (target) show(target, true);
    else finish();
  }

  function settle(card) {
    (refused.get(card) || []).forEach(outbox.drop);
    refused.delete(card);
    clear(card);
  }
  function clear(card) { card.querySelectorAll(".note").forEach((note) => note.remove()); }
  function complain(card, problem) {
    const stale = problem.code === "stale_revision", { stored } = problem;
    const note = Nassij.note([
      [problem.detail || args.unsaved, problem.remedy].join(" "),
      stored && words.before + " " + describe(card, stored),
    ]);
    clear(card);
    if (stale) note.append(Nassij.button(words.mine, () => save(card)), " ", Nassij.button(words.stored, () => take(card, stored)));
    card.prepend(note);
    if (box.hidden || here !== card) { hold(); reopen(); show(card, true); }
  }
  function take(card, stored) {
    put(card, stored || { kind: "skipped", comment: "", evidence: "none" });
    given.set(card, text(card));
    apply();
    settle(card);
    show(card);
  }

  // The result
  async function finish() {
    if (!args.showResult) return;
    const slow = setTimeout(() => complain(here, { detail: words.wait }), 2000), asker = here;
    await sent;
    clearTimeout(slow);
    if (refused.size || here !== asker) return;
    try {
      const reply = await fetch(runtime.handlerUrl(element, "result", "part"));
      if (!reply.ok) throw reply;
      resultBox.innerHTML = await reply.text(); // our own template
      clear(here);
      rest();
      const heading = resultBox.querySelector("h2");
      heading.tabIndex = -1;
      heading.focus({ preventScroll: true });
      root.scrollIntoView();
    } catch {
      complain(here, { detail: words.wait });
    }
  }
  function rest() { // behind the result, one button away
    const fold = box.closest("details");
    if (fold) { fold.open = false; return; }
    box.hidden = true;
    const again = Nassij.button(words.change, () => { again.remove(); reopen(); show(here, true); });
    resultBox.append(again);
  }
  function reopen() {
    const fold = box.closest("details");
    if (fold) fold.open = true;
    box.hidden = false;
  }
  function follow(hash) {
    const card = all.find((one) => hash === "#" + one.id);
    if (!card || card.dataset.off) return false;
    reopen();
    show(card, true);
    return true;
  }

  function step(by) {
    const cards = asked();
    leave(cards[cards.indexOf(here) + by]);
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    step(1);
  });
  form.addEventListener("input", ({ target }) => {
    const told = target.closest("p")?.querySelector("[data-most]");
    if (told) told.textContent = `${[...target.value].length} / ${told.dataset.most}`;
  });
  form.addEventListener("change", (event) => {
    if (event.target.value === "not_applicable") here.querySelector("details").open = true;
    label();
  });
  back.addEventListener("click", () => step(-1));
  root.addEventListener("click", (event) => {
    const link = event.target.closest("a");
    if (!link) return;
    if (link.hasAttribute("data-see")) { event.preventDefault(); finish(); }
    else if (follow(link.getAttribute("href"))) event.preventDefault();
  });
  document.addEventListener("visibilitychange", () => document.hidden && hold());

  form.elements.seen.value.split(" ").forEach((number, index) => { revisions[code(all.filter(isCode)[index])] = +number; });
  const kept = outbox.kept();
  kept.forEach(replay);
  apply();
  const at = kept.length ? kept.at(-1).body.here : args.here;
  show(asked().find((card) => code(card) === at) || asked()[0]);
  if (kept.length && box.closest("details")) finish(); // the result shown does not know them
};
