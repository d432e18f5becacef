"""The pages in a real browser: nothing complains, nothing is fetched from elsewhere, and they fit a narrow screen."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, sync_playwright
from waitress.server import create_server

from registry.db import Database
from tests.web.conftest import app_on

CHROMIUM = Path("/usr/bin/chromium")
PAGES = {
    "home": "/",
    "inbox": "/inbox",
    "applications": "/applications",
    "conflict": "/applications/sewer-1.20",
    "fits": "/applications/sewer-small",
    "crossing": "/applications/water%2F2027%3A1",
    "paused": "/applications/fibre-7",
    "reservations": "/reservations",
    "reservation": "/reservations/heat-2030",
    "search-area": "/reservations/heat%2Fsearch%3A2035",
    "rulesets": "/rulesets",
    "ruleset": "/rulesets/example-cautious",
    "changes": "/changes",
}


@pytest.fixture(scope="module")
def address(street: Database) -> Iterator[str]:
    """Where the pages are served, on loopback."""
    server = create_server(app_on(street), host="127.0.0.1", port=0)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.effective_port}"
    server.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        pytest.fail("there is no Chromium to look at pages with: sudo apt-get install chromium")
    with sync_playwright() as playwright:
        # Root may not use its sandbox; the pages are the register's own.
        started = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        yield started
        started.close()


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("lang", ["nl", "en"])
def test_pages_open_without_complaint(
    address: str, browser: Browser, lang: str, width: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    pictures = tmp_path_factory.mktemp("pictures")
    context = browser.new_context(viewport={"width": width, "height": 900}, locale=lang)
    page = context.new_page()
    said: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    for name, path in PAGES.items():
        answer = page.goto(address + path)
        assert answer is not None
        assert answer.status == 200, path
        assert page.evaluate("document.documentElement.lang") == lang
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, f"{path} is {wide} wide on a screen of {width}"
        page.screenshot(path=str(pictures / f"{name}-{lang}-{width}.png"), full_page=True)
    context.close()
    assert not said
    assert {urlsplit(url).hostname for url in asked} == {"127.0.0.1"}
    assert len(list(pictures.iterdir())) == len(PAGES)


def test_the_verdict_and_what_is_missing_are_seen_without_scrolling(address: str, browser: Browser) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 720}, locale="nl")
    page.goto(f"{address}/applications/sewer-1.20")
    for text in ("Strijdig", "0,215 m te weinig zijdelings", "Krapste punt"):
        box = page.get_by_text(text).first.bounding_box()
        assert box is not None
        assert box["y"] + box["height"] < 720, text
    page.close()


def test_all_can_be_reached_and_seen_with_the_keyboard(address: str, browser: Browser) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 900}, locale="nl")
    page.goto(f"{address}/applications/sewer-1.20")
    page.keyboard.press("Tab")
    skip = page.evaluate("[document.activeElement.className, document.activeElement.getBoundingClientRect().top]")
    assert skip[0] == "skip"
    assert skip[1] >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.keyboard.press("Tab")
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.close()


def test_labels_of_a_drawing_are_not_outside_it(address: str, browser: Browser) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 900}, locale="nl")
    for path in PAGES.values():
        page.goto(address + path)
        outside = page.evaluate(
            """() => [...document.querySelectorAll("figure svg text")].filter(text => {
                const own = text.getBoundingClientRect();
                const all = text.closest(".sheet > svg").getBoundingClientRect();
                return own.left < all.left - 1 || own.right > all.right + 1 || own.top < all.top - 1
                    || own.bottom > all.bottom + 1;
            }).map(text => text.textContent)"""
        )
        assert not outside, path
    page.close()
