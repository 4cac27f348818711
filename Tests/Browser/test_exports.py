"""Taking away what is filtered, and seeing how far that is."""

import hashlib
import io
import zipfile

from playwright.sync_api import expect


def test_the_exports_of_what_is_filtered_agree_with_their_digests(node, open_page):
    page = open_page(node)
    page.goto("/events?lane=realtime")
    href = page.get_by_role("link", name="ZIP").get_attribute("href")
    archive = zipfile.ZipFile(io.BytesIO(page.request.get(href).body()))
    lines = archive.read("SHA256SUMS").decode().splitlines()
    assert len(lines) > 80
    for line in lines:
        digest, name = line.split(maxsplit=1)
        assert hashlib.sha256(archive.read(name.lstrip("*"))).hexdigest() == digest
    table = page.request.get(page.get_by_role("link", name="CSV", exact=True).get_attribute("href")).body()
    assert table.startswith(b"\xef\xbb\xbf") and table.count(b"\r\n") >= 81


def test_an_export_says_how_far_it_is_while_it_is_written(node, open_page):
    page = open_page(node)
    page.goto("/events")
    page.goto("/events")
    assert page.request.get("/exports").text().strip() == ""
    answers = iter(["", *["<li>Being written: 80 events, 9 KiB</li>"] * 3])
    page.route("**/exports", lambda route: route.fulfill(content_type="text/html", body=next(answers, "")))
    with page.expect_download():
        page.get_by_role("link", name="CSV", exact=True).click()
    exports = page.locator("#exports")
    expect(exports).to_have_text("Being written: 80 events, 9 KiB")
    expect(exports).to_be_empty()
