// /chat with scripts: looks for new messages every ten seconds while a person is awaited or present, and puts them
// into the log without touching what is being typed. Without scripts the page has a link for it.
const log = () => document.getElementById("log");
const lastOf = (element) => (element && element.dataset.last) || "";

async function look() {
  try {
    const answer = await fetch("/chat", { headers: { Accept: "text/html" } });
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById("log");
    // The place in line moves without a new message.
    const [stands, was] = [page, document].map((one) => one.querySelector("#reply > p"));
    const moved = stands && was && stands.textContent !== was.textContent;
    // Whoever is about to press its link keeps it.
    if (moved && !was.contains(document.activeElement)) was.replaceWith(document.adoptNode(stands));
    if (!fresh || !log() || lastOf(fresh) === lastOf(log())) return;
    if (fresh.dataset.mode !== log().dataset.mode) {
      const box = document.getElementById("text");
      // The rest of the page changes too. It is loaded anew only when nothing typed would be lost.
      if (!box || !box.value.trim()) return location.reload();
    }
    const known = new Set([...log().children].map((item) => item.id));
    for (const item of [...fresh.children]) if (!known.has(item.id)) log().append(document.adoptNode(item));
    log().dataset.last = lastOf(fresh);
  } catch (error) {
    // Offline for a moment: the next look may do better, and the link on the page still works.
  }
}

if (log() && ["waiting", "person"].includes(log().dataset.mode)) setInterval(look, 10000);
