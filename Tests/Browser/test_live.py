"""The wall when its connection, its first page or its buttons meet what is not usual."""

from playwright.sync_api import expect

from node import running_node

RECORD_STATES = """() => {
    const feed = document.getElementById("feed");
    window.states = [];
    new MutationObserver(() => window.states.push(feed.dataset.state)).observe(feed, { attributeFilter: ["data-state"] });
}"""


def test_a_stream_that_falls_silent_is_lost_and_taken_up_again(open_page):
    with running_node() as node:
        page = open_page(node)
        page.clock.install()
        page.goto("/")
        expect(page.locator("#feed")).to_have_class("feed open")
        page.evaluate(RECORD_STATES)
        # No beat comes from the node while the page's clock jumps.
        page.clock.fast_forward(40_000)
        page.wait_for_function("window.states.join() === 'lost,open'")
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
