/* Sends what people answer, kept on the phone until then: docs/reference/sending.rst */
(function () {
  "use strict";
  if (window.Nassij) return;

  const FIRST_PAUSE = 1000, LONGEST_PAUSE = 30000, TIMEOUT = 20000, MONTH = 30 * 24 * 3600 * 1000;
  const unkept = new Set(); // lost when the page is closed
  let storage = {};
  try { storage = window.localStorage || {}; } catch (refused) { /* nothing is kept, then */ }

  async function post(address, body) {
    const stop = new AbortController(), timer = setTimeout(() => stop.abort(), TIMEOUT);
    const token = (document.cookie.match(/(?:^|; )csrftoken=(\w+)/) || [])[1];
    const headers = { "Content-Type": "application/json", "X-CSRFToken": token };
    try {
      const response = await fetch(address, { method: "POST", headers, body, signal: stop.signal });
      const { ok, status } = response, isJson = /json/.test(response.headers.get("Content-Type"));
      if (status === 429 || status >= 500) return { later: "waiting" };
      const reply = isJson ? await response.json() : {};
      if (status === 401 || (isJson ? status === 403 && !reply.code : ok || status === 403)) return { later: "signin" };
      return ok ? { reply } : { problem: { status, ...reply } };
    } catch (offline) {
      return { later: "waiting" };
    } finally {
      clearTimeout(timer);
    }
  }

  function pause(ms) {
    return new Promise((done) => {
      setTimeout(done, ms);
      window.addEventListener("online", done, { once: true });
      document.addEventListener("visibilitychange", done, { once: true });
    });
  }

  function outbox(root, url, args) {
    const mine = `nassij ${args.user} `, place = mine + (root && root.id) + " ", store = args.user ? storage : {};
    const tell = status(root && root.querySelector(".state")), refused = new Set();
    let turn = Promise.resolve(), open = 0, last = 0;

    for (const key of Object.keys(store)) {
      const old = key.startsWith("nassij ") && !key.startsWith(mine) && key.split(" ")[3] < Date.now() - MONTH;
      if (old) store.removeItem(key);
    }

    function kept() {
      const keys = Object.keys(store).filter((key) => key.startsWith(place)).sort();
      const entries = keys.map((key) => JSON.parse(store.getItem(key)));
      for (const entry of entries) last = entry.at;
      return entries;
    }
    function keep(handler, body, text) {
      const id = Array.from(window.crypto.getRandomValues(new Uint32Array(4))).join("-"), at = Math.max(Date.now(), last + 1);
      const entry = { key: place + at + " " + id, at, handler, text, body: { ...body, operation_id: id, sender: args.user } };
      last = at;
      try {
        store.setItem(entry.key, JSON.stringify(entry));
      } catch (full) {
        unkept.add(entry.key);
      }
      return entry;
    }
    function drop(entry) {
      refused.delete(entry.key);
      if (entry.note) entry.note.remove();
      if (!unkept.delete(entry.key)) store.removeItem(entry.key);
      tell(refused.size ? "refused" : open ? "sending" : "saved");
    }
    async function run(entry) {
      const attempt = () => post(url(entry.handler), JSON.stringify(entry.body));
      tell("sending");
      for (let wait = FIRST_PAUSE; ; wait = Math.min(wait * 2, LONGEST_PAUSE)) {
        const outcome = await (navigator.locks ? navigator.locks.request(place, attempt) : attempt());
        if (!outcome.later) return outcome;
        tell(unkept.has(entry.key) ? "unkept" : outcome.later);
        await pause(wait);
      }
    }
    function deliver(entry) {
      open += 1;
      turn = turn.then(() => run(entry));
      return turn.then(({ reply, problem }) => {
        open -= 1;
        if (problem) refused.add(entry.key);
        else drop(entry);
        if (!problem) return reply;
        tell("refused");
        throw problem;
      });
    }
    function resend(entry) {
      return deliver(entry).catch((problem) => {
        entry.note = note([problem.detail || args.unsaved, problem.remedy, entry.text]);
        entry.note.append(button(args.drop, () => drop(entry)));
        root.querySelector(".page").prepend(entry.note);
      });
    }
    return { kept, keep, drop, deliver, resend };
  }

  function send(address, body) {
    const alone = outbox(null, () => address, {});
    return alone.deliver(alone.keep("", body));
  }

  function status(element) {
    return (state) => {
      if (!element) return;
      element.dataset.state = state;
      element.textContent = element.dataset[state] || "";
    };
  }
  function note(texts) {
    const made = document.createElement("div");
    made.className = "note critical";
    made.setAttribute("role", "alert");
    made.append(...texts.filter(Boolean).map((text) => {
      const said = document.createElement("p");
      said.dir = "auto";
      said.textContent = text;
      return said;
    }));
    return made;
  }
  function button(name, act) {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "ghost";
    made.textContent = name;
    made.addEventListener("click", act);
    return made;
  }

  window.addEventListener("beforeunload", (event) => {
    if (unkept.size) event.preventDefault();
  });

  window.Nassij = { send, outbox, note, button };
})();
