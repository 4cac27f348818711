// The list: older events come when the end is reached.

import { showTimes } from "./main.js";

const pager = document.querySelector(".pager");
const rows = document.querySelector("#events tbody");
// A list of ten thousand rows is no list; from then on the link is a link.
const rowsMax = 2000;
let isLoading = false;

async function more() {
  const link = document.getElementById("older");
  if (!link || !rows || isLoading || rows.children.length >= rowsMax) return;
  isLoading = true;
  link.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(link.href);
    if (!answer.ok) throw new Error(String(answer.status));
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const found = [...page.querySelectorAll("#events tbody > tr")];
    for (const row of found) showTimes(row);
    rows.append(...found);
    const next = page.getElementById("older");
    if (next) link.href = next.href;
    else link.remove();
    isLoading = false;
    // A page may be short; then the end is still in sight.
    observer.unobserve(pager);
    observer.observe(pager);
  } catch {
    // The link is still there, for a person to try again.
    observer.disconnect();
  } finally {
    link.removeAttribute("aria-busy");
    isLoading = false;
  }
}

const observer = new IntersectionObserver((entries) => { if (entries.some((entry) => entry.isIntersecting)) more(); }, { rootMargin: "600px" });
if (pager) observer.observe(pager);

// Exports: a browser shows how many bytes have come at best; the node knows of the events.

const exportList = document.getElementById("exports");
const askMilliseconds = 1000;
// The first answer may be older than the export.
const emptyAnswersMax = 3;
let answersLeft = 0;

async function watchExports() {
  const isWatching = answersLeft > 0;
  answersLeft = emptyAnswersMax;
  if (isWatching) return;
  while (answersLeft > 0) {
    await new Promise((done) => setTimeout(done, askMilliseconds));
    try {
      const answer = await fetch("/exports");
      if (!answer.ok) throw new Error(String(answer.status));
      const part = new DOMParser().parseFromString(await answer.text(), "text/html");
      exportList.replaceChildren(...part.body.children);
    } catch {
      exportList.replaceChildren();
    }
    answersLeft = exportList.children.length ? emptyAnswersMax : answersLeft - 1;
  }
}

for (const link of document.querySelectorAll("a[download]")) link.addEventListener("click", watchExports);
