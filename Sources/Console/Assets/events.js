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
