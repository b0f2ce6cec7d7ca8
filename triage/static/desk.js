// The desk by itself: live changes, keys, and keeping what I have taken. Every form works without this file.
(() => {
  "use strict";
  const HEARTBEAT_MS = 30000; // a lease lasts 120 s
  const GATHER_MS = 150;
  const root = () => document.getElementById("desk");
  const byId = (id) => document.getElementById(id);
  if (!root()) return;

  // ---- Out of touch ----------------------------------------------------------------------------------------
  const RETRY_MS = 3000;
  const LOST = "What you see may be old. We are trying to get it back; what you have typed is kept.";
  let signedOut = false;
  let stream = null;
  let retry = 0;
  function tell(title, words) {
    byId("lost-title").textContent = title;
    byId("lost-words").textContent = words;
    byId("lost").hidden = false;
  }
  // Says so, and goes on trying until the page has been read again.
  function outOfTouch(words) {
    if (signedOut) return;
    tell("Out of touch.", words || LOST);
    clearTimeout(retry);
    retry = setTimeout(refresh, RETRY_MS);
  }
  function gone() {
    tell("No longer with you.", "Copy what you have typed, then go to My work.");
  }
  function inTouch() {
    clearTimeout(retry);
    if (!signedOut) byId("lost").hidden = true;
  }
  function ended() {
    signedOut = true;
    clearTimeout(retry);
    if (stream) stream.close();
    tell("You have been signed out.", "Copy what you have typed, then sign in again.");
  }

  // ---- What changed: the page reads itself again, so it shows exactly what a fresh load shows ---------------
  function hasTyped(element) {
    return [...element.querySelectorAll("textarea, input, select")].some((field) =>
      field.type === "hidden" ? false : field.type === "radio" ? field.checked : field.value.trim() !== "");
  }

  function atBottom(box) {
    return box.scrollHeight - box.scrollTop - box.clientHeight < 40;
  }

  function mergeLog(log, fresh) {
    const box = byId("log-box");
    const stay = !atBottom(box);
    const wanted = new Set([...fresh.children].map((entry) => entry.id));
    for (const entry of [...log.children]) if (!wanted.has(entry.id)) entry.remove();
    let added = false;
    [...fresh.children].forEach((entry, place) => {
      if (byId(entry.id)) return;
      log.insertBefore(document.importNode(entry, true), log.children[place] || null);
      added = true;
    });
    if (!added) return;
    // What I am reading stays where it is; a button says that there is more.
    if (stay) byId("newer").hidden = false;
    else box.scrollTop = box.scrollHeight;
  }

  function replace(element, fresh) {
    if (element.innerHTML === fresh.innerHTML) return;
    const focused = element.contains(document.activeElement) ? document.activeElement.id : "";
    const scrolled = element.scrollTop;
    element.replaceWith(fresh);
    fresh.scrollTop = scrolled;
    if (focused && byId(focused)) byId(focused).focus({ preventScroll: true });
  }

  function show(page) {
    const fresh = page.getElementById("desk");
    if (!fresh) {
      gone();
      return;
    }
    for (const part of document.querySelectorAll("[data-live]")) {
      const other = page.getElementById(part.id);
      if (!other) continue;
      if (part.dataset.live === "merge") mergeLog(part, other);
      else if (part.dataset.live === "replace") replace(part, other);
      else if (root().dataset.mine !== fresh.dataset.mine) {
        if (hasTyped(part)) {
          gone();
          return;
        }
        replace(part, other);
        if (window.htmx) window.htmx.process(byId(part.id));
      }
    }
    root().dataset.mine = fresh.dataset.mine || "";
    for (const field of document.querySelectorAll("#act input[name=version]")) field.value = fresh.dataset.version;
    inTouch();
  }

  let waiting = 0;
  let asking = false;
  let askAgain = false;
  async function refresh() {
    if (asking) { askAgain = true; return; }
    asking = true;
    try {
      const address = location.pathname + location.search;
      const answer = await fetch(address, { redirect: "manual", headers: { Accept: "text/html" } });
      if (answer.type === "opaqueredirect" || answer.status === 401) ended();
      else if (answer.status >= 500) outOfTouch();
      else show(new DOMParser().parseFromString(await answer.text(), "text/html"));
    } catch {
      outOfTouch();
    }
    asking = false;
    if (askAgain) { askAgain = false; soon(); }
  }
  function soon() {
    clearTimeout(waiting);
    waiting = setTimeout(refresh, GATHER_MS);
  }

  function listen() {
    if (signedOut) return;
    stream = new EventSource(root().dataset.stream);
    stream.addEventListener("hello", () => soon());
    stream.addEventListener("changed", () => soon());
    stream.addEventListener("error", () => {
      outOfTouch();
      // The browser tries again by itself unless it was refused; then we do.
      if (stream.readyState === EventSource.CLOSED) { setTimeout(listen, 5000); soon(); }
    });
  }
  listen();
  window.addEventListener("online", soon);
  window.addEventListener("pagehide", () => stream && stream.close());
  window.addEventListener("pageshow", (event) => { if (event.persisted) listen(); });

  // ---- I am still here -------------------------------------------------------------------------------------
  async function heartbeat() {
    try {
      const answer = await fetch("/desk/heartbeat", { method: "POST" });
      if (answer.status === 401) ended();
    } catch { outOfTouch(); }
  }
  setInterval(heartbeat, HEARTBEAT_MS);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) { heartbeat(); soon(); } });
  setInterval(soon, 60000); // a clock's words grow old by themselves

  // ---- The log ---------------------------------------------------------------------------------------------
  const box = byId("log-box");
  if (box) {
    box.scrollTop = box.scrollHeight;
    byId("newer").addEventListener("click", () => { box.scrollTop = box.scrollHeight; });
    box.addEventListener("scroll", () => { if (atBottom(box)) byId("newer").hidden = true; });
  }
  document.addEventListener("htmx:after:swap", () => {
    soon();
    const again = byId("reply-text");
    if (again) again.focus({ preventScroll: true });
    if (box) box.scrollTop = box.scrollHeight;
  });
  document.addEventListener("htmx:error", () => outOfTouch("That was not sent. It is still in the box: send it again."));

  // ---- Saved replies ---------------------------------------------------------------------------------------
  document.addEventListener("input", (event) => {
    const saved = byId("saved");
    if (event.target.id === "reply-text" && saved) saved.hidden = event.target.value !== "/";
  });
  document.addEventListener("keydown", (event) => {
    const saved = byId("saved");
    if (!saved || saved.hidden) return;
    const choices = [...saved.querySelectorAll("[data-saved]")];
    const place = choices.indexOf(document.activeElement);
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      const next = event.key === "ArrowDown" ? place + 1 : place - 1;
      (choices[next] || byId("reply-text")).focus();
      event.preventDefault();
    } else if (event.key === "Escape") {
      saved.hidden = true;
      byId("reply-text").focus();
    }
  });
  document.addEventListener("click", (event) => {
    const choice = event.target.closest("[data-saved]");
    if (!choice) return;
    const field = byId("reply-text");
    field.value = field.value === "/" ? choice.textContent : `${field.value}\n\n${choice.textContent}`;
    byId("saved").hidden = true;
    field.focus();
  });

  // ---- Closing: a reason offers its sentence ----------------------------------------------------------------
  function chosen(radio) {
    const outcome = byId("outcome");
    const offered = [...document.querySelectorAll("[data-outcome]")].map((other) => other.dataset.outcome);
    if (outcome.value === "" || offered.includes(outcome.value)) outcome.value = radio.dataset.outcome;
  }
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-outcome]")) chosen(event.target);
  });

  // ---- Keys ------------------------------------------------------------------------------------------------
  const off = byId("keys-off");
  let keysOff = false;
  try { keysOff = localStorage.getItem("desk-keys-off") === "yes"; } catch { /* no storage: keys stay on */ }
  off.checked = keysOff;
  off.parentElement.hidden = false;
  off.addEventListener("change", () => {
    keysOff = off.checked;
    try { localStorage.setItem("desk-keys-off", keysOff ? "yes" : "no"); } catch { /* for this page only */ }
  });

  function reveal(id) {
    const part = byId(id);
    if (part) part.open = true;
    return Boolean(part);
  }
  const keys = {
    n: () => {
      const form = document.querySelector("form[data-key=n]");
      const button = form && form.querySelector("button");
      if (button) button.click();
      else if (!form) location.assign("/desk");
    },
    r: () => byId("reply-text") && byId("reply-text").focus(),
    p: () => reveal("note") && byId("note-text").focus(),
    t: () => reveal("transfer") && byId("queue").focus(),
    c: () => reveal("close") && document.querySelector("#close input[type=radio]").focus(),
    m: () => location.assign("/desk"),
    "?": () => { byId("keys").open = !byId("keys").open; byId("keys").querySelector("summary").focus(); },
  };
  function typing(element) {
    return element.isContentEditable || element.matches("textarea, select, input:not([type=radio], [type=checkbox])");
  }
  document.addEventListener("keydown", (event) => {
    const here = event.target;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && here.form) {
      event.preventDefault();
      here.form.requestSubmit();
      return;
    }
    if (keysOff || event.ctrlKey || event.metaKey || event.altKey || typing(here)) return;
    const close = byId("close");
    if (close && close.open && /^[1-9]$/.test(event.key)) {
      const radio = close.querySelectorAll("input[type=radio]")[Number(event.key) - 1];
      if (!radio) return;
      radio.checked = true;
      chosen(radio);
      const outcome = byId("outcome");
      outcome.focus();
      outcome.setSelectionRange(outcome.value.length, outcome.value.length);
      event.preventDefault();
      return;
    }
    const action = keys[event.key];
    if (action) { event.preventDefault(); action(); }
  });
})();
