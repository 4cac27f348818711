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


def path_of(name, node, page):
    if PAGES[name]:
        return PAGES[name]
    kind = {"event": "events?class=employee&limit=1", "person": "people?limit=1", "box": "boxes?limit=1"}[name]
    found = page.request.get(f"/api/v1/{kind}").json()
    first = next(value for value in found.values() if isinstance(value, list))[0]
    if name == "event":
        return f"/events/{first['id']}?lane={first['lane']}"
    return f"/people/{first['id']}" if name == "person" else f"/boxes/{first['code']}"


def findings(page):
    options = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
    violations = Axe().run(page, options=options).response["violations"]
    return [f"{one['id']}: {one['help']}: {json.dumps([node['html'][:160] for node in one['nodes'][:3]])}" for one in violations]


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", PAGES)
def test_page_is_accessible_and_fits(name, width, node, open_page):
    page = open_page(node, width)
    path = path_of(name, node, page)
    if name == "failure":
        page.on("response", lambda _: None)
    page.goto(path)
    page.wait_for_load_state("load")
    page.wait_for_function("[...document.images].filter(i => i.loading !== 'lazy').every(i => i.complete)")
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENSHOTS / f"{name}-{width}.png")
    too_wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert too_wide <= 0, f"the page is {too_wide} px wider than the screen"
    assert findings(page) == []


@pytest.mark.parametrize("name", PAGES)
def test_page_is_accessible_in_the_dark_and_in_chinese(name, node, open_page):
    page = open_page(node, color_scheme="dark", locale="zh-CN")
    page.goto(path_of(name, node, page))
    page.wait_for_load_state("load")
    page.screenshot(path=SCREENSHOTS / f"{name}-dark-zh.png")
    assert page.locator("html").get_attribute("lang") == "zh-CN"
    assert findings(page) == []
