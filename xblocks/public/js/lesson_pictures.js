/* Pictures and files of a lesson: picked from the files of the course or library, or uploaded there after the server looked at them.
   Where there is neither (the workbench), a plain field for the address. */
(function () {
  "use strict";
  const Editor = (window.NassijEditor = window.NassijEditor || {});
  const USABLE = /^\/static\/[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;
  const PAGE = 20, SIDES = [1280, 960, 640], QUALITIES = [0.8, 0.6, 0.4];
  const kilo = (size) => Math.max(1, Math.round(size / 1000));

  Editor.files = function (args, ask) {
    const { words } = args, { kind, url } = args.files, { make, button, say } = Editor;

    async function request(address, options) {
      const token = (document.cookie.match(/(?:^|; )csrftoken=(\w+)/) || [])[1];
      const response = await fetch(address, { headers: { Accept: "application/json", "X-CSRFToken": token || "" }, ...options });
      if (!response.ok) throw new Error(String(response.status));
      return response.json();
    }

    const fromCourse = (asset) => ({ name: asset.display_name, address: asset.portable_url, size: Number(asset.file_size) || 0 });
    const fromLibrary = (file) => ({ name: file.path.replace(/^static\//, ""), address: `/${file.path}`, size: Number(file.size) || 0 });

    async function find(search, page, pictures) {
      if (kind === "library") {
        const all = (await request(url)).files.map(fromLibrary).filter(({ name, address }) => USABLE.test(address) && name.toLowerCase().includes(search.toLowerCase()));
        return { found: all.filter(({ name }) => !pictures || /\.(svg|png|jpe?g|webp)$/i.test(name)), more: false };
      }
      const query = new URLSearchParams({ format: "json", page, page_size: PAGE, sort: "date_added", text_search: search, asset_type: pictures ? "Images" : "" });
      const reply = await request(`${url}?${query}`);
      return { found: reply.assets.map(fromCourse).filter(({ address }) => USABLE.test(address)), more: reply.end < reply.totalCount };
    }

    async function freeName(name) {
      const taken = (await find(name.replace(/\.\w+$/, ""), 0, false)).found.some(({ address }) => address === `/static/${name}`);
      return taken ? name.replace(/(\.\w+)$/, `-${Date.now().toString(36)}$1`) : name;
    }

    async function send(blob, wanted) {
      const name = await freeName(wanted), form = new FormData();
      form.append(kind === "library" ? "content" : "file", new File([blob], name, { type: blob.type }));
      if (kind === "library") await request(`${url}static/${name}`, { method: "PUT", body: form });
      else await request(url, { method: "POST", body: form });
      return { name, address: `/static/${name}`, size: blob.size };
    }

    /* A picture is drawn anew when it is too heavy; a photo always is, which leaves the place it was taken at behind. */
    async function smaller(file) {
      if (file.size <= args.heavy && file.type !== "image/jpeg") return file;
      const picture = await createImageBitmap(file), canvas = document.createElement("canvas");
      let best = null;
      for (const side of SIDES) {
        const scale = Math.min(1, side / Math.max(picture.width, picture.height));
        canvas.width = Math.round(picture.width * scale);
        canvas.height = Math.round(picture.height * scale);
        canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
        for (const quality of QUALITIES) {
          const blob = await new Promise((done) => canvas.toBlob(done, "image/webp", quality));
          if (blob && (!best || blob.size < best.size)) best = blob;
          if (best && best.size <= args.heavy) return best;
        }
      }
      return best || file;
    }

    async function base64(blob) {
      const bytes = new Uint8Array(await blob.arrayBuffer());
      let binary = "";
      bytes.forEach((byte) => { binary += String.fromCharCode(byte); });
      return btoa(binary);
    }

    async function uploadPicture(file, tell) {
      const svg = file.type === "image/svg+xml";
      const blob = svg ? file : await smaller(file).catch(() => file);
      const stem = file.name.replace(/\.\w+$/, ""), suffix = blob === file ? file.name.slice(stem.length) : `.${blob.type.split("/")[1]}`;
      const checked = await ask("studio_picture", { name: stem + suffix, size: blob.size, content: await base64(svg ? blob : blob.slice(0, 64)) });
      const sent = await send(checked.svg ? new Blob([checked.svg], { type: "image/svg+xml" }) : blob, checked.name);
      if (blob !== file) tell(say(words.made_smaller, { before: kilo(file.size), size: kilo(sent.size) }));
      if ((checked.removed || []).length) tell(say(words.svg_cleaned, { what: checked.removed.join(", ") }));
      return sent;
    }
    /* The server sees its name, its weight and how it begins before anything is sent: what is no file for learners stays here. */
    async function uploadFile(file, use) {
      const checked = await ask("studio_file", { use, name: file.name, size: file.size, content: await base64(file.slice(0, args.uploads.head)) });
      return send(file, checked.name);
    }

    /* The files there are, and a way to add one; `use`: what a file is for, empty for pictures; `chosen` gets {name, address, size}. */
    function chooser(use, chosen) {
      const pictures = !use;
      if (!url) {
        const field = make("input", { type: "text", dir: "ltr", placeholder: "/static/" });
        field.addEventListener("input", () => chosen({ name: field.value, address: field.value.trim(), size: 0 }));
        return [make("label", {}, words.address, field)];
      }
      const list = make("ul", { class: "files" }), told = make("div", { role: "status" });
      const tell = (text) => told.append(make("p", { class: "quiet" }, text));
      const pick = (file) => { told.replaceChildren(make("p", {}, say(words.picked, { name: file.name, size: kilo(file.size) }))); chosen(file); };
      const device = make("input", { type: "file", accept: pictures ? ".svg,.png,.jpg,.jpeg,.webp,image/*" : args.uploads.endings[use].join() });
      device.addEventListener("change", async () => {
        const file = device.files[0];
        if (!file) return;
        told.replaceChildren(make("p", {}, words.uploading));
        try {
          const notes = [], sent = await (pictures ? uploadPicture(file, (text) => notes.push(text)) : uploadFile(file, use));
          pick(sent);
          notes.forEach(tell);
        } catch (problem) {
          told.replaceChildren(make("p", { class: "note critical" }, problem.detail ? `${problem.detail} ${problem.remedy}` : words.upload_failed));
        }
      });
      const search = make("input", { type: "text", dir: "auto" });
      let page = 0, turn = 0;
      async function show() {
        const mine = (turn += 1);
        const { found, more } = await find(search.value.trim(), page, pictures).catch(() => ({ found: [], more: false }));
        if (mine !== turn) return;
        const rows = found.map((file) => make("li", {}, button(make("span", {}, make("bdi", { dir: "ltr" }, file.name), ` ${file.size ? say(words.size, { size: kilo(file.size) }) : ""}`), () => pick(file))));
        if (!page) list.replaceChildren(...(rows.length ? rows : [make("li", { class: "quiet" }, words.no_files)]));
        else list.append(...rows);
        next.hidden = !more;
      }
      const next = button(words.more_files, () => { page += 1; show(); }, { hidden: true });
      let waiting = 0;
      search.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(() => { page = 0; show(); }, 400); });
      show();
      return [make("label", {}, words.upload, device), make("label", {}, words.search_files, search), list, next, told];
    }

    /* `put` gets the Markdown of the picture. */
    function picture(put, close) {
      let address = "";
      const alt = make("input", { type: "text", dir: "auto" }), caption = make("input", { type: "text", dir: "auto" }), wrong = make("p", { role: "alert" });
      const clean = (text) => text.replace(/[[\]\\]/g, " ").replace(/"/g, "”").trim();
      const insert = button(words.insert, () => {
        if (!alt.value.trim() || !address) {
          wrong.className = "note critical";
          wrong.textContent = address ? words.alt_first : words.file;
          if (address) alt.focus();
          return;
        }
        put(`![${clean(alt.value)}](${address}${caption.value.trim() ? ` "${clean(caption.value)}"` : ""})`);
      }, { class: "go" });
      return make("div", { class: "card choosing", role: "group", "aria-label": words.picture },
        ...chooser("", (file) => { address = file.address; }),
        make("label", {}, words.alt, alt), make("label", {}, `${words.caption} (${words.optional})`, caption), wrong,
        make("div", { class: "tools" }, insert, button(words.close, close)));
    }
    const file = (use, chosen, close) => make("div", { class: "card choosing", role: "group", "aria-label": words.file }, ...chooser(use, chosen), button(words.close, close));

    /* What the pictures of a page weigh, asked once each: src -> bytes, 0 when it cannot be known, -1 when it is not there. */
    const weights = new Map();
    async function weigh(html) {
      const pictures = [...new DOMParser().parseFromString(html, "text/html").querySelectorAll("img")].map((image) => image.getAttribute("src"));
      await Promise.all(pictures.filter((src) => !weights.has(src)).map(async (src) => {
        weights.set(src, 0);
        const response = await fetch(src, { method: "HEAD" }).catch(() => null);
        if (response) weights.set(src, response.ok ? Number(response.headers.get("Content-Length")) : -1);
      }));
      return pictures.map((src) => ({ name: src.split("/").pop().split("@").pop(), size: weights.get(src) }))
        .filter(({ size }) => size < 0 || size > args.heavy)
        .map(({ name, size }) => ({ size: size < 0 ? size : kilo(size), text: say(size < 0 ? words.broken : words.heavy, { name, size: kilo(size), most: kilo(args.heavy) }) }));
    }

    return { picture, file, weigh, known: Boolean(url) };
  };
})();
