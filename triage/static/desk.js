// The desk by itself: live changes, keys, and keeping what I have taken. Every form works without this file.
(() => {
  "use strict";
  const HEARTBEAT_MS = 30000; // a lease lasts 120 s
  const GATHER_MS = 150;
  const FAR_MS = 1500;
  const EASE = 20; // a slow server is asked less often: what is far is read again after up to 20 times what it took
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
    // What was being typed has come.
    if (byId("typing")) byId("typing").textContent = "";
    // What I am reading stays where it is; a button says that there is more.
    if (stay) byId("newer").hidden = false;
    else box.scrollTop = box.scrollHeight;
  }

  function replace(element, fresh) {
    if (element.innerHTML === fresh.innerHTML) return;
    const focused = element.contains(document.activeElement) ? document.activeElement.id : "";
    const scrolled = element.scrollTop;
    // What I opened stays open, and what I shut stays shut, until the page itself opens or shuts it.
    for (const part of element.querySelectorAll("details[id]")) {
      const again = fresh.querySelector(`#${CSS.escape(part.id)}`);
      if (again && again.dataset.byItself === part.dataset.byItself) again.open = part.open;
    }
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
    countUnanswered();
    root().dataset.mine = fresh.dataset.mine || "";
    for (const field of document.querySelectorAll("#act input[name=version]")) field.value = fresh.dataset.version;
    restoreDraft();
    inTouch();
  }

  let waiting = 0;
  let asking = false;
  let took = 0;
  let askAgain = false;
  async function refresh() {
    if (asking) { askAgain = true; return; }
    asking = true;
    const began = Date.now();
    try {
      const address = location.pathname + location.search;
      const answer = await fetch(address, { redirect: "manual", headers: { Accept: "text/html" } });
      if (answer.type === "opaqueredirect" || answer.status === 401) ended();
      else if (answer.status >= 500) outOfTouch();
      else show(new DOMParser().parseFromString(await answer.text(), "text/html"));
      took = Date.now() - began;
    } catch {
      outOfTouch();
    }
    asking = false;
    if (askAgain) { askAgain = false; soon(); }
  }
  let due = 0;
  function soon(ms) {
    const at = Date.now() + (ms || GATHER_MS);
    if (waiting && due <= at) return;
    clearTimeout(waiting);
    due = at;
    waiting = setTimeout(() => { waiting = 0; refresh(); }, at - Date.now());
  }

  function listen() {
    if (signedOut) return;
    stream = new EventSource(root().dataset.stream);
    stream.addEventListener("hello", () => soon());
    // A list that changed elsewhere is read a little later, and not by every desk at the same moment.
    stream.addEventListener("changed", (event) =>
      soon(JSON.parse(event.data).near ? GATHER_MS : GATHER_MS + Math.random() * Math.max(FAR_MS, EASE * took)));
    stream.addEventListener("typing", (event) => residentTypes(JSON.parse(event.data).conversation));
    stream.addEventListener("error", () => {
      outOfTouch();
      // The browser tries again by itself unless it was refused; then we do.
      if (stream.readyState === EventSource.CLOSED) { setTimeout(listen, 5000); soon(); }
    });
  }
  listen();
  window.addEventListener("online", () => soon());
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
  // A clock's words grow old by themselves: those of a promise of minutes at once, the others by the minute.
  const MINUTES_LEFT = /^\W*(less than a minute|[1-9] minutes?) left/;
  const short = () => [...document.querySelectorAll(".desk-clock")].some((one) => MINUTES_LEFT.test(one.textContent.trim()));
  let quarters = 0;
  setInterval(() => { quarters += 1; if (quarters % 4 === 0 || short()) soon(); }, 15000);

  // ---- The log ---------------------------------------------------------------------------------------------
  const box = byId("log-box");
  if (box) {
    box.scrollTop = box.scrollHeight;
    byId("newer").addEventListener("click", () => { box.scrollTop = box.scrollHeight; });
    let newest = true;
    box.addEventListener("scroll", () => {
      newest = atBottom(box);
      if (newest) byId("newer").hidden = true;
    });
    // Whoever reads the newest goes on reading it when a part opens below and the log gets lower.
    new ResizeObserver(() => { if (newest) box.scrollTop = box.scrollHeight; }).observe(box);
  }
  // ---- Sending a reply -------------------------------------------------------------------------------------
  const NOT_SENT = "That was not sent. It is still in the box: send it again.";
  const NOT_SENT_SIGNED_OUT = "That was not sent. You have been signed out: copy it, then sign in again.";
  function sayOfReply(words) {
    if (byId("not-sent")) byId("not-sent").textContent = words;
  }
  document.addEventListener("htmx:before:request", () => sayOfReply(""));
  // Only the page with the reply on it takes the place of the box: with any other answer the words stay where they are.
  document.addEventListener("htmx:before:swap", (event) => {
    const { ctx } = event.detail;
    const page = new DOMParser().parseFromString(ctx.text, "text/html");
    if (page.getElementById("reply")) return;
    event.preventDefault();
    const there = page.getElementById("desk");
    if (there && there.dataset.contact === root().dataset.contact) {
      // It was sent, and the contact is not mine any more.
      keepDraft("");
      byId("reply-text").value = "";
      soon();
      return;
    }
    const answer = ctx.response.raw;
    const out = answer.status === 401 || (answer.redirected && new URL(answer.url).pathname === "/desk/sign-in");
    if (out) ended();
    sayOfReply(out ? NOT_SENT_SIGNED_OUT : NOT_SENT);
  });
  document.addEventListener("htmx:after:swap", () => {
    const again = byId("reply-text");
    // What was sent needs no draft. What was refused is shown, to copy, and is in the box when the contact is loaded again.
    if (again) keepDraft("");
    soon();
    if (again) again.focus({ preventScroll: true });
    if (box) box.scrollTop = box.scrollHeight;
  });
  document.addEventListener("htmx:error", () => {
    sayOfReply(NOT_SENT);
    outOfTouch();
  });

  // ---- Who is typing: told, never kept -----------------------------------------------------------------------
  const TYPING_MS = 6000;
  const TELL_EVERY_MS = 3000;
  let quiet = 0;
  let toldAt = 0;
  function residentTypes(conversation) {
    const line = byId("typing");
    if (!line || root().dataset.conversation !== conversation) return;
    line.textContent = "The resident is typing…";
    clearTimeout(quiet);
    quiet = setTimeout(() => { if (byId("typing")) byId("typing").textContent = ""; }, TYPING_MS);
  }
  function tellTyping() {
    if (root().dataset.inChat !== "yes" || Date.now() - toldAt < TELL_EVERY_MS) return;
    toldAt = Date.now();
    fetch(`${root().dataset.contact}/typing`, { method: "POST" }).catch(() => {});
  }

  // ---- A draft stays with its contact: in this tab only, until it is sent or I sign out ------------------------
  // With it stays the key of its form, under which it is said once, however often it is sent.
  const DRAFT = "desk-draft:";
  const draftOf = () => DRAFT + root().dataset.contact;
  const replyKey = () => document.querySelector("#reply input[name=key]");
  function keepDraft(text) {
    try {
      if (text) sessionStorage.setItem(draftOf(), JSON.stringify({ text, key: replyKey() ? replyKey().value : "" }));
      else sessionStorage.removeItem(draftOf());
    } catch { /* no storage: it stays in the box */ }
  }
  function restoreDraft() {
    const field = byId("reply-text");
    if (!field || field.value) return;
    try {
      const kept = JSON.parse(sessionStorage.getItem(draftOf()) || "null");
      if (!kept) return;
      field.value = kept.text;
      if (kept.key && replyKey()) replyKey().value = kept.key;
    } catch { /* nothing was kept */ }
  }
  restoreDraft();
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("[action$='/sign-out']")) return;
    try {
      for (const key of Object.keys(sessionStorage)) if (key.startsWith(DRAFT)) sessionStorage.removeItem(key);
    } catch { /* nothing was kept */ }
  });

  // ---- Saved replies: "/" and letters find one ------------------------------------------------------------------
  const choices = () => [...document.querySelectorAll("#saved [data-saved]")].filter((one) => !one.closest("li").hidden);
  function find(text) {
    const saved = byId("saved");
    saved.hidden = !/^\/[^\n]*$/.test(text);
    if (saved.hidden) return;
    const words = text.slice(1).toLowerCase().split(/\s+/).filter(Boolean);
    for (const one of saved.querySelectorAll("[data-saved]")) {
      const said = one.textContent.toLowerCase();
      one.closest("li").hidden = !words.every((word) => said.includes(word));
    }
    byId("saved-none").hidden = choices().length > 0;
    for (const one of saved.querySelectorAll("[data-saved]")) one.classList.toggle("desk-saved__first", one === choices()[0]);
  }
  // The list lies over the conversation: it goes with the box that it is for. A press in it leaves the box its focus.
  document.addEventListener("mousedown", (event) => { if (event.target.closest("#saved li")) event.preventDefault(); });
  document.addEventListener("focusout", (event) => {
    const saved = byId("saved");
    if (!saved || saved.hidden || !document.hasFocus()) return;
    const to = event.relatedTarget;
    if (!(to && (to.id === "reply-text" || saved.contains(to)))) saved.hidden = true;
  });
  document.addEventListener("focusin", (event) => { if (event.target.id === "reply-text") find(event.target.value); });
  document.addEventListener("input", (event) => {
    if (event.target.id !== "reply-text") return;
    find(event.target.value);
    keepDraft(event.target.value);
    if (event.target.value && byId("saved").hidden) tellTyping();
  });
  document.addEventListener("keydown", (event) => {
    const saved = byId("saved");
    if (!saved || saved.hidden) return;
    const there = choices();
    const place = there.indexOf(document.activeElement);
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      const next = event.key === "ArrowDown" ? place + 1 : place - 1;
      (there[next] || byId("reply-text")).focus();
      event.preventDefault();
    } else if (event.key === "Escape") {
      byId("reply-text").focus();
      saved.hidden = true;
      event.stopImmediatePropagation();
    } else if (event.key === "Enter" && event.target.id === "reply-text" && there.length) {
      take(there[0]);
      event.preventDefault();
      event.stopImmediatePropagation();
    }
  });
  function take(choice) {
    const field = byId("reply-text");
    const text = choice.dataset.saved;
    field.value = field.value.startsWith("/") ? text : [field.value, text].filter(Boolean).join("\n\n");
    byId("saved").hidden = true;
    keepDraft(field.value);
    field.focus();
    // What is mine to fill in is chosen already, so that typing takes its place.
    const gap = field.value.indexOf("[…]");
    if (gap >= 0) field.setSelectionRange(gap, gap + 3);
  }
  document.addEventListener("click", (event) => {
    const choice = event.target.closest("[data-saved]");
    if (choice) take(choice);
  });

  // ---- How long a resident has been silent ----------------------------------------------------------------------
  setInterval(() => {
    for (const one of document.querySelectorAll("[data-since]")) {
      const minutes = Math.floor((Date.now() + skew - Date.parse(one.dataset.since)) / 60000);
      if (minutes >= 1 && minutes < 60) one.textContent = `${minutes} minute${minutes === 1 ? "" : "s"}`;
    }
  }, 15000);
  // The clock of this computer may be wrong, and a demonstration's clock is its own.
  const skew = Date.parse(root().dataset.now) - Date.now();

  // ---- In another window: the tab's title counts what residents wrote and nobody has answered --------------------
  const title = document.title;
  let counted = -1;
  let sound = null;
  function beep() {
    try {
      sound = sound || new AudioContext();
      sound.resume();
      const tone = sound.createOscillator();
      const loud = sound.createGain();
      tone.frequency.value = 660;
      loud.gain.value = 0.08;
      tone.connect(loud).connect(sound.destination);
      tone.start();
      tone.stop(sound.currentTime + 0.18);
    } catch { /* a browser without sound */ }
  }
  function countUnanswered() {
    // What is open in front of me I see; in another window I do not.
    const marks = [...document.querySelectorAll("[data-unanswered]")].filter((one) => document.hidden || !one.hidden);
    const count = marks.reduce((sum, one) => sum + Number(one.dataset.unanswered), 0);
    document.title = count ? `(${count}) ${title}` : title;
    if (counted >= 0 && count > counted && byId("sound-on").checked) beep();
    counted = count;
  }
  countUnanswered();
  document.addEventListener("visibilitychange", () => { counted = -1; countUnanswered(); });
  const soundOn = byId("sound-on");
  try { soundOn.checked = localStorage.getItem("desk-sound-on") === "yes"; } catch { /* no storage: it stays off */ }
  soundOn.parentElement.hidden = false;
  soundOn.addEventListener("change", () => {
    if (soundOn.checked) beep();
    try { localStorage.setItem("desk-sound-on", soundOn.checked ? "yes" : "no"); } catch { /* for this page only */ }
  });

  // ---- I am away, without leaving what I am at -----------------------------------------------------------------
  document.addEventListener("submit", async (event) => {
    if (!event.target.matches("[action='/desk/presence']")) return;
    event.preventDefault();
    try {
      const body = new URLSearchParams(new FormData(event.target));
      await fetch("/desk/presence", { method: "POST", body, redirect: "manual" });
      soon(1);
    } catch { outOfTouch("That was not kept. Press it again once we are back in touch."); }
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

  // One part is open at a time, in place of the reply.
  function shutTools(but) {
    for (const one of document.querySelectorAll(".desk-tool[open]")) if (one !== but) one.open = false;
  }
  function reveal(id) {
    const part = byId(id);
    if (part) {
      shutTools(part);
      part.open = true;
    }
    return Boolean(part);
  }
  document.addEventListener("toggle", (event) => {
    if (!event.target.open || !event.target.matches(".desk-tool")) return;
    shutTools(event.target);
    // The part itself has no box of its own: its form has.
    (event.target.querySelector("form") || event.target).scrollIntoView({ block: "nearest" });
  }, true);
  function toReply() {
    shutTools();
    if (byId("reply-text")) byId("reply-text").focus();
  }
  document.addEventListener("click", (event) => { if (event.target.closest("#to-reply")) toReply(); });
  // On a narrow screen what I need to know is seen when its link is followed.
  function toKnow(element) {
    if (!element) return;
    if (!element.offsetParent) location.hash = "#know";
    element.focus();
  }
  function markPart() {
    const hash = location.hash;
    for (const link of document.querySelectorAll(".desk-parts a")) {
      const open = hash === "#mine" || hash === "#know" ? hash : "#talk";
      if (link.getAttribute("href") === open) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  }
  markPart();
  window.addEventListener("hashchange", markPart);
  // My work is a list that keys walk through, from the contact that is open.
  function walk(step) {
    const work = [...document.querySelectorAll("[data-work]")];
    if (!work.length) return;
    const here = work.findIndex((one) => one.hasAttribute("aria-current"));
    const next = here < 0 ? (step > 0 ? 0 : work.length - 1) : (here + step + work.length) % work.length;
    if (next !== here) work[next].click();
  }
  const into = (id, field) => () => reveal(id) && document.querySelector(field).focus();
  let going = 0;
  const keys = {
    n: () => {
      const form = document.querySelector("form[data-key=n]");
      const button = form && form.querySelector("button");
      if (button) button.click();
      else if (!form) location.assign("/desk");
    },
    r: toReply,
    p: into("note", "#note-text"),
    y: into("rang", "#rang textarea"),
    t: into("transfer", "#queue"),
    c: into("close", "#close input[type=radio]"),
    b: into("get-back", "#get-back input[type=radio]"),
    f: into("look-again", "#again-on"),
    a: into("tag", "#tag-add"),
    l: into("link", "#link input:not([type=hidden])"),
    h: into("give-back", "#give-back button"),
    w: () => (byId("resume") ? byId("resume").focus() : into("pause", "#pause-reason")()),
    d: () => toKnow(byId("safe-yes") || byId("safe-no")),
    o: () => byId("available") && byId("available").click(),
    e: into("correct", "#correct-service"),
    u: into("attach", "#file"),
    i: () => toKnow(byId("know")),
    j: () => walk(1),
    k: () => walk(-1),
    g: () => { going = Date.now(); },
    s: () => byId("look-up") && byId("look-up").focus(),
    v: () => location.assign("/desk/calls"),
    q: () => document.querySelector("[data-queue]") && document.querySelector("[data-queue]").focus(),
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
    // Out of a box, the keys work again.
    if (event.key === "Escape" && typing(here)) { here.blur(); return; }
    if (keysOff || event.ctrlKey || event.metaKey || event.altKey || typing(here)) return;
    if (/^[1-9]$/.test(event.key) && Date.now() - going < 3000) {
      const work = document.querySelectorAll("[data-work]")[Number(event.key) - 1];
      going = 0;
      if (work) { event.preventDefault(); work.click(); }
      return;
    }
    // A figure chooses in the part that I am in, or in the one that is open.
    const part = here.closest("#close, #get-back") || document.querySelector("#close[open], #get-back[open]");
    if (part && part.open && /^[1-9]$/.test(event.key)) {
      const radio = part.querySelectorAll("input[type=radio]")[Number(event.key) - 1];
      if (!radio) return;
      radio.checked = true;
      event.preventDefault();
      if (part.id !== "close") { radio.focus(); return; }
      chosen(radio);
      const outcome = byId("outcome");
      outcome.focus();
      outcome.setSelectionRange(outcome.value.length, outcome.value.length);
      return;
    }
    const action = keys[event.key];
    if (action) { event.preventDefault(); action(); }
  });
})();
