// The wall: cards from the stream, newest first.

import { onKey, setCookie, showTimes } from "./main.js";

const live = document.getElementById("live");
const wall = document.getElementById("wall");
const feed = document.getElementById("feed");
const template = document.getElementById("card");
const cardsMax = 200;
const heldMax = 200;
// Nobody can look at more faces than this: 100 a second. Beyond it the wall leaves some out, the blacklisted last; all are in the list.
// After a quiet moment many come at once; for long, nobody sees more a second, and each costs the node two pictures.
const cardsAtOnce = 25;
const cardsPerSecond = 20;
const flushMilliseconds = 250;
const waitingMax = 100;
const retryMilliseconds = 2000;
// A quiet stream has a beat every 15 s. One without, behind a cable that was pulled for example, looks as if it were connected for ever.
const silenceMilliseconds = 40_000;

let last = Number(live.dataset.last);
// What was kept while the page was made is on it, and comes by the stream too.
const atFirst = new Set([...wall.children].map((item) => Number(item.dataset.sequence)));
// As long as no box sends realtime the wall shows history. With the first realtime event it is what it will be when it is opened again: most
// boxes report a passage on both lanes.
let isUndecided = live.dataset.undecided === "true";
let isRealtimeAlone = false;
let source;
let isPaused = false;
let waiting = [];
let timer = 0;
let flushed = 0;
let allowed = cardsAtOnce;
let silence = 0;

function show(state) {
  if (feed.dataset.state === state) return;
  feed.dataset.state = state;
  feed.className = `feed ${state}`;
  feed.textContent = live.dataset[state];
}

function showConnection() {
  if (source.readyState === EventSource.OPEN) show(isPaused ? "paused" : "open");
  // The first connection is not lost while it is being made.
  else if (feed.dataset.state !== "waiting") show("lost");
}

function connect() {
  const url = new URL(live.dataset.stream, location.href);
  url.searchParams.set("last_event_id", last);
  source = new EventSource(url);
  expectBeat();
  source.onopen = () => {
    expectBeat();
    showConnection();
  };
  source.onmessage = (message) => {
    expectBeat();
    take(JSON.parse(message.data));
  };
  source.addEventListener("beat", (message) => {
    expectBeat();
    goOnFrom(message);
  });
  // The node has cut a listener that was too slow: go on from where it says.
  source.addEventListener("resume", (message) => {
    goOnFrom(message);
    again();
  });
  source.onerror = () => {
    show("lost");
    // EventSource tries again by itself, except after an answer that is no stream.
    if (source.readyState === EventSource.CLOSED) again();
  };
}

function goOnFrom(message) {
  last = Math.max(last, Number(message.lastEventId) || 0);
}

function again() {
  clearTimeout(silence);
  source.close();
  setTimeout(connect, retryMilliseconds);
}

/** From now on, again. */
function expectBeat() {
  clearTimeout(silence);
  silence = setTimeout(() => {
    show("lost");
    again();
  }, silenceMilliseconds);
}

function take(event) {
  if (event.sequence <= last) return;
  last = event.sequence;
  if (atFirst.has(event.sequence)) return;
  if (isUndecided && event.lane === "realtime" && event.person.id !== live.dataset.testPerson) showRealtimeAlone();
  if (isRealtimeAlone && event.lane === "history") return;
  waiting.push(event);
  if (waiting.length > (isPaused ? heldMax : waitingMax)) {
    waiting.splice(Math.max(0, waiting.findIndex((event) => event.person.class !== "blacklist")), 1);
  }
  if (isPaused) document.getElementById("held").textContent = waiting.length;
  else flushSoon();
}

function showRealtimeAlone() {
  [isUndecided, isRealtimeAlone] = [false, true];
  waiting = waiting.filter((event) => event.lane === "realtime");
  document.getElementById("only-history")?.remove();
}

function flushSoon() {
  if (timer) return;
  timer = setTimeout(() => {
    timer = 0;
    if (isPaused) return;
    allowed = Math.min(cardsAtOnce, allowed + (performance.now() - flushed) / 1000 * cardsPerSecond);
    const count = Math.min(Math.floor(allowed), waiting.length);
    allowed -= count;
    flush(count);
    if (waiting.length) flushSoon();
  }, Math.max(0, flushed + flushMilliseconds - performance.now()));
}

function flush(count) {
  flushed = performance.now();
  const fragment = document.createDocumentFragment();
  for (const event of waiting.splice(0, count).reverse()) fragment.append(card(event));
  document.getElementById("held").textContent = "";
  document.getElementById("quiet")?.remove();
  const focused = document.activeElement;
  wall.prepend(fragment);
  if (isRealtimeAlone) {
    for (const item of wall.querySelectorAll(".card.late")) if (!item.contains(focused)) item.remove();
  }
  while (wall.children.length > cardsMax) {
    // Who is at the oldest card stays there.
    const oldest = wall.lastElementChild;
    (oldest.contains(focused) ? oldest.previousElementSibling : oldest).remove();
  }
}

function silhouette() {
  const span = document.createElement("span");
  span.className = "noface";
  const drawing = template.content.querySelector(".silhouette").cloneNode(true);
  drawing.removeAttribute("class");
  span.append(drawing);
  return span;
}

function picture(event, roles, label) {
  const found = roles.map((role) => event.pictures.find((picture) => picture.role === role)).find(Boolean);
  if (!found) return silhouette();
  const image = new Image(160, 160);
  image.decoding = "async";
  image.alt = label;
  image.src = found.url;
  return image;
}

function card(event) {
  const item = template.content.querySelector(".card").cloneNode(true);
  const person = event.person;
  const isLate = event.lane === "history";
  item.classList.add(person.class, "fresh");
  item.classList.toggle("late", isLate);
  item.dataset.sequence = event.sequence;
  const [reference, seen] = item.querySelectorAll("figure");
  reference.append(picture(event, ["reference"], live.dataset.reference));
  seen.append(picture(event, ["face", "scene", "infrared", "other"], live.dataset.seen));
  const name = item.querySelector(".name");
  const isNobody = person.class === "stranger" && (!person.name || person.name.toLowerCase() === "stranger");
  name.textContent = isNobody ? live.dataset.stranger : person.name || person.id || live.dataset.noName;
  name.title = name.textContent;
  name.href = `/events/${event.id}?lane=${event.lane}`;
  const time = item.querySelector("time");
  time.dateTime = event.time;
  const badge = item.querySelector(".class");
  badge.classList.add(person.class);
  badge.textContent = live.getAttribute(`data-class-${person.class}`) ?? person.class;
  fillScore(item.querySelector(".score"), event.score);
  const where = item.querySelector(".where");
  where.textContent = event.endpoint.name || event.endpoint.address || event.endpoint.id || event.box.code;
  where.title = where.textContent;
  const tag = item.querySelector(".tag");
  tag.textContent = live.dataset[event.lane];
  tag.classList.toggle("late", isLate);
  showTimes(item);
  return item;
}

function fillScore(element, score) {
  if (!score) {
    element.remove();
    return;
  }
  const percent = score.scale === "unit" ? score.value * 100 : score.value;
  element.title = live.dataset.score;
  element.querySelector(".part").setAttribute("width", Math.round(Math.max(0, Math.min(100, percent))));
  element.querySelector("span").textContent = score.scale === "unit" ? score.value.toFixed(3) : `${score.value.toFixed(1)} %`;
}

// Steering

const pause = document.getElementById("pause");
function setPaused(value) {
  isPaused = value;
  pause.setAttribute("aria-pressed", value);
  showConnection();
  if (!value) flush(heldMax);
}
pause.addEventListener("click", () => setPaused(!isPaused));
onKey(" ", () => setPaused(!isPaused));

const density = document.getElementById("density");
function setDensity(value) {
  density.value = value;
  live.dataset.density = value;
  setCookie("density", value);
}
density.addEventListener("change", () => setDensity(density.value));
onKey("d", () => setDensity({ compact: "normal", normal: "large", large: "compact" }[density.value]));

const wallMode = document.getElementById("wall-mode");
async function setWallMode(value) {
  document.body.classList.toggle("wall-mode", value);
  wallMode.setAttribute("aria-pressed", value);
  try {
    if (value) await document.documentElement.requestFullscreen();
    else if (document.fullscreenElement) await document.exitFullscreen();
  } catch {
    // Without the whole screen the wall still fills the window.
  }
}
wallMode.addEventListener("click", () => setWallMode(!document.body.classList.contains("wall-mode")));
onKey("w", () => setWallMode(!document.body.classList.contains("wall-mode")));
onKey("Escape", () => setWallMode(false));
document.addEventListener("fullscreenchange", () => {
  if (!document.fullscreenElement) setWallMode(false);
});
document.getElementById("filter")?.addEventListener("change", (event) => event.currentTarget.requestSubmit());

connect();
show("waiting");

// The first start: the page as it is told what to do; with the first event it becomes the wall.
if (live.dataset.first === "true") {
  const empty = document.querySelector(".empty");
  new MutationObserver((_, observer) => {
    if (!wall.children.length) return;
    observer.disconnect();
    empty.remove();
  }).observe(wall, { childList: true });
}
const testForm = document.querySelector('form[action="/test-event"]');
testForm?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const button = testForm.querySelector("button");
  button.disabled = true;
  testForm.querySelector(".notice")?.remove();
  try {
    const answer = await fetch(testForm.action, { method: "POST", body: new URLSearchParams({ back: "/" }) });
    // A refusal leads to the page that says why.
    if (new URL(answer.url).searchParams.has("failed")) location.href = answer.url;
    else if (!answer.ok) throw new Error(String(answer.status));
  } catch {
    const notice = document.createElement("p");
    notice.className = "notice bad";
    notice.setAttribute("role", "alert");
    notice.textContent = live.dataset.failed;
    testForm.append(notice);
  } finally {
    button.disabled = false;
  }
});
