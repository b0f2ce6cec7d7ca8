/* The chat on any page: <script src="https://…/widget.js" data-council="barnet"></script>
   No build. It lives in a shadow root, keeps what this tab needs in sessionStorage, and shows what a server sends
   as text, never as HTML. */
(function () {
"use strict";
const script = document.currentScript;
if (!script || document.getElementById("frontdoor-chat")) return;
const BASE = new URL(script.src, location.href).origin;
const page = document.documentElement;
const STORE = "frontdoor:" + BASE;
const UNREACHABLE = "We could not reach the council. Check your connection, or try again soon.";
const RATINGS = [[5, "Very satisfied"], [4, "Satisfied"], [3, "Neither satisfied nor dissatisfied"],
	[2, "Dissatisfied"], [1, "Very dissatisfied"]];

// What outlives a page: {id, secret, open, larger, draft, unsent: [{key, text | choice, label, before}], surveys}.
let saved = { unsent: [], surveys: {} };
try {
	saved = Object.assign(saved, JSON.parse(sessionStorage.getItem(STORE)));
} catch (error) { /* No storage here: the chat lasts as long as this page. */ }
const keep = () => {
	try {
		sessionStorage.setItem(STORE, JSON.stringify(saved));
	} catch (error) { /* The same. */ }
};

let messages = new Map();
let nodes = new Map();
let mode = "assistant";
let sending = false;
let trouble = "";
let gone = false;
let typist = "";
let inLine = null;
let told = 0;
// While a button in the log is held down, the log stands still: a press ends on the button on which it began.
let pressing = false;
let repaint = false;
const unheard = [];
/** Whether the panel must stay as it is for now; it is painted when the press is over. */
const held = () => {
	repaint = repaint || pressing;
	return pressing;
};
let unread = 0;

// Small helpers

const on = (target, name, does) => target.addEventListener(name, does);
function make(tag, given, ...children) {
	const element = document.createElement(tag);
	for (const [name, value] of Object.entries(given || {})) {
		if (name.startsWith("on")) on(element, name.slice(2), value);
		else if (value === true) element.setAttribute(name, "");
		else if (value !== undefined) element.setAttribute(name, value);
	}
	element.append(...children);
	return element;
}
const button = (label, press, css, more) =>
	make("button", { type: "button", class: css || "choice", onclick: press, ...more }, label);
const PHONE = /\b(0\d{2,4} \d{3,4} \d{3,4}|0\d{4} \d{6}|999)\b/;
const para = (text, css) => make("p", { class: css }, ...(typeof text === "string" ? text.split(PHONE) : [text])
	.map((part, at) => (at % 2 ? make("a", { href: "tel:" + part.replace(/ /g, "") }, part) : part)));
const paras = (text) => text.split(/\n\s*\n/).map((part) => para(part));
const instead = () => link("Leave a message instead", "/contact");
const sleep = (ms) => new Promise((resolve) => { wake = resolve; setTimeout(resolve, ms); });
let wake = () => {};

// Pages without https have no randomUUID; 128 bits of chance do as well.
const uuid = () => (crypto.randomUUID ? crypto.randomUUID()
	: [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join(""));

const date = (text) => new Date(text).toLocaleDateString("en-GB", { dateStyle: "long" });
const time = (text) => new Date(text).toLocaleTimeString("en-GB", { timeStyle: "short", timeZone: "Europe/London" });
const safe = (href) => (/^(https?:|tel:|mailto:|\/(?!\/))/i.test(href) ? href : "#");

/** Calls the API. Throws {status, detail}; status 0 means that nothing came back. */
async function call(path, body, key) {
	const stop = new AbortController();
	const timer = setTimeout(() => stop.abort(), 20000);
	const headers = { Accept: "application/json" };
	if (saved.secret) headers.Authorization = "Bearer " + saved.secret;
	if (body) {
		headers["Content-Type"] = "application/json";
		headers["Idempotency-Key"] = key || uuid();
	}
	try {
		const answer = await fetch(BASE + "/api" + path, {
			method: body ? "POST" : "GET", headers, body: body && JSON.stringify(body), signal: stop.signal,
			// A desk session in this browser says that its answers do not count; a conversation is opened by its secret alone.
			credentials: "same-origin", cache: "no-store",
		});
		const data = await answer.json().catch(() => ({}));
		if (answer.ok) return data;
		throw { status: answer.status, detail: typeof data.detail === "string" ? data.detail : UNREACHABLE };
	} catch (error) {
		throw error.detail ? error : { status: 0, detail: UNREACHABLE };
	} finally {
		clearTimeout(timer);
	}
}
const lost = (error) => [401, 404, 410].includes(error.status);
const ours = (path) => "/conversations/" + saved.id + (path || "");
const inOrder = () => [...messages.values()].sort((a, b) => a.seq - b.seq);
const lastSeq = () => Math.max(0, ...inOrder().map((message) => message.seq));
const byResident = (message) => message.author === "resident";
const spokeSince = (seq) => inOrder().some((message) => byResident(message) && message.seq > seq);
const whoSaid = (message) => (
	{ resident: "You", assistant: "Automated assistant", agent: message.by || "The council" })[message.author];

// What is on the screen

const host = make("div", { id: "frontdoor-chat", hidden: true });
const root = host.attachShadow({ mode: "open" });
const styles = ["/static/widget.css", "/council.css"]
	.map((path) => make("link", { rel: "stylesheet", href: BASE + path }));
const count = make("span", { class: "unread" });
const launcher = button("Ask the council", open, "launcher");
launcher.append(count);
const heading = make("span", { class: "who" });
const menuButton = button("Menu", () => showMenu(menu.hidden), "plain", { "aria-expanded": "false", "aria-controls": "menu" });
const menu = make("div", { id: "menu", class: "menu", hidden: true });
const where = make("div", { class: "where", hidden: true });
const log = make("div", { class: "log", role: "log", "aria-live": "polite", "aria-label": "Conversation", tabindex: "0" });
const typing = make("p", { class: "typing", hidden: true });
const jump = button("More below", () => { toEnd(); log.focus(); }, "jump", { hidden: true });
const status = make("div", { class: "status", role: "status" });
const box = make("textarea", { id: "text", rows: "2", maxlength: "4000", enterkeyhint: "send",
	"aria-describedby": "how" });
const form = make("form", { onsubmit: (event) => { event.preventDefault(); sendTyped(); } },
	make("label", { for: "text" }, "Your message"),
	make("span", { class: "hear", id: "how" }, "Press Enter to send, Shift and Enter for a new line."),
	make("div", { class: "row" }, box, make("button", { class: "send" }, "Send")));
const panel = make("section", { id: "panel", class: "panel", role: "dialog", "aria-labelledby": "title", hidden: true },
	make("div", { class: "top" },
		make("h2", { id: "title" }, "Ask the council ", heading), menuButton,
		button("Close", close, "plain", { "aria-label": "Close the chat" })),
	menu, where, log, jump, typing, status, form);
// A page's own rules can reach the host but nothing in it, so what they set is undone one level down.
root.append(...styles, make("div", { class: "all" },
	make("div", { role: "complementary", "aria-label": "Chat" }, launcher), panel));

/** Of a danger: the first number with what it is, and the others, as nodes. */
function numbersOf(danger) {
	const [first, ...others] = ((danger && danger.numbers) || []).map((number) => [
		para(make("a", { class: "number", href: safe(number.href) }, number.value)), para(number.label)]);
	return { first: first || [], others: others.flat() };
}

const leaveQuickly = (danger) => (danger && danger.quick_exit ? [button("Leave this site quickly", leave, "choice leave")] : []);

function bubble(message) {
	const { danger, reference, links, source, choices, survey, language } = message;
	// What is not in English says so, for a screen reader's voice and for the direction of the writing.
	const marked = language ? { lang: language.code, dir: language.direction } : {};
	const who = whoSaid(message);
	const node = make("div", { class: "said " + message.author + (danger ? " danger" : "") });
	if (who) node.append(para(who + ":", "name"));
	// In danger: one number, the calm sentence, the way out; the other numbers follow.
	const { first, others } = numbersOf(danger);
	node.append(...first);
	if (language) {
		node.append(make("div", marked, ...paras(message.text),
			...(language.note ? [para(language.note, "source")] : [])));
		if (language.note_in_english) node.append(para(language.note_in_english, "source"));
	} else if (!survey || survey.question !== message.text) node.append(...paras(message.text));
	node.append(...leaveQuickly(danger), ...others);
	if (reference) {
		node.append(make("dl", null,
			make("dt", null, "Your reference"), make("dd", null, reference.reference),
			...(reference.code ? [make("dt", null, "Your code (keep it to yourself)"),
				make("dd", { class: "code" }, reference.code)] : [])),
		para(link("See where this has got to", "/contacts/" + reference.reference)));
	}
	if (links) node.append(make("ul", null, ...links.map((one) => make("li", null, link(one.label, one.href)))));
	if (source) {
		node.append(make("p", { class: "source" }, "Source: ", link(source.name, source.href, "hear"),
			source.checked ? ", checked " + date(source.checked) : ""));
	}
	if (choices) {
		node.append(make("div", { class: "choices", ...marked },
			...choices.map((choice) => button(choice.label, () => {
				send({ choice: choice.id, label: choice.label });
				(matchMedia("(pointer: coarse)").matches ? log : box).focus();
			}))));
	}
	if (survey) node.append(asking(survey));
	return node;
}

function link(label, href, css) {
	const there = safe(href);
	if (/^(tel|mailto):/i.test(there)) return make("a", { href: there }, label);
	// The chat stays where it is, so a link opens beside it and says so.
	return make("a", { href: new URL(there, BASE).href, target: "_blank", rel: "noopener" },
		label, make("span", { class: css }, " (opens in a new tab)"));
}

function waitingBubble(item) {
	const node = make("div", { class: "said resident" }, para("You:", "name"), ...paras(item.text || item.label));
	if (item.failed) {
		node.append(para("Not sent. " + item.failed, "failed"),
			make("div", { class: "choices" }, button("Try again", pump),
				button(item.text ? "Change it" : "Remove it", () => {
					saved.unsent = saved.unsent.filter((other) => other !== item);
					if (item.text) box.value = [item.text, box.value].filter(Boolean).join("\n");
					typed();
					paint();
					box.focus();
				})));
	}
	return node;
}

let pendingNodes = [];
// The buttons that could be pressed when the log was last painted.
let standing = new Set();

/** Makes the log show exactly `messages`, then what is not sent yet. The same list always gives the same log. */
function paint() {
	if (held()) return;
	const list = inOrder();
	pendingNodes.forEach((node) => node.remove());
	for (const [id, node] of nodes) if (!messages.has(id)) { node.remove(); nodes.delete(id); }
	let before = null;
	for (const message of list) {
		if (!nodes.has(message.id)) nodes.set(message.id, bubble(message));
		const place = before ? before.nextSibling : log.firstChild;
		before = nodes.get(message.id);
		if (before !== place) log.insertBefore(before, place);
	}
	// A message that the stream brought back is not shown a second time while its own answer is awaited.
	const shown = saved.unsent.filter((item, index) => index || !sending || !spokeSince(item.before));
	pendingNodes = shown.map(waitingBubble);
	log.append(...pendingNodes);
	// Choices stay until the resident speaks. What is offered more than once is offered in the newest message, unless it
	// stands on the screen already: then it stays there, so that neither a press nor the focus loses its button.
	let past = mode === "person" || saved.unsent.length > 0;
	const offered = new Map();
	const rows = [];
	for (const message of list.reverse()) {
		past = past || byResident(message);
		// A chat that has ended keeps what its end offers: that it is not settled.
		const over = past || (mode === "ended" && message.author !== "system");
		const choices = nodes.get(message.id).querySelector(":scope > .choices");
		if (!choices) continue;
		choices.hidden = over;
		rows.push(choices);
		for (const one of over ? [] : choices.children) {
			if (!offered.has(one.textContent) || standing.has(one)) offered.set(one.textContent, one);
		}
	}
	for (const one of rows.flatMap((choices) => [...choices.children])) {
		one.hidden = offered.has(one.textContent) && offered.get(one.textContent) !== one;
	}
	standing = new Set(offered.values());
	dress();
}

/** Everything on the panel but the log. */
function dress() {
	if (held()) return;
	// Only from the very end: an answer that is shown from its beginning stays there.
	const atEnd = toGo() < 2;
	heading.textContent = "– " + { assistant: "automated assistant", waiting: "waiting for a person",
		person: "talking to a person", ended: "chat ended" }[mode];
	where.hidden = mode !== "waiting" && mode !== "person";
	// Without a place nobody is there: neither a place nor a wait would mean anything.
	const place = mode !== "waiting" || !inLine ? "" : !inLine.place ? "Nobody from this team is at their desk just now. "
		: (inLine.place === 1 ? "You are next. " : "You are number " + inLine.place + " in line. ")
			+ (inLine.wait ? "The wait is about " + inLine.wait + ". " : "");
	if (!where.hidden && (where.dataset.says !== place || !where.firstChild)) {
		where.dataset.says = place;
		where.replaceChildren(place, "You can leave at any time. ", instead());
	}
	typing.hidden = !typist;
	typing.textContent = typist;
	form.hidden = mode === "ended" || gone;
	panel.classList.toggle("larger", !!saved.larger);
	const say = gone ? "This chat is not open any more. What you typed is kept."
		: trouble || (mode === "ended" ? "This chat has ended." : "");
	if (status.dataset.says !== say) {
		status.dataset.says = say;
		status.replaceChildren();
		if (say) status.append(para(say));
		if (gone || (mode === "ended" && say)) {
			if (!gone) status.append(button("Speak to a person", askPerson));
			status.append(button("Start a new chat", () => startAgain(gone)));
		}
		else if (say && !saved.id) {
			status.append(button("Try again", () => { begin().then(pump, () => {}); }), para(instead()));
		}
	}
	if (atEnd) toEnd();
	count.textContent = unread ? " – " + unread + (unread === 1 ? " new message" : " new messages") : "";
}

// What scrolls: the log, or the whole panel where the window is too low for a log between fixed bars.
const scroller = () => (getComputedStyle(log).overflowY === "visible" ? panel : log);
const toGo = () => {
	const one = scroller();
	return one.scrollHeight - one.scrollTop - one.clientHeight;
};
const nearEnd = () => toGo() < 80;
function toEnd() {
	scroller().scrollTop = scroller().scrollHeight;
	jump.hidden = true;
}
// Without "More below" the log is taller, which moves what is in it: never under a finger.
const seen = () => { if (!held() && nearEnd()) jump.hidden = true; };
for (const one of [log, panel]) on(one, "scroll", seen);

/** Takes in messages, once each by id, and shows them. `mine` says that they answer what was just sent. */
function merge(list, mine) {
	if (pressing) return unheard.push(() => merge(list, mine));
	const fresh = list.filter((message) => !messages.has(message.id)).sort((a, b) => a.seq - b.seq);
	// What comes unasked does not scroll buttons away that somebody may be about to press: "More below" tells of it.
	const follow = mine || (nearEnd() && !standing.size) || messages.size === 0;
	fresh.forEach((message) => messages.set(message.id, message));
	const said = fresh.filter((message) => !byResident(message));
	if (said.length) { typist = ""; clearTimeout(typingTimer); }
	if (panel.hidden) unread += said.length;
	paint();
	if (fresh.length ? follow : mine) toReply();
	else if (said.length) jump.hidden = toGo() < 2;
}

/** Scrolls to what was said since the resident spoke, or since an agent did: read from its beginning, a danger's
    number first, and down to the end if all of it fits. */
function toReply() {
	const list = inOrder();
	const spoke = list.filter((message, index) => byResident(message) || (list[index + 1] || {}).survey ||
		(message.author === "agent" && list[index + 1])).pop();
	const first = list[list.indexOf(spoke) + 1];
	const node = first && nodes.get(first.id);
	if (node) scroller().scrollTop = node.offsetTop - (scroller() === log ? log.offsetTop : 0) - 12;
	jump.hidden = nearEnd();
}

let typingTimer;
function showTyping(text, ms) {
	clearTimeout(typingTimer);
	typist = text;
	if (ms) typingTimer = setTimeout(() => { typist = ""; dress(); }, ms);
	dress();
}

// The survey: one question at a time, each answer kept as soon as it is given

function asking(asked) {
	const holder = make("div", { class: "survey" });
	const path = "/surveys/" + encodeURIComponent(asked.token);
	const given = () => saved.surveys[asked.token] || {};
	const answer = (more) => put(async () => {
		const taken = await call(path, more);
		return {
			question: taken.question, finished: more.finished || !taken.question, danger: taken.danger,
			some: given().some || Object.entries(more).some(([name, value]) => value && name !== "skip" && name !== "finished"),
		};
	});
	const never = () => put(async () => ({ finished: true, words: (await call(path + "/never", {})).said }));
	async function put(work) {
		holder.querySelectorAll("button").forEach((one) => { one.disabled = true; });
		try {
			saved.surveys[asked.token] = await work();
		} catch (error) {
			// Answered before, or too late: there is nothing left to ask.
			if ([404, 409, 410].includes(error.status)) saved.surveys[asked.token] = { finished: true, words: error.detail };
			else return draw(error.detail);
		}
		keep();
		draw("", true);
	}
	function ask(question, name, options) {
		holder.append(make("fieldset", null, make("legend", { tabindex: "-1" }, question),
			...options.map(([value, label]) => button(label, () => answer({ [name]: value }))),
			button("Skip", () => answer({ skip: name }))));
	}
	/** It is for ever, and beside "Skip": so they are asked whether they mean it. */
	function sure() {
		const legend = make("legend", { tabindex: "-1" }, "Do you want us never to ask you again?");
		holder.replaceChildren(make("fieldset", null, legend,
			button("Never ask me again", never), button("Back to the question", () => draw("", true))));
		legend.focus();
	}
	function draw(fault, move) {
		const so = given();
		holder.replaceChildren();
		if (so.danger) {
			// Nobody reads comments as they come in: whoever told of a danger in one is shown who helps now.
			const { first, others } = numbersOf(so.danger);
			holder.append(make("div", { class: "said danger", tabindex: "-1" }, ...first, ...paras(so.danger.line),
				...(so.danger.note ? paras(so.danger.note) : []), ...leaveQuickly(so.danger), ...others));
		}
		if (so.finished) holder.append(make("p", { tabindex: "-1" }, so.words ||
			(so.some ? "Thank you. Your answers are counted with everybody else's." : "Thank you. You did not answer, and that is fine.")));
		else if (!so.question) ask(asked.question, "satisfaction", RATINGS);
		else if (so.question.levels.length) {
			ask(so.question.question, so.question.id, so.question.levels.map(({ value, label }) => [value, label]));
		} else {
			const id = so.question.id;
			const comment = make("textarea", { id, rows: 3, maxlength: so.question.limit });
			holder.append(make("label", { for: id }, so.question.question), para(so.question.hint), comment,
				make("div", { class: "choices" }, button("Send", () => answer({ [id]: comment.value.trim(), finished: true })),
					button("Skip", () => answer({ finished: true }))));
		}
		if (!so.finished) holder.append(button("Never ask me again", sure, "choice never"));
		if (fault) holder.append(para(fault, "failed"));
		const first = move && holder.querySelector(".danger, legend, textarea, p");
		if (first) first.focus();
	}
	draw();
	if (saved.open && !Object.keys(given()).length) call(path + "/opened", {}).catch(() => {});
	return holder;
}

// Sending

let beginning = null;
function begin() {
	if (saved.id) return Promise.resolve();
	if (beginning) return beginning;
	trouble = "";
	showTyping("Opening the chat…");
	beginning = call("/conversations", {}).then((started) => {
		Object.assign(saved, { id: started.id, secret: started.secret });
		keep();
		mode = started.mode || "assistant";
		merge(started.messages, true);
		listen();
	}).catch((error) => {
		trouble = error.detail;
		throw error;
	}).finally(() => { beginning = null; showTyping(""); });
	return beginning;
}

function typed() {
	// Whoever is with us, or will be, sees that something is being typed, and not what.
	if (box.value && (mode === "person" || mode === "waiting") && Date.now() - told > 3000) {
		told = Date.now();
		call(ours("/typing"), {}).catch(() => {});
	}
	saved.draft = box.value;
	keep();
	box.rows = Math.min(5, Math.max(2, box.value.split("\n").length));
}

function sendTyped() {
	const text = box.value.trim();
	if (!text) return box.focus();
	box.value = "";
	typed();
	send({ text });
	box.focus();
}

function send(item) {
	saved.unsent.push({ key: uuid(), ...item });
	keep();
	paint();
	toEnd();
	pump();
}

/** Sends what is waiting, in order, one at a time. What fails stays on the screen with its key. */
async function pump() {
	if (sending) return;
	sending = true;
	const slow = [];
	while (saved.unsent.length && !gone) {
		const item = saved.unsent[0];
		item.failed = "";
		try {
			await begin();
			if (item.before === undefined) item.before = lastSeq();
			keep();
			paint();
			if (mode === "assistant") {
				slow.push(setTimeout(() => showTyping("The assistant is typing…"), 400),
					setTimeout(() => showTyping("Still working on it…"), 6000));
			}
			const id = saved.id, ended = mode === "ended";
			const turn = await call(ours("/messages"), item.text ? { text: item.text } : { choice: item.choice }, item.key);
			if (id !== saved.id) break;
			saved.unsent.shift();
			trouble = "";
			keep();
			if (turn.handover && mode === "assistant") mode = "waiting";
			merge(turn.messages, true);
			if (ended || !spokeSince(item.before)) await reconcile().catch(() => {});
		} catch (error) {
			if (lost(error)) gone = true;
			else item.failed = error.detail;
			break;
		} finally {
			slow.splice(0).forEach(clearTimeout);
			showTyping("");
		}
	}
	sending = false;
	keep();
	paint();
	if (saved.unsent.length) toEnd();
}

/** Makes `messages` and `mode` what the server has. */
async function reconcile() {
	const id = saved.id;
	const whole = await call(ours());
	if (id !== saved.id) return;
	const known = new Map(whole.messages.map((message) => [message.id, message.seq]));
	const newest = Math.max(0, ...known.values());
	for (const [key, message] of messages) if (!known.has(key) && message.seq <= newest) messages.delete(key);
	mode = whole.mode;
	merge(whole.messages);
}

// Hearing: server-sent events over fetch, because EventSource cannot carry the secret in a header

let listening = false;
let stream = null;
const wanted = () => saved.id && !gone && (!panel.hidden || mode === "waiting" || mode === "person");

async function listen() {
	if (listening) return;
	listening = true;
	let pause = 1000, again = false;
	while (wanted()) {
		const id = saved.id;
		let timer;
		stream = new AbortController();
		const mine = stream;
		// A connection that has been silent for a minute is taken for dead.
		const alive = () => { clearTimeout(timer); timer = setTimeout(() => mine.abort(), 60000); };
		try {
			alive();
			const answer = await fetch(BASE + "/api" + ours("/events"), {
				headers: { Authorization: "Bearer " + saved.secret, Accept: "text/event-stream", "Last-Event-ID": lastSeq() },
				signal: mine.signal, // A desk session in this browser says that its answers do not count; a conversation is opened by its secret alone.
			credentials: "same-origin", cache: "no-store",
			});
			if (lost(answer)) { gone = true; break; }
			if (!answer.ok || !answer.body) throw new Error("no stream");
			if (again || !messages.size) await reconcile();
			trouble = "";
			dress();
			pump();
			const reader = answer.body.getReader();
			const decoder = new TextDecoder();
			let rest = "";
			let event = { name: "message", data: [] };
			for (;;) {
				const piece = await reader.read();
				if (piece.done) break;
				alive();
				pause = 1000;
				const lines = (rest + decoder.decode(piece.value, { stream: true })).split("\n");
				rest = lines.pop();
				for (const raw of lines) {
					const line = raw.replace(/\r$/, "");
					if (!line) {
						if (event.data.length && id === saved.id) heard(event.name, event.data.join("\n"));
						event = { name: "message", data: [] };
					} else if (line.startsWith("event:")) event.name = line.slice(6).trim();
					else if (line.startsWith("data:")) event.data.push(line.slice(5).replace(/^ /, ""));
				}
			}
		} catch (error) {
			if (again && id === saved.id) trouble = "The connection is down. We keep trying, and keep what you type.";
		}
		clearTimeout(timer);
		dress();
		again = true;
		if (!wanted()) break;
		await sleep(pause * (0.75 + Math.random() / 2));
		pause = Math.min(pause * 2, 30000);
	}
	listening = false;
	paint();
}

on(log, "pointerdown", (event) => { pressing = !!event.target.closest("button"); });

/** The press is over: what was heard during it is shown. */
function released() {
	pressing = false;
	unheard.splice(0).forEach((one) => one());
	if (!repaint) return;
	repaint = false;
	paint();
	seen();
}

on(log, "click", released);
for (const end of ["pointerup", "pointercancel", "blur"]) {
	// The click comes a moment after the finger is up, and not at all when the finger went elsewhere.
	on(window, end, () => setTimeout(released, 100));
}

function heard(name, text) {
	if (pressing) return unheard.push(() => heard(name, text));
	const data = JSON.parse(text);
	if (name === "message") merge([data]);
	else if (name === "mode") {
		mode = data.mode;
		paint();
	} else if (name === "place") {
		inLine = data;
		dress();
	} else if (name === "typing") showTyping("A person is typing…", 6000);
}
on(window, "online", () => { wake(); if (!panel.hidden || saved.unsent.length) pump(); });

// The menu

function showMenu(shown) {
	menu.hidden = !shown;
	menuButton.setAttribute("aria-expanded", String(shown));
	if (!shown) return;
	const item = (label, does, css) => button(label, () => { showMenu(false); does(); }, css);
	menu.replaceChildren(
		...(["assistant", "ended"].includes(mode) ? [item("Speak to a person", askPerson)] : []),
		button("Start again", askStartAgain),
		item(saved.larger ? "Smaller text" : "Larger text", larger),
		item("Save this chat", save),
		...(mode === "assistant" && saved.id ? [item("End this chat", end)] : []),
		item("Leave this site quickly", leave, "choice leave"));
	menu.firstChild.focus();
}

function askPerson() {
	send({ choice: "person", label: "Speak to a person" });
}

function larger() {
	saved.larger = !saved.larger;
	keep();
	dress();
	menuButton.focus();
}

function askStartAgain() {
	const yes = button("Start again", () => { showMenu(false); startAgain(); });
	menu.replaceChildren(para("Start again? This chat is cleared from the screen. We keep what you said."),
		yes, button("Keep this chat", () => { showMenu(false); menuButton.focus(); }));
	yes.focus();
}

async function startAgain(keepUnsent) {
	if (saved.id && mode !== "ended" && !gone) call(ours("/end"), {}).catch(() => {});
	const kept = keepUnsent ? saved.unsent.map((item) => item.text).filter(Boolean) : [];
	if (kept.length) box.value = kept.concat(box.value || []).join("\n");
	saved = { open: true, larger: saved.larger, draft: box.value, unsent: [], surveys: {} };
	messages = new Map();
	mode = "assistant";
	gone = false;
	trouble = "";
	if (stream) stream.abort();
	wake();
	keep();
	paint();
	box.focus();
	await begin().catch(() => {});
	paint();
}

async function end() {
	try {
		await call(ours("/end"), {});
		await reconcile();
		toReply();
		log.focus();
	} catch (error) {
		if (lost(error)) gone = true;
		else trouble = error.detail;
		dress();
	}
}

function save() {
	const lines = inOrder().map((message) => {
		const { reference, links, danger, source } = message;
		return [time(message.said_at) + " " + (whoSaid(message) || "Note") + ": " + message.text,
			reference && "Reference: " + reference.reference,
			reference && reference.code && "Code: " + reference.code,
			...(links || []).map((one) => one.label + ": " + one.href),
			...((danger && danger.numbers) || []).map((one) => one.label + ": " + one.value),
			source && "Source: " + source.name + " " + source.href].filter(Boolean).join("\n");
	});
	const day = date(Date.now());
	const text = ["Your chat with the council, " + day].concat(lines).join("\n\n") + "\n";
	const address = URL.createObjectURL(new Blob([text], { type: "text/plain;charset=utf-8" }));
	const anchor = make("a", { href: address, download: "council-chat.txt" });
	root.append(anchor);
	anchor.click();
	anchor.remove();
	setTimeout(() => URL.revokeObjectURL(address), 1000);
	menuButton.focus();
}

function leave() {
	try {
		sessionStorage.clear();
	} catch (error) { /* The same. */ }
	page.style.display = "none";
	location.replace("https://www.bbc.co.uk/weather");
}

// Opening, closing, and the small screen

const small = matchMedia("(max-width: 40em), (max-height: 34em)");
let stilled = [];
/** On a small screen the panel covers the page, so the page behind can be neither reached nor scrolled. */
function still() {
	const cover = !panel.hidden && small.matches;
	stilled.forEach((one) => { one.inert = false; });
	stilled = cover ? [...document.body.children].filter((one) => one !== host && !one.inert) : [];
	stilled.forEach((one) => { one.inert = true; });
	page.style.overflow = cover ? "hidden" : "";
}
on(small, "change", still);

function fit() {
	host.style.setProperty("--seen", visualViewport.height + "px");
	host.style.setProperty("--above", visualViewport.offsetTop + "px");
}
if (window.visualViewport) {
	fit();
	on(visualViewport, "resize", fit);
	on(visualViewport, "scroll", fit);
}

function show() {
	panel.hidden = false;
	launcher.hidden = true;
	unread = 0;
	saved.open = true;
	keep();
	still();
	paint();
	toReply();
	if (saved.id) {
		listen();
		pump();
	} else begin().then(pump, () => {}).finally(dress);
}

function open() {
	show();
	box.focus();
}

function close() {
	panel.hidden = true;
	launcher.hidden = false;
	showMenu(false);
	saved.open = false;
	keep();
	still();
	dress();
	if (stream && !wanted()) stream.abort();
	launcher.focus();
}

on(box, "input", typed);
on(box, "keydown", (event) => {
	if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
		event.preventDefault();
		sendTyped();
	}
});
on(panel, "keydown", (event) => {
	if (event.key !== "Escape") return;
	event.stopPropagation();
	if (menu.hidden) return close();
	showMenu(false);
	menuButton.focus();
});

async function arrive() {
	document.body.append(host);
	// What has focus is never under the launcher, and the end of the page can be scrolled clear of it.
	page.style.scrollPaddingBottom = "5rem";
	document.body.style.paddingBottom = "5rem";
	box.value = saved.draft || "";
	if (saved.id) {
		await reconcile().catch((error) => {
			if (lost(error)) gone = true;
			else if (saved.open) trouble = error.detail;
		});
		unread = 0;
	}
	dress();
	// The page that somebody came to keeps the focus: an open chat comes back open, not in the way.
	if (saved.open && !small.matches) show();
	else if (wanted()) listen();
	if (saved.unsent.length) pump();
}
// Shown once its stylesheet is there, or once it is clear that it will not be.
for (const outcome of ["load", "error"]) on(styles[0], outcome, () => { host.hidden = false; });
if (document.body) arrive();
else on(window, "DOMContentLoaded", arrive);
})();
