/* Tells that somebody sees the survey's question. Nothing depends on it. */
const script = document.querySelector("script[data-opened]");
const tell = () => fetch(script.dataset.opened, { method: "POST", keepalive: true }).catch(() => {});
// A page that was loaded ahead, and that nobody looks at yet, is not opened.
if (document.visibilityState === "visible") tell();
else document.addEventListener("visibilitychange", tell, { once: true });
