"""The wall when its connection, its first page or its buttons meet what is not usual."""

import re

from playwright.sync_api import expect

from node import running_node

RECORD_STATES = """() => {
    const feed = document.getElementById("feed");
    const note = () => { document.body.dataset.states = `${document.body.dataset.states ?? ""} ${feed.dataset.state}`.trim(); };
    new MutationObserver(note).observe(feed, { attributeFilter: ["data-state"] });
}"""


def test_a_stream_that_falls_silent_is_lost_and_taken_up_again(open_page):
    with running_node() as node:
        page = open_page(node)
        page.clock.install()
        page.goto("/?lane=realtime")
        expect(page.locator("#feed")).to_have_class("feed open")
        page.evaluate(RECORD_STATES)
        # No beat comes from the node while the page's clock jumps.
        page.clock.fast_forward(40_000)
        expect(page.locator("body")).to_have_attribute("data-states", "lost open")
        node.simulate("--boxes", "1", "--people", "5", "--rate", "100", "--events", "2", "--realtime")
        expect(page.locator("#wall .card")).to_have_count(2)


def test_pausing_a_wall_whose_node_is_away_does_not_say_that_it_is_connected(open_page):
    with running_node() as node:
        page = open_page(node, expected=["ERR_"])
        page.goto("/")
        feed = page.locator("#feed")
        expect(feed).to_have_class("feed open")
        page.keyboard.press("Space")
        expect(feed).to_have_class("feed paused")
        node.process.terminate()
        expect(feed).to_have_class("feed lost")
        for pressed in ("false", "true"):
            page.keyboard.press("Space")
            expect(page.get_by_role("button", name="Pause")).to_have_attribute("aria-pressed", pressed)
            expect(feed).to_have_text("No connection, trying again")


def test_an_event_that_is_kept_while_the_page_is_made_has_one_card(open_page):
    with running_node() as node:
        node.simulate("--boxes", "1", "--people", "5", "--rate", "100", "--events", "2", "--realtime")
        page = open_page(node)

        def as_if_made_before(route):
            answer = route.fetch()
            route.fulfill(response=answer, body=re.sub(r'data-last="\d+"', 'data-last="0"', answer.text()))

        page.route(node.base + "/", as_if_made_before)
        page.goto("/")
        expect(page.locator("#feed")).to_have_class("feed open")
        expect(page.locator("#wall .card")).to_have_count(2)
        # It comes behind the two that the stream repeats.
        node.simulate("--boxes", "1", "--people", "5", "--rate", "100", "--events", "1", "--realtime", "--seed", "8")
        newest = page.request.get("/api/v1/events?lane=realtime&limit=1").json()["events"][0]["sequence"]
        expect(page.locator(f'#wall .card[data-sequence="{newest}"]')).to_have_count(1)
        expect(page.locator("#wall .card")).to_have_count(3)


def test_a_box_that_only_sends_history_appears_on_the_page_of_the_first_start(open_page):
    with running_node() as node:
        page = open_page(node)
        page.goto("/")
        expect(page.get_by_text("Nothing has arrived yet")).to_be_visible()
        expect(page.locator("#feed")).to_have_class("feed open")
        node.simulate("--boxes", "1", "--people", "5", "--rate", "100", "--events", "1")
        expect(page.locator("#wall .card.late")).to_have_count(1)
        expect(page.get_by_text("Nothing has arrived yet")).to_have_count(0)


def test_a_box_that_only_sends_history_appears_after_the_test_event_as_well(open_page):
    with running_node() as node:
        page = open_page(node)
        page.goto("/")
        page.get_by_role("button", name="Send a test event").click()
        expect(page.locator("#wall .card")).to_have_count(1)
        node.simulate("--boxes", "1", "--people", "5", "--rate", "100", "--events", "1")
        expect(page.locator("#wall .card.late")).to_have_count(1)
        page.reload()
        expect(page.locator("#wall .card.late")).to_have_count(1)
        node.simulate("--boxes", "1", "--people", "5", "--rate", "100", "--events", "1", "--realtime", "--seed", "8")
        expect(page.locator("#wall .card.late")).to_have_count(0)
        expect(page.locator("#only-history")).to_have_count(0)
        # The test event and the passage.
        expect(page.locator("#wall .card")).to_have_count(2)


def test_a_passage_that_a_box_reports_on_both_lanes_has_one_card_on_the_page_of_the_first_start(open_page):
    with running_node() as node:
        page = open_page(node)
        page.goto("/")
        expect(page.locator("#feed")).to_have_class("feed open")
        node.simulate("--boxes", "1", "--people", "5", "--rate", "20", "--events", "6", "--realtime")
        assert len(page.request.get(node.base + "/api/v1/events?lane=history").json()["events"]) == 6
        # What came before this one on the stream has been taken.
        node.simulate("--boxes", "1", "--people", "1", "--rate", "20", "--events", "1", "--realtime", "--seed", "8")
        expect(page.locator("#wall .card")).to_have_count(7)
        expect(page.locator("#wall .card.late")).to_have_count(0)


def test_a_test_event_that_is_refused_or_does_not_get_there_is_told(open_page):
    with running_node() as node:
        page = open_page(node, expected=["ERR_"])
        page.goto("/")
        button = page.get_by_role("button", name="Send a test event")
        page.route("**/test-event", lambda route: route.abort())
        button.click()
        expect(page.get_by_role("alert")).to_have_text("That did not work")
        expect(button).to_be_enabled()
        page.unroute("**/test-event")
        refusal = {"Location": "/?failed=test_event_failed&n=507"}
        page.route("**/test-event", lambda route: route.fulfill(status=303, headers=refusal))
        button.click()
        expect(page.get_by_text("The test event was refused with HTTP 507.")).to_be_visible()
