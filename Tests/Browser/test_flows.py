"""What people do with the console, from the first start on."""

import time

import pytest
from playwright.sync_api import expect

from node import ScriptedReceiver, running_node


@pytest.fixture(scope="module")
def busy():
    """A node whose events a test may count on to come from it alone."""
    with running_node() as node:
        yield node


def test_the_first_start_says_what_to_do_and_a_test_event_appears(open_page):
    with running_node() as node:
        page = open_page(node)
        page.goto("/")
        expect(page.get_by_text("Nothing has arrived yet")).to_be_visible()
        expect(page.get_by_text(f"{node.base}/HistoryEvent")).to_be_visible()
        expect(page.locator("#feed")).to_have_class("feed open")
        page.get_by_role("button", name="Send a test event").click()
        expect(page.locator("#wall .card")).to_have_count(1)
        expect(page.get_by_text("Nothing has arrived yet")).to_have_count(0)


def test_without_scripts_the_test_event_is_there_after_the_form(open_page):
    with running_node() as node:
        page = open_page(node, java_script_enabled=False)
        page.goto("/")
        page.get_by_role("button", name="Send a test event").click()
        expect(page.get_by_text("The test event is kept.")).to_be_visible()
        expect(page.locator("#wall .card")).to_have_count(1)


def test_cards_arrive_and_are_never_more_than_200(busy, open_page):
    page = open_page(busy)
    # The boxes send each passage on both lanes, and the page of the first start shows history until realtime comes.
    page.goto("/?lane=realtime")
    expect(page.locator("#feed")).to_have_class("feed open")
    busy.simulate("--boxes", "2", "--people", "9", "--rate", "200", "--events", "1", "--realtime", "--seed", "3")
    expect(page.locator("#wall .card")).to_have_count(1)
    # A disk that stands still for longer than the 500 ms that a box waits costs some answers, and no card.
    busy.simulating("--boxes", "2", "--people", "9", "--rate", "30", "--events", "240", "--realtime", "--seed", "4").wait(120)
    expect(page.locator(newest_card(page))).to_have_count(1)
    expect(page.locator("#wall .card")).to_have_count(200)
    sequences = page.locator("#wall .card").evaluate_all("cards => cards.map(card => Number(card.dataset.sequence))")
    assert sequences == sorted(set(sequences), reverse=True)
    oldest = page.locator(f'#wall .card[data-sequence="{sequences[-1]}"] a.open')
    oldest.focus()
    busy.simulate("--boxes", "2", "--people", "9", "--rate", "30", "--events", "3", "--realtime", "--seed", "6")
    expect(page.locator(newest_card(page))).to_have_count(1)
    expect(page.locator("#wall .card")).to_have_count(200)
    expect(oldest).to_be_focused()


def newest_card(page):
    newest = page.request.get("/api/v1/events?lane=realtime&limit=1").json()["events"][0]["sequence"]
    return f'#wall .card[data-sequence="{newest}"]'


def test_a_paused_wall_holds_what_comes_and_shows_it_afterwards(busy, open_page):
    page = open_page(busy)
    page.goto("/")
    expect(page.locator("#feed")).to_have_class("feed open")
    before = page.locator("#wall .card").first.get_attribute("data-sequence")
    page.keyboard.press("Space")
    expect(page.get_by_role("button", name="Pause")).to_have_attribute("aria-pressed", "true")
    busy.simulate("--boxes", "1", "--people", "5", "--rate", "200", "--events", "3", "--realtime", "--seed", "5")
    expect(page.locator("#held")).to_have_text("3")
    assert page.locator("#wall .card").first.get_attribute("data-sequence") == before
    page.keyboard.press("Space")
    expect(page.locator("#held")).to_have_text("")
    assert page.locator("#wall .card").first.get_attribute("data-sequence") != before


def test_keys_reach_cards_help_density_and_pages(node, open_page):
    page = open_page(node)
    page.goto("/")
    page.keyboard.press("j")
    expect(page.locator("#wall .card a.open").first).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.locator("#wall .card a.open").nth(1)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#drawer h1")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#drawer")).to_be_hidden()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("d")
    expect(page.locator("#live")).to_have_attribute("data-density", "large")
    page.keyboard.press("/")
    expect(page.locator("#f-name")).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("g")
    page.keyboard.press("e")
    page.wait_for_url("**/events")


def test_keys_that_write_a_character_can_be_switched_off(node, open_page):
    page = open_page(node)
    page.goto("/")
    page.get_by_role("button", name="Keys").click()
    switch = page.get_by_label("Letters, signs and Space do what is said above")
    expect(switch).to_be_checked()
    switch.uncheck()
    page.get_by_role("button", name="Close").click()
    # The focus is on the button that opened the dialog, which Space would press.
    page.locator("main").focus()
    for _ in ("at once", "on the next page"):
        for key in ("d", "Space", "?"):
            page.keyboard.press(key)
        expect(page.locator("#live")).to_have_attribute("data-density", "normal")
        expect(page.get_by_role("button", name="Pause")).to_have_attribute("aria-pressed", "false")
        expect(page.get_by_role("dialog", name="Keys")).to_be_hidden()
        page.reload()
    page.keyboard.press("ArrowDown")
    expect(page.locator("#wall .card a.open").first).to_be_focused()
    page.get_by_role("button", name="Keys").click()
    expect(switch).not_to_be_checked()
    switch.check()
    page.get_by_role("button", name="Close").click()
    page.keyboard.press("d")
    expect(page.locator("#live")).to_have_attribute("data-density", "large")


def test_space_pauses_with_a_card_focused(node, open_page):
    page = open_page(node)
    page.goto("/")
    page.keyboard.press("j")
    expect(page.locator("#wall .card a.open").first).to_be_focused()
    page.keyboard.press("Space")
    expect(page.get_by_role("button", name="Pause")).to_have_attribute("aria-pressed", "true")


def test_search_pages_and_the_drawer(node, open_page):
    page = open_page(node, width=1920)
    page.goto("/events")
    page.goto("/events")
    expect(page.locator("#events tbody tr").nth(49)).to_be_attached()
    page.mouse.wheel(0, 20_000)
    expect(page.locator("#events tbody tr").nth(99)).to_be_attached()
    sequences = page.locator("#events tbody tr").evaluate_all("rows => rows.map(row => row.dataset.sequence)")
    assert len(sequences) == len(set(sequences))
    page.keyboard.press("/")
    page.locator("#class").select_option("stranger")
    page.get_by_role("button", name="Search").click()
    page.wait_for_url("**/events?class=stranger*")
    assert set(page.locator("#events tbody .class").all_inner_texts()) == {"Stranger"}
    page.locator("#events tbody tr a").first.click()
    drawer = page.locator("#drawer")
    expect(drawer.get_by_text("Every field")).to_be_visible()
    expect(drawer.locator(".tree .key", has_text="identity_id")).to_be_visible()
    picture = drawer.locator(".pictures img").first
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") > 50


def test_a_slow_answer_does_not_replace_the_event_that_was_opened_after_it(node, open_page):
    page = open_page(node)
    page.goto("/events?lane=realtime")
    links = page.locator("#events a[data-event]")
    first, second = (links.nth(position).get_attribute("href") for position in (0, 1))
    held = []
    page.route(lambda url: first in url, lambda route: held.append(route), times=1)
    drawer = page.locator("#drawer")
    with page.expect_request(lambda request: first in request.url):
        links.nth(0).click()
    expect(drawer.get_by_text("Loading…")).to_be_visible()
    page.keyboard.press("Escape")
    links.nth(1).click()
    own = drawer.get_by_role("link", name="Open page")
    expect(own).to_have_attribute("href", second)
    with page.expect_request_finished(lambda request: first in request.url):
        held[0].continue_()
    # By the time this second answer has been read the script has had the first.
    page.evaluate("href => fetch(href).then(answer => answer.text())", first)
    expect(own).to_have_attribute("href", second)


@pytest.mark.parametrize("width", [360, 1280])
def test_a_target_is_added_edited_and_tested_and_a_parked_event_replayed(width, open_page):
    with running_node() as node, ScriptedReceiver() as receiver:
        page = open_page(node, width, expected=["422"])
        page.on("dialog", lambda dialog: dialog.accept())
        receiver.status = 422
        page.goto("/forwarding/new")
        page.get_by_label("Id (").fill("cloud")
        page.get_by_label("URL", exact=True).fill("ftp://nowhere")
        page.get_by_role("button", name="Save").click()
        expect(page.locator(".notice.bad")).to_contain_text("urls")
        page.get_by_label("URL", exact=True).fill(receiver.url + "?token=secret-of-the-test")
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_text("cloud is saved.")).to_be_visible()
        assert "secret-of-the-test" not in page.content()
        page.get_by_role("link", name="Edit").click()
        page.get_by_label("Name", exact=True).fill("The cloud")
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_role("heading", name="The cloud")).to_be_visible()
        page.get_by_role("button", name="Send a test event").click()
        expect(page.locator("#answer")).to_contain_text("HTTP 422")
        expect(page.locator("#answer")).to_contain_text("refused by the test")
        assert receiver.received[-1][1].endswith("token=secret-of-the-test"), "the masked secret was not kept"
        node.simulate("--boxes", "1", "--people", "3", "--rate", "50", "--events", "1")
        wait_for(lambda: page.request.get("/api/v1/parked").json()["parked"])
        page.goto("/forwarding")
        expect(page.locator("#parked")).to_contain_text("HTTP 422")
        receiver.status = 200
        page.locator("#parked").get_by_role("button", name="Replay", exact=True).click()
        expect(page.get_by_text("Sent again: 1")).to_be_visible()
        wait_for(lambda: not page.request.get("/api/v1/parked").json()["parked"])
        page.goto("/forwarding")
        expect(page.locator("#parked")).to_contain_text("None.")


def wait_for(condition, seconds=10):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come true in time"
        time.sleep(0.05)


def test_the_quarantine_shows_gives_out_and_drops(open_page):
    with running_node() as node:
        node.post("/HistoryEvent", b'{"identity_id": }')
        page = open_page(node)
        page.on("dialog", lambda dialog: dialog.accept())
        page.goto("/quarantine")
        with page.expect_download() as download:
            page.get_by_role("link", name="Download").click()
        assert open(download.value.path(), "rb").read() == b'{"identity_id": }'
        page.get_by_role("button", name="Resubmit").click()
        expect(page.locator(".notice.bad")).to_contain_text("Still not understood")
        page.get_by_role("button", name="Drop").click()
        expect(page.get_by_text("Nothing is quarantined.")).to_be_visible()


def test_language_and_theme_stay_chosen(node, open_page):
    page = open_page(node)
    page.goto("/events?class=vip")
    page.get_by_role("button", name="中文").click()
    page.wait_for_url("**/events?class=vip")
    expect(page.get_by_role("heading", name="事件")).to_be_visible()
    page.get_by_role("button", name="主题：自动").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "light")
    page.goto("/overview")
    expect(page.locator("html")).to_have_attribute("lang", "zh-CN")


def test_a_phone_opens_its_menu(node, open_page):
    page = open_page(node, width=360)
    page.goto("/")
    expect(page.get_by_role("link", name="Events")).to_be_hidden()
    page.locator("#menu summary").click()
    page.get_by_role("link", name="Events").click()
    page.wait_for_url("**/events")


def test_another_site_may_not_post(node, open_page):
    page = open_page(node)
    for headers in ({"Origin": "http://elsewhere.example"}, {"Sec-Fetch-Site": "cross-site"}):
        answer = page.request.post("/test-event", headers=headers, form={"back": "/"}, max_redirects=0)
        assert answer.status == 403


def test_the_stream_goes_on_without_gap_after_the_node_was_away(open_page):

    with running_node() as node:
        page = open_page(node, expected=["ERR_"])
        page.goto("/?lane=realtime")
        expect(page.locator("#feed")).to_have_class("feed open")
        page.context.set_offline(True)
        node.simulate("--boxes", "1", "--people", "5", "--rate", "100", "--events", "7", "--realtime")
        page.context.set_offline(False)
        expect(page.locator("#wall .card")).to_have_count(7, timeout=20_000)
