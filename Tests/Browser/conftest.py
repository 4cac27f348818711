import os
import pathlib
import shutil

import pytest
from playwright.sync_api import sync_playwright

from node import ROOT, running_node

SCREENSHOTS = pathlib.Path(os.environ.get("SCREENSHOTS") or ROOT / ".build" / "screenshots")
WIDTHS = {360: 740, 1280: 900, 1920: 1080}


@pytest.fixture(scope="session")
def browser():
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def node():
    """A node with a few days of a small fleet, requests that nobody understands, and a little of everything else."""
    with running_node() as node:
        day = 86_400
        import time

        now = int(time.time())
        for age, count in ((5, 30), (3, 50), (1, 40)):
            start = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(now - age * day))
            node.simulate("--boxes", "4", "--people", "24", "--rate", "200", "--events", str(count), "--seed", str(age), "--start", start)
        # As fast as a debug build on two busy cores answers within the 500 ms that a box waits for a realtime event.
        node.simulate("--boxes", "4", "--people", "24", "--rate", "30", "--events", "80", "--realtime", "--seed", "9")
        node.post("/HistoryEvent", b'{"identity_id": 12, "timestamp": }')
        node.post("/HistoryEvent", b"<event><who>nobody</who></event>", "application/xml")
        yield node


class Watched:
    """A page whose errors, and whose requests to other hosts, fail the test at its end."""

    def __init__(self, page, base, expected):
        self.page, self.base, self.problems, self.expected = page, base, [], expected
        page.on("console", lambda message: message.type == "error" and self.note(f"console: {message.text}"))
        page.on("pageerror", lambda error: self.problems.append(f"script: {error}"))
        page.on("request", lambda request: self.check(request.url))

    def note(self, text):
        if not any(expected in text for expected in self.expected):
            self.problems.append(text)

    def check(self, url):
        if not url.startswith((self.base + "/", "data:", "blob:")):
            self.problems.append(f"request to another host: {url}")


@pytest.fixture
def open_page(browser):
    """Makes pages that are watched."""
    watched, contexts = [], []

    def make(node, width=1280, expected=(), **options):
        options = {"locale": "en-GB", "timezone_id": "Asia/Shanghai", "reduced_motion": "reduce"} | options
        context = browser.new_context(viewport={"width": width, "height": WIDTHS.get(width, 900)}, base_url=node.base, **options)
        context.set_default_timeout(10_000)
        contexts.append(context)
        page = context.new_page()
        watched.append(Watched(page, node.base, expected))
        return page

    yield make
    problems = [problem for one in watched for problem in one.problems]
    for context in contexts:
        context.close()
    assert not problems, problems
