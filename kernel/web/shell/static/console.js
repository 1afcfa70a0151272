// What pages do beyond htmx: the drawer, the state of the live link, the keyboard.
"use strict";

const LINK = { live: "实时", lost: "连接中断，正在重连", waiting: "正在连接" };

function showLink(state) {
  const link = document.getElementById("link");
  if (link && link.dataset.state !== state) {
    link.dataset.state = state;
    link.textContent = LINK[state];
  }
}

const drawer = () => document.getElementById("drawer");

// milliseconds from one attempt at a first connection to the next
const AGAIN = 2000;

function showLost(status) {
  showLink("lost");
  // the session has ended, or a role was taken away: the server says where to go from here
  if ([401, 403].includes(status)) location.reload();
}

document.addEventListener("htmx:sse:after:connection", () => showLink("live"));
document.addEventListener("htmx:sse:error", (event) => showLost(event.detail.status));
// the extension mends connections that there were; one that never was ends as a plain request
document.addEventListener("htmx:finally:request", (event) => {
  const { ctx } = event.detail;
  const kind = ctx.response?.headers.get("Content-Type") ?? "";
  if (ctx.sourceElement.id !== "live" || kind.startsWith("text/event-stream")) return;
  showLost(ctx.response?.status);
  setTimeout(() => ctx.sourceElement.dispatchEvent(new Event("again")), AGAIN);
});
document.addEventListener("htmx:sse:before:connection", (event) => {
  if (event.detail.connection.attempt > 0) showLink("lost");
});
// what was missed lies too far back: the server makes the page anew
document.addEventListener("reload", () => location.reload());

document.addEventListener("htmx:after:swap", (event) => {
  if (drawer().innerHTML.trim() && event.detail?.ctx?.target === drawer() && !drawer().open) {
    drawer().showModal();
  }
});

document.addEventListener("click", (event) => {
  const box = drawer();
  if (event.target.closest("[data-close]") || event.target === box) box.close();
});

// what the drawer was open for is done, says the answer
document.addEventListener("settled", () => drawer().close());

// what people asked for, not what the page asks for by itself: the link tells of that
const BY_ITSELF = ["changed", "every", "load"];
const UNREACHABLE = "服务器暂时连不上，刚才的操作没有完成，请稍后再试。";

document.addEventListener("htmx:error", (event) => {
  const { ctx } = event.detail;
  if (!ctx || ctx.response || BY_ITSELF.includes(ctx.sourceEvent?.type)) return;
  document.getElementById("unreachable")?.remove();
  const box = document.createElement("p");
  box.id = "unreachable";
  box.className = "problem";
  box.setAttribute("role", "alert");
  box.textContent = UNREACHABLE;
  // an open drawer covers everything else
  (drawer().open ? drawer() : document.getElementById("told")).prepend(box);
});
document.addEventListener("htmx:after:request", () => {
  document.getElementById("unreachable")?.remove();
});

const rows = () => [...document.querySelectorAll("[data-row]")];

function move(by) {
  const all = rows();
  const at = all.findIndex((row) => row.contains(document.activeElement));
  const next = all[Math.min(all.length - 1, Math.max(0, at + by))];
  next?.querySelector("a")?.focus();
}

const KEYS = {
  j: () => move(1),
  k: () => move(-1),
  "/": () => document.querySelector("[data-search]")?.focus(),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, select, textarea, dialog")) return;
  const act = KEYS[event.key];
  if (act) {
    event.preventDefault();
    act();
  }
});
