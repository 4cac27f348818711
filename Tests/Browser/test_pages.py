"""Each page at three widths and in both themes: nothing that axe-core finds, nothing wider than the screen, and a picture for people to look at."""

import json

import pytest
from axe_playwright_python.sync_playwright import Axe

from conftest import SCREENSHOTS, WIDTHS

PAGES = {
    "live": "/", "overview": "/overview", "events": "/events", "event": None, "people": "/people", "person": None, "boxes": "/boxes",
    "box": None, "forwarding": "/forwarding", "target": "/forwarding/new", "quarantine": "/quarantine", "settings": "/settings",
    "help": "/help", "failure": "/people/nobody-of-this-id",
}

# What the browser itself writes about a page that is not there.
EXPECTED = {"failure": ["404"]}


def path_of(name, node, page):
    if PAGES[name]:
        return PAGES[name]
    kind = {"event": "events?class=employee&limit=1", "person": "people?limit=1", "box": "boxes?limit=1"}[name]
    found = page.request.get(f"/api/v1/{kind}").json()
    first = next(value for value in found.values() if isinstance(value, list))[0]
    if name == "event":
        return f"/events/{first['id']}?lane={first['lane']}"
    return f"/people/{first['id']}" if name == "person" else f"/boxes/{first['code']}"


IN_SIGHT = """Promise.race([
    new Promise((_, fail) => setTimeout(() => fail(new Error("pictures do not load")), 10000)),
    Promise.all([...document.images].filter(image => image.offsetParent && image.getBoundingClientRect().top < innerHeight && !image.complete)
        .map(image => new Promise(done => image.onload = image.onerror = done)))])"""


def show(page, path):
    """Twice: at the first time the node does not know the browser's zone."""
    page.goto(path)
    page.wait_for_load_state("load")
    page.goto(path)
    page.wait_for_load_state("load")
    page.evaluate(IN_SIGHT)


def findings(page):
    options = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
    violations = Axe().run(page, options=options).response["violations"]
    return [f"{one['id']}: {one['help']}: {json.dumps([node['html'][:160] for node in one['nodes'][:3]])}" for one in violations]


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", PAGES)
def test_page_is_accessible_and_fits(name, width, node, open_page):
    page = open_page(node, width, EXPECTED.get(name, ()))
    show(page, path_of(name, node, page))
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENSHOTS / f"{name}-{width}.png")
    too_wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert too_wide <= 0, f"the page is {too_wide} px wider than the screen"
    assert findings(page) == []


@pytest.mark.parametrize("name", PAGES)
def test_page_is_accessible_in_the_dark_and_in_chinese(name, node, open_page):
    page = open_page(node, 1280, EXPECTED.get(name, ()), color_scheme="dark", locale="zh-CN")
    show(page, path_of(name, node, page))
    page.screenshot(path=SCREENSHOTS / f"{name}-dark-zh.png")
    assert page.locator("html").get_attribute("lang") == "zh-CN"
    assert findings(page) == []
