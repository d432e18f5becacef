"""The story of the flagship case, played through the API: reserve, apply, check, weigh, decide.

What each act shows is also required of it: where the register answers otherwise than the story goes, it ends with
``Unexpected``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from textwrap import wrap
from typing import Any, Final

from registry.core.errors import visible
from registry.core.model import Application, Reservation
from registry.demo import asked
from registry.demo.client import GEO_JSON, Answer, Client, Unexpected
from registry.demo.words import Language, text
from registry.formats.exchange import Exchange, write_exchange
from registry.formats.sentences import outcome_line, outcome_name
from registry.formats.verdict_text import WIDTH
from registry.formats.words import length

#: The former ruleset, by which one application is judged and a question is asked.
FORMER: Final = ("example-two-number", "1.2.0")
PRESENT: Final = ("example-cautious", "1.2.0")
DECISION: Final = "decision-1"


@dataclass(frozen=True, slots=True)
class Story:
    """The acts in their order; ``tell`` takes each line. ``clients`` are those who play, by the names of ``People``."""

    clients: Mapping[str, Client]
    lang: Language
    today: date
    tell: Callable[[str], None]

    def play(self) -> str:
        """The whole of it; returns the hash of the verdict that was granted on."""
        self.look_at_what_was_open()
        self.reserve()
        self.ask_for_the_same_size()
        conflict = self.ask_for_a_larger_one()
        self.grant_without_weighing(conflict)
        self.grant_on_a_stale_verdict(conflict)
        self.move_aside(conflict)
        self.a_rival()
        granted = self.grant()
        self.in_the_way()
        return granted

    def look_at_what_was_open(self) -> None:
        """What stood in the inbox was checked by the worker, each by the ruleset that held when it was filed."""
        officer = self.clients["officer"]
        outcomes = []
        for id_ in ("power-proefstraat", "fibre-crossing", "heat-schetsweg"):
            named = outcome_name(officer.checked(id_).data["outcome"], self.lang, False)
            outcomes.append(f"{id_}: {named.lower()}")
        self._told("waiting", outcomes="; ".join(outcomes))
        former = officer.checked("power-proefstraat")
        _require(former.data["ruleset"]["id"] == FORMER[0], "judged by the former ruleset")
        self._told("by_former", id="power-proefstraat", ruleset=" ".join(FORMER))
        now = self._what_if("power_operator", asked.power_cable(self.lang, self.today), PRESENT)
        _require(now["outcome"] == "conflict", "by the present ruleset the cable would not fit")

    def reserve(self) -> None:
        """The manager files and accepts the corridor."""
        self._act("act_reserve")
        found = asked.heat_reservation(self.lang, self.today)
        self._file_reservation(found)
        self._told("reserve_filed", id=found.id)
        self._accept(found.id, "reason_heat")
        self._told("reserve_accepted")

    def ask_for_the_same_size(self) -> None:
        """It fits; and is withdrawn, for it does not help."""
        self._act("act_small")
        self._file(asked.sewer(asked.SMALL_SEWER, 0.40, self.lang, self.today))
        verdict = self.clients["sewer_operator"].checked(asked.SMALL_SEWER)
        _require(verdict.data["outcome"] == "fits", "the sewer of the same size fits")
        self._told("outcome", outcome=self._outcome(verdict))
        self._post("sewer_operator", "application", asked.SMALL_SEWER, "_withdraw", reason="reason_withdrawn")
        self._told("withdrawn")

    def ask_for_a_larger_one(self) -> Answer:
        """It does not fit, and the verdict says by how much; the former policy would have let it."""
        self._act("act_large")
        wanted = asked.sewer(asked.LARGE_SEWER, 1.20, self.lang, self.today)
        self._file(wanted)
        verdict = self.clients["officer"].checked(wanted.id)
        _require(verdict.data["outcome"] == "conflict", "the larger sewer does not fit")
        self._told("report_follows")
        self._report(verdict)
        self._told("missing", missing=length(self._missing(verdict), self.lang))
        self.tell("")
        self._told("what_if")
        former = self._what_if("sewer_operator", wanted, FORMER)
        _require(former["outcome"] == "fits", "the former ruleset let the larger sewer pass")
        self._told("outcome", outcome=self._outcome_of(former))
        self._told("policy_decides")
        return verdict

    def grant_without_weighing(self, verdict: Answer) -> None:
        """A grant against a reservation that is not weighed is refused."""
        self._act("act_grant")
        self._told("grant_unweighed")
        body = {"reason": text("reason_grant_anyway", self.lang), "document": text("document_weighing", self.lang)}
        self._decide(verdict, 400, **body)

    def grant_on_a_stale_verdict(self, verdict: Answer) -> None:
        """Something near changed since the verdict was read: the grant is refused, and a fresh check made."""
        self._act("act_stale")
        self._accept(asked.TREES, "reason_trees")
        self._told("trees_accepted", id=asked.TREES)
        self._told("grant_stale")
        reason, document = text("reason_grant_anyway", self.lang), text("document_weighing", self.lang)
        weighed = [{"reservation": asked.HEAT_RESERVATION, "reason": reason, "document": document}]
        self._decide(verdict, 412, reason=reason, document=document, weighed=weighed)
        fresh = self.clients["officer"].checked(asked.LARGE_SEWER)
        before, after = (answer.data["sha256"][:8] for answer in (verdict, fresh))
        _require(before != after, "the fresh verdict is another one")
        self._told("fresh", before=before, after=after, outcome=self._outcome(fresh))

    def move_aside(self, verdict: Answer) -> None:
        """The operator does what the remedy says."""
        aside = self._missing(verdict)
        self._act("act_amend", aside=length(aside, self.lang))
        operator = self.clients["sewer_operator"]
        moved = asked.sewer(asked.LARGE_SEWER, 1.20, self.lang, self.today, aside=aside / 1000)
        amended = self._put(operator, moved, tag=operator.tag("application", moved.id))
        self._told("amended", id=moved.id, revision=amended.data["revision"])
        verdict = operator.checked(moved.id)
        _require(verdict.data["outcome"] == "fits", "moved aside it fits")
        self._told("outcome", outcome=self._outcome(verdict))

    def a_rival(self) -> None:
        """Another asks for space beside it while it is open: both are told, neither is stopped by that."""
        self._act("act_rival")
        operator = self.clients["water_operator"]
        self._put(operator, asked.water_main(self.lang, self.today))
        self._told("filed", id=asked.WATER_MAIN)
        verdict = operator.checked(asked.WATER_MAIN)
        _require(verdict.data["outcome"] == "fits", "an open application is in nobody's way")
        self._told("outcome", outcome=self._outcome(verdict))
        self._told("rival", **self._works(verdict))

    def grant(self) -> str:
        """The officer grants on the verdict that stands now."""
        self._act("act_granted")
        officer = self.clients["officer"]
        verdict = officer.checked(asked.LARGE_SEWER)
        self._told("outcome", outcome=self._outcome(verdict))
        granted = self._decide(verdict, 200, reason=text("reason_grant", self.lang))
        state = text(f"state_{granted.data['state']}", self.lang)
        self._told("granted", id=asked.LARGE_SEWER, state=state, decision=DECISION)
        sha256: str = verdict.data["sha256"]
        return sha256

    def in_the_way(self) -> None:
        """What was granted counts for everyone who comes after it."""
        self._act("act_in_the_way")
        verdict = self.clients["water_operator"].checked(asked.WATER_MAIN)
        _require(verdict.data["outcome"] == "conflict", "what was granted is in the way")
        self._told("outcome", outcome=self._outcome(verdict))
        self._told("in_the_way", **self._works(verdict))
        changes = self.clients["officer"].ask("GET", "/v1/changes?limit=1000").data["items"]
        self.tell("")
        self._told("told_all", count=len(changes))

    def _what_if(self, who: str, application: Application, ruleset: tuple[str, str]) -> dict[str, Any]:
        """What the verdict on an application would be by a ruleset."""
        path = f"/v1/what-ifs?ruleset={ruleset[0]}&version={ruleset[1]}"
        answer = self.clients[who].ask("POST", path, _file_of(application), media_type=GEO_JSON)
        found: dict[str, Any] = answer.data["verdict"]
        return found

    def _file(self, application: Application) -> None:
        self._put(self.clients["sewer_operator"], application)
        self._told("filed", id=application.id)

    def _put(self, client: Client, application: Application, tag: str | None = None) -> Answer:
        path = f"/v1/applications/{application.id}"
        return client.ask("PUT", path, _file_of(application), expect=202, media_type=GEO_JSON, tag=tag)

    def _file_reservation(self, reservation: Reservation) -> None:
        body = write_exchange(Exchange(None, (reservation,)))
        path = f"/v1/reservations/{reservation.id}"
        self.clients["manager"].ask("PUT", path, body, expect=201, media_type=GEO_JSON)

    def _accept(self, id_: str, reason: str) -> None:
        self._post("manager", "reservation", id_, "_accept", reason=reason, document="document_council")

    def _post(self, who: str, kind: str, id_: str, act: str, **words: str) -> None:
        client = self.clients[who]
        body = {key: text(name, self.lang) for key, name in words.items()}
        client.ask("POST", f"/v1/{kind}s/{id_}/{act}", body, tag=client.tag(kind, id_))

    def _decide(self, verdict: Answer, expect: int, **said: Any) -> Answer:
        """The officer's grant on a verdict; of a refusal what it says is told."""
        officer = self.clients["officer"]
        tag = officer.tag("application", asked.LARGE_SEWER)
        body = {"kind": "grant", "verdict": verdict.data["sha256"], **said}
        path = f"/v1/applications/{asked.LARGE_SEWER}/decisions/{DECISION}"
        answer = officer.ask("PUT", path, body, expect=expect, tag=tag)
        if expect != 200:
            self.tell(f"   {answer.status} {answer.data['title']}")
            for error in answer.data["errors"]:
                told = visible(f"{error['detail'][:1].upper()}{error['detail'][1:]}. {error['remedy']}")
                self._wrapped(told, " " * 6)
        return answer

    def _report(self, verdict: Answer) -> None:
        path = f"{verdict.data['links']['report']}?lang={self.lang}"
        report = self.clients["officer"].ask("GET", path, accept="text/plain").text
        self.tell("")
        for line in report.rstrip().splitlines():
            self.tell(line)
        self.tell("")

    def _missing(self, verdict: Answer) -> int:
        """How much (mm) is missing sideways to the reservation of heat."""
        return self._worst(verdict, "reservation")[1]

    def _works(self, verdict: Answer) -> dict[str, str]:
        """Which works of another application are too near, and by how much."""
        works, missing = self._worst(verdict, "works")
        return {"works": works, "missing": length(missing, self.lang)}

    def _worst(self, verdict: Answer, kind: str) -> tuple[str, int]:
        found = [
            (finding["missing"]["horizontal"], counterpart["id"])
            for finding in verdict.data["verdict"]["findings"]
            for counterpart in finding["counterparts"]
            if counterpart["kind"] == kind and "horizontal" in finding.get("missing", {})
        ]
        _require(bool(found), f"a finding on a {kind}")
        missing, name = max(found)
        return name, missing

    def _outcome(self, answer: Answer) -> str:
        return self._outcome_of(answer.data["verdict"])

    def _outcome_of(self, document: Mapping[str, Any]) -> str:
        advised = any(finding["severity"] == "advises" for finding in document["findings"])
        if document["outcome"] == "fits" and advised:
            return f"{outcome_name('fits', self.lang, advised)}."
        return outcome_line(document["outcome"], self.lang)

    def _act(self, name: str, **values: object) -> None:
        self.tell("")
        self._told(name, **values)

    def _told(self, name: str, **values: object) -> None:
        told = text(name, self.lang).format(**values)
        self._wrapped(told.strip(), "" if name.startswith(("act_", "waiting")) else "   ")

    def _wrapped(self, told: str, indent: str) -> None:
        for line in wrap(told, WIDTH, initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False):
            self.tell(line)


def _file_of(application: Application) -> str:
    return write_exchange(Exchange(application, ()))


def _require(holds: bool, what: str) -> None:
    if not holds:
        raise Unexpected(f"the story goes otherwise: not so that {what}")
