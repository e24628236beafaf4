/* What an author did, to be undone and done again, and kept on this device until it is saved. */
(function () {
  "use strict";
  const Editor = (window.NassijEditor = window.NassijEditor || {});
  const ONE_STROKE = 1500, MOST = 200;

  /* Values as JSON; changes with the same `key` that follow each other quickly are one. */
  Editor.history = function (first) {
    const past = [], future = [];
    let now = JSON.stringify(first), lastKey = "", lastAt = 0;
    function move(from, to) {
      if (!from.length) return null;
      to.push(now);
      now = from.pop();
      lastKey = "";
      return JSON.parse(now);
    }
    return {
      push(value, key) {
        const text = JSON.stringify(value);
        if (text === now) return;
        if (!key || key !== lastKey || Date.now() - lastAt > ONE_STROKE) past.push(now);
        if (past.length > MOST) past.shift();
        [now, lastKey, lastAt] = [text, key, Date.now()];
        future.length = 0;
      },
      undo: () => move(past, future),
      redo: () => move(future, past),
      get canUndo() { return past.length > 0; },
      get canRedo() { return future.length > 0; },
    };
  };

  /* One unsaved lesson on this device, for one person and block; silently nothing where the browser keeps nothing. */
  Editor.keeper = function (place) {
    let waiting = 0;
    const attempt = (act) => { try { return act(window.localStorage); } catch (refused) { return null; } };
    return {
      keep(value) {
        clearTimeout(waiting);
        waiting = setTimeout(() => attempt((store) => store.setItem(place, JSON.stringify(value()))), 500);
      },
      found: () => attempt((store) => JSON.parse(store.getItem(place))),
      forget() {
        clearTimeout(waiting);
        attempt((store) => store.removeItem(place));
      },
    };
  };
})();
