// What every page has: times on the viewer's clock, copying, keys, and the drawer that shows an event.

const body = document.body;
const two = (number) => String(number).padStart(2, "0");

function setCookie(name, value) {
  document.cookie = `${name}=${value}; path=/; max-age=31536000; samesite=lax`;
}

/** Writes `2024-03-05 08:15:02`, or the clock alone, in the zone of the browser. */
export function showTimes(root) {
  for (const element of root.querySelectorAll("time[datetime]")) {
    const time = new Date(element.dateTime);
    if (Number.isNaN(time.getTime())) continue;
    const clock = `${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}`;
    const text = `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())} ${clock}`;
    element.textContent = element.dataset.form === "clock" ? clock : text;
    if (element.dataset.form === "clock") element.title = text;
  }
}

/** For those who hear the page. */
export function say(text) {
  document.getElementById("say").textContent = text;
}

async function copy(text, button) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // Browsers give the clipboard only to secure pages; a node on the local network is none.
    const area = document.createElement("textarea");
    area.value = text;
    area.className = "sr";
    (button.closest("dialog") ?? body).append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
    button.focus();
  }
  const label = button.textContent;
  button.textContent = button.dataset.copied;
  say(button.dataset.copied);
  setTimeout(() => { button.textContent = label; }, 1500);
}

const drawer = document.getElementById("drawer");
const drawerBody = drawer.querySelector(".drawer-body");
let opened = 0;

/** Opens an event beside the list. A failure leaves the link itself. */
export async function openEvent(href) {
  opened += 1;
  const turn = opened;
  drawerBody.textContent = drawerBody.dataset.loading;
  if (!drawer.open) drawer.showModal();
  const url = new URL(href, location.href);
  url.searchParams.set("part", "1");
  try {
    const answer = await fetch(url);
    if (!answer.ok) throw new Error(String(answer.status));
    const part = new DOMParser().parseFromString(await answer.text(), "text/html");
    // Another event was opened meanwhile.
    if (turn !== opened) return;
    drawerBody.replaceChildren(...part.body.childNodes);
    showTimes(drawerBody);
    drawer.scrollTop = 0;
  } catch {
    if (turn !== opened) return;
    const link = document.createElement("a");
    link.href = href;
    link.textContent = drawerBody.dataset.failed;
    drawerBody.replaceChildren(link);
  }
}

drawer.addEventListener("click", (event) => { if (event.target === drawer) drawer.close(); });
drawer.addEventListener("close", () => drawerBody.replaceChildren());

document.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (button?.dataset.copy) copy(button.dataset.copy, button);
  if (button?.dataset.copyLink) copy(new URL(button.dataset.copyLink, location.href).href, button);
  if (button?.dataset.keys) document.getElementById("keys").showModal();
  const link = event.target.closest("a[data-event], a.open");
  if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey && event.button === 0) {
    event.preventDefault();
    openEvent(link.href);
  }
});

document.addEventListener("submit", (event) => {
  const question = event.target.dataset.confirm;
  if (question && !confirm(question)) event.preventDefault();
  // Empty fields would only make the address longer.
  if (event.target.method === "get") {
    const empty = [...event.target.elements].filter((field) => field.name && field.value === "");
    for (const field of empty) field.disabled = true;
    setTimeout(() => { for (const field of empty) field.disabled = false; });
  }
});

// Keys

const keysSwitch = document.getElementById("keys-on");
keysSwitch.addEventListener("change", () => setCookie("keys", keysSwitch.checked ? "on" : "off"));

const actions = new Map();
/** What a page does with a key of its own. */
export function onKey(key, action) {
  actions.set(key, action);
}

const places = { l: "/", o: "/overview", e: "/events", p: "/people", b: "/boxes", f: "/forwarding", q: "/quarantine", s: "/settings", h: "/help" };
let goes = 0;

function move(step) {
  const links = [...document.querySelectorAll("#wall a.open, main .events a[data-event]")];
  if (!links.length) return;
  const now = links.indexOf(document.activeElement);
  const next = now < 0 ? 0 : Math.min(links.length - 1, Math.max(0, now + step));
  links[next].focus();
  links[next].scrollIntoView({ block: "nearest" });
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.target.closest("input, select, textarea")) {
    if (event.key === "Escape") event.target.blur();
    return;
  }
  // Who speaks to the machine, or touches keys by accident, can do without those that write a character (WCAG 2.1.4).
  if (!keysSwitch.checked && event.key.length === 1) return;
  if (event.key === " " && event.target.closest("button, summary")) return;
  if (drawer.open && event.key === "c") drawerBody.querySelector("[data-copy-link]")?.click();
  if (document.querySelector("dialog[open]")) return;
  if (performance.now() - goes < 1500 && places[event.key]) {
    location.href = places[event.key];
    return;
  }
  goes = event.key === "g" ? performance.now() : 0;
  const action = actions.get(event.key) ?? common[event.key];
  if (!action || event.key === "g") return;
  event.preventDefault();
  action();
});

const common = {
  "?": () => document.getElementById("keys").showModal(),
  "/": () => {
    const field = document.querySelector("[data-search]");
    const fold = field?.closest("details");
    if (fold) fold.open = true;
    field?.focus();
  },
  j: () => move(1),
  k: () => move(-1),
  ArrowDown: () => move(1),
  ArrowUp: () => move(-1),
};

// The zone of the browser, so that the next page is written in it from the start.

const offset = -new Date().getTimezoneOffset();
if (body.dataset.offsetKnown !== "true" || Number(body.dataset.offset) !== offset) {
  setCookie("offset", offset);
  // Charts, days and filters are made in the viewer's zone: once more, where the server did not know it and it matters. The wall has none.
  const isKept = document.cookie.includes(`offset=${offset}`);
  if (isKept && Number(body.dataset.offset) !== offset && !document.getElementById("live") && !document.getElementById("answer")) {
    location.replace(location.href);
  }
}
showTimes(document);
export { setCookie };
