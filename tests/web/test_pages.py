"""The pages of a filled register, on both engines: whole, in both languages, and saying what they are for."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from urllib.parse import unquote

import pytest
from flask.testing import FlaskClient

from registry.core.model import Reservation
from registry.db import Database
from registry.handlers import HANDLERS
from registry.jobs import work_once
from registry.services import applications, reservations
from registry.store import jobs
from registry.web.words import PAGE
from tests.web import seeded
from tests.web.conftest import app_on
from tests.web.html_check import Page

PAGES = (
    "/", "/inbox", "/inbox?outcome=conflict", "/inbox?regime=permit&outcome=none", "/applications",
    "/applications?state=checked", "/applications/sewer-1.20", "/applications/sewer-small",
    "/applications/water%2F2027%3A1", "/applications/fibre-7", "/applications/fibre-note", "/reservations",
    "/reservations?state=filed", "/reservations/heat-2030", "/reservations/heat%2Fsearch%3A2035", "/rulesets",
    "/rulesets/example-cautious?version=1.2.0", "/rulesets/example-two-number", "/changes", "/changes?after=3",
)  # fmt: skip


def get(client: FlaskClient, path: str, lang: str = "en", status: int = 200) -> Page:
    answer = client.get(path, query_string=None, headers={"Accept-Language": lang})
    assert answer.status_code == status, path
    page = Page(answer.get_data(as_text=True))
    assert not page.faults, f"{path} ({lang}): {page.faults}"
    assert page.lang == lang == answer.headers["Content-Language"]
    return page


def said(page: Page) -> str:
    return " ".join(" ".join(page.text).split())


def test_every_page_is_whole_in_both_languages(client: FlaskClient) -> None:
    for path in PAGES:
        for lang in ("nl", "en"):
            get(client, path, lang)


def test_every_link_within_leads_somewhere(visitor: FlaskClient) -> None:
    known = set(PAGES)
    todo = [*PAGES]
    while todo:
        for link in get(visitor, todo.pop()).links:
            path = link.partition("#")[0]
            if path.startswith("/") and path not in known:
                known.add(path)
                answer = visitor.get(path)
                assert answer.status_code == 200, path
                if answer.mimetype == "text/html":
                    todo.append(path)
    assert any(path.endswith("/bundle") for path in known)


def test_an_application_says_what_where_and_how_much(client: FlaskClient) -> None:
    page = get(client, "/applications/sewer-1.20", "nl")
    text = said(page)
    for words in (
        "de dag van indienen; deze versie geldt vanaf 1 januari 2027",
        "Strijdig", "0,215 m te weinig zijdelings", "loopt te dicht langs reservering heat-2030",
        "van 0,00 tot 30,00 m", "RD x 155007,00", "vereist is 1,000 m", "Gereserveerde ruimte", "nog 57 dagen",
        "Maak zijdelings 0,215 m meer ruimte", "PUT /v1/applications/sewer-1.20/decisions/{decision}",
        "Andere aanvragen voor deze plek", "vervangt bestaand object sewer-old", "er is 0,785 m", "vereist 1,000 m",
    ):  # fmt: skip
        assert words in text or words.replace("57", "58") in text, words


def test_the_report_is_read_in_the_language_of_the_page(client: FlaskClient) -> None:
    for lang, outcome in (("nl", "STRIJDIG"), ("en", "CONFLICT")):
        (link,) = [one for one in get(client, "/applications/sewer-1.20", lang).links if "/report" in one]
        assert outcome in client.get(link).get_data(as_text=True)


def test_the_inbox_shows_the_most_urgent_first(client: FlaskClient) -> None:
    links = [unquote(link) for link in get(client, "/inbox").links if link.startswith("/applications/")]
    assert links[0] == "/applications/sewer-small"
    assert links[-1] == "/applications/fibre-note"
    text = said(get(client, "/inbox"))
    assert "Term stands still since 10 March 2027 then 56 days left" in text
    assert "6 days left by 16 March 2027" in text
    assert "No term" in text
    only = [link for link in get(client, "/inbox?regime=permit").links if link.startswith("/applications/")]
    assert [unquote(link) for link in only] == ["/applications/water/2027:1"]


def test_an_extended_term_is_told(client: FlaskClient, database: Database) -> None:
    number = applications.get(database, "sewer-small").number
    applications.extend_term(
        database, "sewer-small", seeded.OFFICER, seeded.at(45), expected=number, reason="advice is awaited"
    )
    assert "extended" in said(get(client, "/applications/sewer-small"))
    assert "extended" in said(get(client, "/inbox"))


def test_every_topic_is_on_the_page_of_an_application(client: FlaskClient) -> None:
    dutch = said(get(client, "/applications/sewer-1.20", "nl"))
    english = said(get(client, "/applications/sewer-1.20"))
    assert "Wat dit voor elk onderwerp betekent" in dutch
    assert "kabels en leidingen voldoet niet Gereserveerde ruimte" in dutch
    assert "aardwarmte en bodemenergie geen regel –" in dutch
    assert "cables and pipes not met Reserved space" in english


def test_a_parked_check_never_says_that_it_fits(client: FlaskClient, database: Database) -> None:
    fresh = replace(seeded.sewer("0.40"), id="stuck", title=None)
    job = applications.file(database, fresh, seeded.SEWERS, seeded.at(50)).job_id
    assert job is not None
    heat = reservations.get(database, "heat-2030").number
    reservations.extend(
        database, "heat-2030", seeded.MANAGER, seeded.at(50), expected=heat, review_date="2031-01-01",
        reason="still wanted", document="PLAN-2",
    )  # fmt: skip
    assert "_check" not in said(get(client, "/applications/stuck"))
    with database.write() as session:
        while claimed := jobs.claim(session, "worker", seeded.at(51), timedelta(minutes=5)):
            jobs.park(session, claimed.id, claimed.attempt, f"ran out of {seeded.HOSTILE}", seeded.at(52))
    text = said(get(client, "/applications/stuck"))
    assert "Could not be judged" in text
    assert "ran out of" in text
    assert "ask for the check again administrator, permit officer POST /v1/applications/stuck/_check" in text
    assert "Fits" not in text
    assert "could not be judged" in said(get(client, "/inbox"))
    # Of one that has a verdict of before the page says so.
    assert "The verdict below is of an earlier check." in said(get(client, "/applications/sewer-1.20"))


def test_a_verdict_that_stands_no_more_can_still_be_read(client: FlaskClient, database: Database) -> None:
    assert "Earlier verdicts" not in said(get(client, "/applications/sewer-1.20"))
    heat = reservations.get(database, "heat-2030").number
    reservations.extend(
        database, "heat-2030", seeded.MANAGER, seeded.at(50), expected=heat, review_date="2031-01-01",
        reason="still wanted", document="PLAN-2",
    )  # fmt: skip
    while work_once(database, HANDLERS, "worker", lambda: seeded.at(51)):
        pass
    page = get(client, "/applications/sewer-1.20")
    assert "Earlier verdicts They stand no more" in said(page)
    now, before = [link for link in page.links if "/report" in link]
    assert "2031-01-01" in client.get(now).get_data(as_text=True)
    assert "2031-01-01" not in client.get(before).get_data(as_text=True)


def test_what_was_granted_over_is_told_on_both_sides(client: FlaskClient, database: Database) -> None:
    assert "days left" in said(get(client, "/applications/sewer-1.20"))
    seeded.granted_over(database, "sewer-1.20")
    text = said(get(client, "/reservations/heat-2030"))
    assert "Where it was granted over Here an application was granted" in text
    assert "Along part sewer-new from 0.00 to 30.00 m." in text
    assert "MEMO-3" in text
    assert "/applications/sewer-1.20" in get(client, "/reservations/heat-2030").links
    decided = said(get(client, "/applications/sewer-1.20"))
    assert "days left" not in decided
    for words in ("Granted with conditions", "Dig a trial trench first.", "LETTER-9", "Weighed against: heat-2030"):
        assert words in decided


def test_a_list_goes_on_over_the_next_page(client: FlaskClient, database: Database) -> None:
    value = reservations.get(database, "heat-2030").value
    assert isinstance(value, Reservation)
    for k in range(55):
        one = replace(value, id=f"many/{k:03}", strength="search_area")
        reservations.file(database, one, seeded.MANAGER, seeded.at(50))
    first = get(client, "/reservations?state=filed")
    listed = [link for link in first.links if "/reservations/" in link]
    (following,) = [link for link in first.links if "after=" in link and "lang" not in link]
    more = [link for link in get(client, following).links if "/reservations/" in link]
    assert len(listed) == 50
    assert len({*listed, *more}) == 56


def test_what_is_hostile_is_shown_and_does_nothing(visitor: FlaskClient) -> None:
    for path in ("/inbox", "/applications/water%2F2027%3A1", "/reservations", "/reservations/heat%2Fsearch%3A2035"):
        page = get(visitor, path)  # its faults would name a script, a handler or a hidden sign
        assert "<script>alert(1)</script><U+202E>txt.exe<U+202C>" in said(page).replace("txt.exe <", "txt.exe<"), path


@pytest.mark.parametrize(
    "path", ["/nothing", "/applications/none", "/reservations/a%2F%2Fb", "/rulesets/none", "/a//b"]
)
def test_there_is_a_page_for_what_is_not_there(visitor: FlaskClient, path: str) -> None:
    for lang in ("nl", "en"):
        page = get(visitor, path, lang, 404)
        assert PAGE["nl" if lang == "nl" else "en"]["refused"]["not_found"] in said(page)


@pytest.mark.parametrize(
    "path", ["/inbox?outcome=%3Cscript%3E", "/reservations?state=%E2%80%AE", "/changes?after=-1", "/changes?after=1e9"]
)
def test_a_wrong_question_is_answered_with_a_page(visitor: FlaskClient, path: str) -> None:
    get(visitor, path, "nl", 400)


def test_the_api_keeps_its_own_errors(visitor: FlaskClient) -> None:
    answer = visitor.get("/v1/nothing")
    assert answer.status_code == 404
    assert answer.mimetype == "application/problem+json"


def test_the_language_is_asked_kept_or_guessed(street: Database) -> None:
    client = app_on(street).test_client()
    assert client.get("/").headers["Content-Language"] == "nl"
    assert client.get("/", headers={"Accept-Language": "de, en;q=0.5"}).headers["Content-Language"] == "en"
    assert client.get("/", headers={"Accept-Language": "fr"}).headers["Content-Language"] == "nl"
    asked = client.get("/?lang=en")
    assert asked.headers["Content-Language"] == "en"
    assert "SameSite=Lax" in asked.headers["Set-Cookie"]
    assert client.get("/inbox", headers={"Accept-Language": "nl"}).headers["Content-Language"] == "en"
    assert client.get("/inbox?lang=xx").headers["Content-Language"] == "en"


def test_nothing_may_run_or_be_fetched_from_elsewhere(visitor: FlaskClient) -> None:
    for path in ("/", "/applications/sewer-1.20", "/nothing", "/style/pages.css"):
        with visitor.get(path) as answer:
            policy = answer.headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'; style-src 'self'; img-src 'self'")
        assert "unsafe" not in policy
    assert visitor.post("/inbox").status_code == 405


def test_there_is_nothing_of_an_id_that_there_cannot_be(client: FlaskClient) -> None:
    for path in ("/applications/%00", "/reservations/a%00b", "/rulesets/%00"):
        get(client, path, status=404)
    for path in ("/applications?after=%00", "/reservations?after=a%00b"):
        get(client, path)
