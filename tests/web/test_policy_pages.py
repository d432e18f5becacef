"""The page of a version of policy: a document with its sources, and what differs from the version before; in a browser
too."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Browser, sync_playwright
from waitress.server import create_server

from registry.db import Database
from registry.formats.ruleset_yaml import load_ruleset
from registry.services import rulesets
from tests import databases
from tests.web.conftest import app_on
from tests.web.seeded import AUTHOR, EXAMPLES, HOSTILE, PUBLISHER, at
from tests.web.test_browser import CHROMIUM
from tests.web.test_pages import get, said

TEXT = (EXAMPLES / "rulesets" / "cautious.yaml").read_text(encoding="utf-8")
NEXT = (
    TEXT.replace("version: 1.2.0", "version: 1.3.0")
    .replace("[warmte, water], parallel: {ch: 1.50 m", "[water, warmte], parallel: {ch: 1.75 m")
    .replace(
        'document: Voorbeeldbeleid ondergrond (voorzichtig), article: "3"',
        "document: Beleid, link: https://example.org/a?b=1&c=2",
    )
    .replace("title: {nl: Gronddekking, en: Cover}", f"title: {{nl: Gronddekking, en: {json.dumps(HOSTILE)}}}")
)
PAGE = "/rulesets/example-cautious?version=1.3.0"
SINCE = "/rulesets/example-cautious?version=1.3.0&since=1.2.0"


@pytest.fixture(scope="module")
def policy(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """A register with two versions of one ruleset, of which the first is published."""
    with databases.checked(databases.sqlite_copy(sqlite_template, tmp_path_factory.mktemp("policy"))) as db:
        for minute, text in enumerate((TEXT, NEXT)):
            rulesets.store(db, load_ruleset(text), text, AUTHOR, at(minute))
        rulesets.publish(db, "example-cautious", "1.2.0", PUBLISHER, at(5))
        yield db


@pytest.fixture(scope="module")
def reader(policy: Database) -> FlaskClient:
    return app_on(policy).test_client()


def test_a_version_is_read_as_a_document_with_its_sources(reader: FlaskClient) -> None:
    for lang, words in (
        (
            "nl",
            (
                "Zo ver opzij wordt gekeken 10,00 m", "warmte × drinkwater", "1,75 m zijdelings, verticaal elke diepte",
                "middenspanning rijbaan 1,00 m open-route-tool", "Naar hardheid, zoekgebied adviseert",
                "uit de tweede hand", "Bronnen: waar de getallen op berusten", "Wat er verschilt met versie 1.2.0",
                "Andere versies: 1.2.0", "Nog niet gepubliceerd",
            ),
        ),
        (
            "en",
            (
                "Looked for sideways up to 10.00 m", "heat × drinking water", "1.75 m sideways, vertically any depth",
                "medium voltage carriageway 1.00 m open-route-tool", "By strength, search area advises",
                "second hand", "Sources: what the numbers rest on", "What differs from version 1.2.0",
            ),
        ),
    ):  # fmt: skip
        page = get(reader, PAGE, lang)
        for text in words:
            assert text in said(page), text
    assert "https://zaki.ru/pagesnew.php?id=535&page=99" in page.links
    assert "https://example.org/a?b=1&c=2" in page.links
    assert "#source-moscow-mgsn" in page.links
    assert "<script>" not in reader.get(PAGE, headers={"Accept-Language": "en"}).get_data(as_text=True)
    assert reader.get("/rulesets/example-cautious?version=1.2.0&since=9.9.9").status_code == 404


def test_every_source_that_is_named_is_on_the_page(reader: FlaskClient) -> None:
    page = get(reader, PAGE)
    within = {link[1:] for link in page.links if link.startswith("#")}
    html = reader.get(PAGE).get_data(as_text=True)
    assert len([name for name in within if name.startswith("source-")]) >= 6
    for name in within:
        assert f'id="{name}"' in html, name


def test_every_table_of_a_rule_says_what_it_is(reader: FlaskClient) -> None:
    html = reader.get(PAGE, headers={"Accept-Language": "nl"}).get_data(as_text=True)
    assert html.count("<caption>") == 2
    assert "<caption>Gronddekking</caption>" in html
    assert '<dt>Bron van wat evenwijdig is</dt><dd><a href="#source-own-choice">own-choice</a></dd>' in html


def test_what_differs_is_told_by_rule(reader: FlaskClient) -> None:
    page = get(reader, SINCE, "nl")
    for text in (
        "Van versie 1.2.0 naar versie 1.3.0", "versie: 1.2.0 → 1.3.0", "Regel separation: Onderlinge afstand",
        "warmte × drinkwater, evenwijdig: 1,50 → 1,75 m zijdelings", "Versie 1.2.0 lezen",
    ):  # fmt: skip
        assert text in said(page), text
    assert "/rulesets/example-cautious?version=1.3.0&since=1.2.0" in get(reader, PAGE).links
    same = get(reader, "/rulesets/example-cautious?version=1.3.0&since=1.3.0")
    assert "There is no difference" in said(same)
    first = get(reader, "/rulesets/example-cautious?version=1.2.0")
    assert not any("since=" in link for link in first.links)


@pytest.fixture(scope="module")
def address(policy: Database) -> Iterator[str]:
    server = create_server(app_on(policy), host="127.0.0.1", port=0)
    threading.Thread(target=server.run, daemon=True).start()
    yield f"http://127.0.0.1:{server.effective_port}"
    server.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        pytest.fail("there is no Chromium to look at pages with: sudo apt-get install chromium")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        yield started
        started.close()


@pytest.mark.parametrize("width", [320, 390, 1280])
@pytest.mark.parametrize("lang", ["nl", "en"])
def test_they_fit_a_phone_and_a_desk(
    address: str, browser: Browser, lang: str, width: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    pictures = tmp_path_factory.mktemp("pictures")
    context = browser.new_context(viewport={"width": width, "height": 900}, locale=lang)
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    for name, path in (("rulesets", "/rulesets"), ("ruleset", PAGE), ("differences", SINCE)):
        answer = page.goto(address + path)
        assert answer is not None
        assert answer.status == 200
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, f"{path} is {wide} wide on a screen of {width}"
        ends = "cells => cells.map(cell => cell.getBoundingClientRect().right)"
        assert all(end <= width for end in page.locator(".stacked td").evaluate_all(ends)), f"{path} is cut off"
        page.screenshot(path=str(pictures / f"{name}-{lang}-{width}.png"), full_page=True)
    context.close()
    assert not complaints


def test_a_source_is_one_step_away_and_the_text_is_folded(address: str, browser: Browser) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 900}, locale="nl")
    page.goto(address + PAGE)
    page.locator("table a", has_text="moscow-mgsn").first.click()
    assert page.evaluate("document.querySelector(':target').id") == "source-moscow-mgsn"
    assert not page.locator("pre").is_visible()
    page.locator("summary").click()
    assert "MGSN 1.01-99" in page.locator("pre").inner_text()
    page.close()
