/* Signing out on a shared phone: asks first while something that was answered is not sent yet. docs/reference/sending.rst */
(function () {
  "use strict";
  const dialog = document.querySelector("dialog.signout"), control = document.querySelector("[data-signout]");
  if (!dialog || !dialog.showModal || !control) return; // what is kept waits, unseen by others, until its person is back

  let local, session;
  try {
    local = window.localStorage;
    session = window.sessionStorage;
    session.getItem("");
  } catch (refused) { return; } // a browser that stores nothing keeps nothing

  const PATIENCE = 20000, LOOK = 200, NAMED = 3, GOES_ON = "nassij-signout";
  const words = dialog.dataset, mine = `nassij ${words.user} `, places = `nassij-places ${words.user}`;
  const part = (name) => dialog.querySelector(`[data-${name}]`);
  let watching = 0;

  function kept() { return Object.keys(local).filter((key) => key.startsWith(mine)).sort(); }
  function known() { return JSON.parse(local.getItem(places) || "{}"); }
  // Only typed: no answer yet, so nothing to send
  function isDraft(key) { return JSON.parse(local.getItem(key)).body.draft; }
  function block(key) { return document.getElementById(key.split(" ")[2]); }
  function place(key) { return known()[key.split(" ")[2]]; }
  function say(text) { part("said").textContent = text; }

  // Where each block of this page is found again
  function remember() {
    const blocks = [...document.querySelectorAll(".nassij[id]")].filter((root) => root.querySelector(".state"));
    if (!blocks.length) return;
    const here = Object.fromEntries(blocks.map((root) => [root.id, location.pathname]));
    try { local.setItem(places, JSON.stringify({ ...known(), ...here })); } catch (full) { /* then it is not found again */ }
  }

  function signOut() {
    if (!kept().length) local.removeItem(places);
    if (control.submit) control.submit();
    else location.assign(control.href);
  }
  function forget() { [places, ...kept()].forEach((key) => local.removeItem(key)); }

  function ask() {
    const keys = kept(), texts = [...new Set(keys.map((key) => JSON.parse(local.getItem(key)).text || words.progress))];
    part("count").textContent = words.count.replace("{count}", keys.length);
    part("list").replaceChildren(...texts.slice(0, NAMED).map((text) => {
      const item = document.createElement("li");
      item.dir = "auto";
      item.textContent = text;
      return item;
    }));
    const answers = keys.filter((key) => !isDraft(key)), canBeSent = answers.every((key) => block(key) || place(key));
    part("send").hidden = !canBeSent || !answers.length;
    say(canBeSent ? "" : words.open);
    if (!dialog.open) dialog.showModal();
  }

  // The page's own queue does the sending; here it is woken and watched. What belongs to another page is sent from there
  function send() {
    const turn = ++watching, end = Date.now() + PATIENCE;
    say(words.sending);
    window.dispatchEvent(new Event("online"));
    (function look() {
      if (turn !== watching) return;
      const keys = kept().filter((key) => !isDraft(key)), here = keys.filter(block);
      if (!keys.length) return signOut();
      if (!navigator.onLine) return say(words.offline);
      if (!here.length) {
        session.setItem(GOES_ON, "1");
        return location.assign(place(keys[0]));
      }
      const states = new Set(here.map((key) => block(key).querySelector(".state").dataset.state));
      if (states.has("refused")) return say(words.refused);
      if (states.has("signin") || Date.now() > end) return say(words.offline);
      setTimeout(look, LOOK);
    })();
  }

  control.addEventListener(control.submit ? "submit" : "click", (event) => {
    if (!kept().length) return local.removeItem(places);
    event.preventDefault();
    ask();
  });
  part("send").addEventListener("click", send);
  part("keep").addEventListener("click", signOut);
  part("delete").addEventListener("click", () => {
    // A page that is left stores the card it shows: that is deleted as well
    document.addEventListener("visibilitychange", forget);
    window.addEventListener("pagehide", forget);
    forget();
    signOut();
  });
  part("stay").addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => { watching += 1; });

  remember();
  if (session.getItem(GOES_ON)) {
    session.removeItem(GOES_ON);
    if (!kept().every(isDraft)) ask();
    send();
  }
})();
