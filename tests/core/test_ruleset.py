"""Rulesets from plain data: what is refused and where, and what their identity rests on."""

from __future__ import annotations

import copy
import random
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.core.canonical import sha256
from registry.core.errors import Problem, Refused
from registry.core.policy import Clearance
from registry.core.reading import MAX_PROBLEMS, dotted, metres
from registry.core.rules.separation import Cell, SeparationRule
from registry.core.rules.subjects import Subject
from registry.core.ruleset import read_ruleset, ruleset_from_document

Plain = dict[str, Any]


def _header(rule_id: str, kind: str) -> Plain:
    return {
        "id": rule_id,
        "kind": kind,
        "title": {"nl": "Titel", "en": "Title"},
        "severity": "blocks",
        "legal_force": "policy",
        "citation": {"document": "Beleid", "article": "2", "link": "https://example.org/beleid"},
    }


def plain() -> Plain:
    """A ruleset with everything a ruleset can have."""
    return {
        "ruleset": {
            "id": "test",
            "version": "1.2.3",
            "title": {"nl": "Proef", "en": "Test"},
            "municipality": "Voorbeeldstad",
            "effective_from": "2027-01-01",
            "judged_by": "filing_date",
            "reach": "10.00 m",
            "joint_radius": "1.00 m",
            "ground_level_within": "25.00 m",
            "not_worsened": "advises",
            "assumed_depths": [
                {"theme": "water", "cover": {"from": "0.80 m", "to": "1.20 m"}, "source": "own"},
                {"theme": "warmte", "cover": {"from": "0.60 m", "to": "1.50 m"}, "source": "own"},
            ],
            "assumed_sizes": [
                {"theme": "water", "object_kind": "manhole", "at_most": "1.20 m", "source": "own"},
                {"theme": "water", "object_kind": "line", "at_most": "0.60 m", "source": "own"},
            ],
            "source": "own",
        },
        "sources": {
            "own": {"title": "Chosen", "kind": "own", "confidence": "own"},
            "read": {
                "title": "Read",
                "kind": "foreign",
                "confidence": "read",
                "link": "https://x.nl/a?b=1",
                "note": "N",
            },
        },
        "rules": [
            {
                **_header("apart", "separation"),
                "measured_from": "envelope",
                "parallel_below": "30 deg",
                "parallel_from": "5.00 m",
                "parallel_source": "own",
                "otherwise": {"crossing": {"ch": "0.20 m", "cv": "0.25 m"}, "source": "read"},
                "cells": [
                    {
                        "between": ["warmte", "rioolVrijverval"],
                        "parallel": {"ch": "1.00 m", "cv": "any_depth", "source": "own"},
                        "source": "read",
                    },
                    {
                        "between": ["rioolVrijverval/manhole", "warmte"],
                        "crossing": {"ch": "0.50 m", "cv": "any_depth"},
                        "source": "own",
                    },
                    {
                        "between": ["water", "warmte"],
                        "crossing": {"ch": "0.30 m", "cv": "0.315 m"},
                        "parallel": {"ch": "1.50 m", "cv": "2.00 m"},
                        "source": "read",
                    },
                ],
            },
            {
                **_header("cover", "cover"),
                "cells": [
                    {
                        "theme": "warmte",
                        "surface": "carriageway",
                        "minimum": "1.00 m",
                        "maximum": "2.00 m",
                        "source": "own",
                    },
                    {"theme": "warmte", "surface": "any", "minimum": "0.60 m", "source": "read"},
                ],
            },
            {
                **_header("reserved", "reserved_space"),
                "separation": "apart",
                "by_strength": {
                    "search_area": "advises",
                    "option": "conditions",
                    "planned": "blocks",
                    "decided": "blocks",
                },
            },
        ],
    }


def problems(value: object, read: Callable[[object], object] = read_ruleset) -> list[Problem]:
    with pytest.raises(Refused) as refusal:
        read(value)
    return refusal.value.problems


def _set(value: Any, path: tuple[str | int, ...], new: object) -> None:
    for step in path[:-1]:
        value = value[step]
    if new is None:
        del value[path[-1]]
    else:
        value[path[-1]] = new


def test_what_is_read() -> None:
    ruleset = read_ruleset(plain())
    assert (ruleset.id, ruleset.version, ruleset.title_nl, ruleset.title_en) == ("test", "1.2.3", "Proef", "Test")
    assert (ruleset.reach, ruleset.joint_radius, ruleset.ground_level_within) == (10_000, 1_000, 25_000)
    assert [(d.theme, d.cover_from, d.cover_to) for d in ruleset.assumed_depths] == [
        ("warmte", 600, 1500),
        ("water", 800, 1200),
    ]
    assert [(s.theme, s.object_kind, s.at_most) for s in ruleset.assumed_sizes] == [
        ("water", "line", 600),
        ("water", "manhole", 1200),
    ]
    assert [rule.header.id for rule in ruleset.rules] == ["apart", "cover", "reserved"]
    separation = ruleset.rules[0]
    assert isinstance(separation, SeparationRule)
    assert (separation.parallel_below_millideg, separation.parallel_from) == (30_000, 5_000)
    assert separation.otherwise == Cell((Subject("*"), Subject("*")), Clearance(200, 250, "read"), None, "read")
    assert separation.cells == (
        Cell(
            (Subject("rioolVrijverval"), Subject("warmte")),
            Clearance(200, 250, "read"),  # none of its own: that of otherwise
            Clearance(1000, None, "own"),
            "read",
        ),
        Cell((Subject("rioolVrijverval", "manhole"), Subject("warmte")), Clearance(500, None, "own"), None, "own"),
        Cell((Subject("warmte"), Subject("water")), Clearance(300, 315, "read"), Clearance(1500, 2000, "read"), "read"),
    )


RULE = ("rules", 0)
CELL = ("rules", 0, "cells", 2)
COVER = ("rules", 1, "cells", 0)


@pytest.mark.parametrize(
    ("path", "new", "field", "code", "remedy"),
    [
        (("rule",), [], "rule", "unknown_property", "Entries here are: ruleset, sources, rules"),
        (("sources",), None, "sources", "missing", "Add sources"),
        (("ruleset", "id"), "Has Capitals", "ruleset.id", "invalid_ruleset", "lower-case"),
        (("ruleset", "version"), Decimal("1.0"), "ruleset.version", "invalid_ruleset", "1.0.0"),
        (("ruleset", "version"), "1.0.01", "ruleset.version", "invalid_ruleset", "1.0.0"),
        (("ruleset", "title", "en"), None, "ruleset.title.en", "missing", "Add en"),
        (("ruleset", "title", "nl"), "  ", "ruleset.title.nl", "missing", "Write the text"),
        (("ruleset", "municipality"), "", "ruleset.municipality", "missing", "Write the text"),
        (("ruleset", "municipality"), 7, "ruleset.municipality", "wrong_type", "Write text"),
        (("ruleset", "effective_from"), "2027-02-29", "ruleset.effective_from", "invalid_ruleset", "year-month-day"),
        (("ruleset", "effective_from"), "20270101", "ruleset.effective_from", "invalid_ruleset", "year-month-day"),
        (("ruleset", "judged_by"), "filing-date", "ruleset.judged_by", "not_allowed", "Did you mean filing_date?"),
        (("ruleset", "reach"), 10, "ruleset.reach", "wrong_type", "Write 10.00 m"),
        (("ruleset", "reach"), Decimal("10.5"), "ruleset.reach", "wrong_type", "Write 10.50 m"),
        (("ruleset", "reach"), "10.00", "ruleset.reach", "wrong_type", "Write 10.00 m"),
        (("ruleset", "reach"), "010.00 m", "ruleset.reach", "wrong_type", "Write it as 1.00 m"),
        (("ruleset", "reach"), "10,00 m", "ruleset.reach", "wrong_type", "Write 10.00 m"),
        (("ruleset", "reach"), "10000 mm", "ruleset.reach", "wrong_type", "Write 10.00 m"),
        (("ruleset", "reach"), "1000.5 cm", "ruleset.reach", "wrong_type", "Write 10.005 m"),
        (("ruleset", "reach"), "33 ft", "ruleset.reach", "wrong_type", "Write 1.00 m"),
        (("ruleset", "reach"), "far", "ruleset.reach", "wrong_type", "Write it as 1.00 m"),
        (("ruleset", "reach"), True, "ruleset.reach", "wrong_type", "Write it as 1.00 m"),
        (("ruleset", "reach"), "٣ m", "ruleset.reach", "wrong_type", "Write it as 1.00 m"),
        (("ruleset", "reach"), "10.0005 m", "ruleset.reach", "out_of_range", "at most 3 decimals"),
        (("ruleset", "reach"), "10001 m", "ruleset.reach", "out_of_range", "Write metres"),
        (("ruleset", "joint_radius"), "-1.00 m", "ruleset.joint_radius", "out_of_range", "0.00 m or more"),
        (("ruleset", "ground_level_within"), None, "ruleset.ground_level_within", "missing", "a length with its unit"),
        (("ruleset", "not_worsened"), None, "ruleset.not_worsened", "missing", "one of blocks, conditions, advises."),
        (("ruleset", "judged_by"), None, "ruleset.judged_by", "missing", "one of filing_date, decision_date."),
        (("ruleset", "effective_from"), None, "ruleset.effective_from", "missing", "a date, as 2027-01-31."),
        (("ruleset", "title"), None, "ruleset.title", "missing", "a group with nl, en."),
        (("ruleset", "assumed_depths"), None, "ruleset.assumed_depths", "missing", "a list, which may be empty: []."),
        ((*CELL, "parallel", "cv"), None, "rules[0].cells[2].parallel.cv", "missing", "as 0.20 m, or any_depth."),
        (("ruleset", "not_worsened"), "blocked", "ruleset.not_worsened", "not_allowed", "Did you mean blocks?"),
        (("ruleset", "assumed_depths"), {}, "ruleset.assumed_depths", "wrong_type", "each item"),
        (
            ("ruleset", "assumed_depths", 0, "cover", "to"),
            "0.79 m",
            "ruleset.assumed_depths[0].cover.to",
            "out_of_range",
            "0.80 m or more",
        ),
        (
            ("ruleset", "assumed_depths", 1, "theme"),
            "water",
            "ruleset.assumed_depths[1].theme",
            "duplicate_id",
            "Keep one",
        ),
        (
            ("ruleset", "assumed_sizes", 0, "at_most"),
            "10.01 m",
            "ruleset.assumed_sizes[0].at_most",
            "out_of_range",
            "reach",
        ),
        (
            ("ruleset", "assumed_sizes", 1, "object_kind"),
            "manhole",
            "ruleset.assumed_sizes[1]",
            "duplicate_id",
            "Keep one",
        ),
        (("ruleset", "source"), "owm", "ruleset.source", "not_allowed", "Did you mean own?"),
        (("sources", "own", "kind"), "norms", "sources.own.kind", "not_allowed", "Did you mean norm?"),
        (("sources", "own", "confidence"), "sure", "sources.own.confidence", "not_allowed", "second_hand"),
        (("sources", "own", "link"), "javascript:alert(1)", "sources.own.link", "invalid_ruleset", "https://"),
        (
            ("sources", "unused"),
            {"title": "T", "kind": "own", "confidence": "own"},
            "sources.unused",
            "invalid_ruleset",
            "re",
        ),
        (("rules",), [], "rules", "missing", "kind separation"),
        ((*RULE, "kind"), "seperation", "rules[0].kind", "not_allowed", "Did you mean separation?"),
        ((*RULE, "kind"), None, "rules[0].kind", "missing", "Add kind: one of "),
        ((*RULE, "id"), "cover", "rules[1].id", "duplicate_id", "id of its own"),
        ((*RULE, "severity"), "block", "rules[0].severity", "not_allowed", "Did you mean blocks?"),
        ((*RULE, "legal_force"), "law", "rules[0].legal_force", "not_allowed", "binding, policy, internal"),
        ((*RULE, "citation", "document"), None, "rules[0].citation.document", "missing", "Add document"),
        ((*RULE, "citation", "article"), "", "rules[0].citation.article", "missing", "leave the entry out"),
        ((*RULE, "measured_from"), "axis", "rules[0].measured_from", "not_allowed", "casing, envelope"),
        ((*RULE, "parallel_below"), "0 deg", "rules[0].parallel_below", "out_of_range", "more than 0"),
        ((*RULE, "parallel_below"), "90 deg", "rules[0].parallel_below", "out_of_range", "less than 90"),
        ((*RULE, "parallel_below"), 30, "rules[0].parallel_below", "wrong_type", "Write 30.00 deg"),
        ((*RULE, "parallel_from"), "-5.00 m", "rules[0].parallel_from", "out_of_range", "0.00 m or more"),
        ((*RULE, "otherwise", "source"), None, "rules[0].otherwise.source", "missing", "of the sources, own, read."),
        ((*RULE, "otherwise", "crossing"), None, "rules[0].otherwise.crossing", "missing", "Add crossing"),
        ((*CELL, "paralel"), {}, "rules[0].cells[2].paralel", "unknown_property", "Entries here are"),
        ((*CELL, "source"), None, "rules[0].cells[2].source", "missing", "Add source"),
        ((*CELL, "source"), "reed", "rules[0].cells[2].source", "not_allowed", "Did you mean read?"),
        ((*CELL, "parallel", "ch"), None, "rules[0].cells[2].parallel.ch", "missing", "unit, as 1.00 m."),
        ((*CELL, "parallel", "ch"), "-0.01 m", "rules[0].cells[2].parallel.ch", "out_of_range", "0.00 m or more"),
        (
            (*CELL, "parallel", "ch"),
            "10.001 m",
            "rules[0].cells[2].parallel.ch",
            "out_of_range",
            "10.001 m as ruleset.reach",
        ),
        ((*CELL, "parallel", "cv"), "any-depth", "rules[0].cells[2].parallel.cv", "not_allowed", "any_depth"),
        ((*CELL, "parallel", "ch"), "any_depth", "rules[0].cells[2].parallel.ch", "wrong_type", "1.00 m"),
        ((*CELL, "between", 0), "warmt", "rules[0].cells[2].between[0]", "not_allowed", "Did you mean warmte?"),
        ((*CELL, "between", 0), "water/manhol", "rules[0].cells[2].between[0]", "not_allowed", "Did you mean manhole?"),
        ((*CELL, "between", 0), "water/", "rules[0].cells[2].between[0]", "not_allowed", "line, duct"),
        ((*CELL, "between"), ["warmte"], "rules[0].cells[2].between", "missing", "at least 2"),
        ((*CELL, "between"), ["warmte", "water", "wees"], "rules[0].cells[2].between", "wrong_type", "each pair"),
        ((*CELL, "between"), ["rioolVrijverval", "warmte"], "rules[0].cells[2]", "duplicate_id", "Keep one"),
        ((*RULE, "cells", 1, "crossing"), None, "rules[0].cells[1].crossing", "missing", "crossing, parallel"),
        ((*COVER, "surface"), "road", "rules[1].cells[0].surface", "not_allowed", "carriageway"),
        ((*COVER, "surface"), "any", "rules[1].cells[1]", "duplicate_id", "Keep one"),
        ((*COVER, "theme"), "heat", "rules[1].cells[0].theme", "not_allowed", "warmte"),
        ((*COVER, "maximum"), "0.999 m", "rules[1].cells[0].maximum", "out_of_range", "1.00 m or more"),
        ((*COVER, "minimum"), "-1.00 m", "rules[1].cells[0].minimum", "out_of_range", "0.00 m or more"),
        (("rules", 1, "cells"), [], "rules[1].cells", "missing", "at least 1"),
        (("rules", 2, "separation"), "cover", "rules[2].separation", "not_allowed", "apart"),
        (("rules", 2, "by_strength", "option"), None, "rules[2].by_strength.option", "missing", "Add option"),
        (
            ("rules", 2, "by_strength", "optional"),
            "advises",
            "rules[2].by_strength.optional",
            "unknown_property",
            "planned",
        ),
        (("rules", 1), "cover", "rules[1]", "wrong_type", "citation"),
    ],
)
def test_each_fault_is_told_where_it_is(
    path: tuple[str | int, ...], new: object, field: str, code: str, remedy: str
) -> None:
    value = plain()
    _set(value, path, new)
    found = {problem.field: problem for problem in problems(value)}
    assert field in found, list(found.values())
    assert found[field].code == code
    assert remedy in found[field].remedy
    assert found[field].detail


def test_one_fault_is_told_once() -> None:
    for path, new in [((*CELL, "parallel", "ch"), "1.5"), (("ruleset", "title"), None), ((*CELL, "between", 0), 3)]:
        value = plain()
        _set(value, path, new)
        assert [problem.field for problem in problems(value)] == [dotted(path)]


def test_all_faults_are_told_at_once() -> None:
    value = plain()
    for path in [("ruleset", "reach"), (*RULE, "parallel_from"), (*CELL, "parallel", "ch"), (*COVER, "minimum")]:
        _set(value, path, 1)
    _set(value, ("rules", 2, "separation"), "gone")
    assert {problem.field for problem in problems(value)} == {
        "ruleset.reach",
        "rules[0].parallel_from",
        "rules[0].cells[2].parallel.ch",
        "rules[1].cells[0].minimum",
        "rules[2].separation",
    }


def test_a_file_full_of_faults_is_not_read_to_its_end() -> None:
    value = plain()
    value["rules"][0]["cells"] = [{}] * 50_000
    assert len(problems(value)) == MAX_PROBLEMS


@pytest.mark.parametrize("value", [None, [], "ruleset", 3, {}, {"ruleset": None, "sources": [], "rules": {}}])
def test_what_is_no_ruleset_at_all(value: object) -> None:
    assert problems(value)
    assert problems(value, ruleset_from_document)


def test_two_cells_of_which_neither_goes_first_need_a_third() -> None:
    value = plain()
    cells = value["rules"][0]["cells"]
    crossing = {"ch": "0.10 m", "cv": "0.10 m"}
    cells.append({"between": ["rioolVrijverval", "warmte/chamber"], "crossing": crossing, "source": "own"})
    (problem,) = problems(value)
    assert problem.field == "rules[0].cells[3]"
    assert problem.remedy == "Add a cell for rioolVrijverval/manhole and warmte/chamber."
    cells.append({"between": ["warmte/chamber", "rioolVrijverval/manhole"], "crossing": crossing, "source": "own"})
    read_ruleset(value)


def test_two_rows_of_one_theme_with_itself_need_a_third() -> None:
    value = plain()
    crossing = {"ch": "0.10 m", "cv": "0.10 m"}
    for kind in ("chamber", "duct"):
        cell = {"between": ["warmte", f"warmte/{kind}"], "crossing": crossing, "source": "own"}
        value["rules"][0]["cells"].append(cell)
    assert [problem.remedy for problem in problems(value)] == ["Add a cell for warmte/chamber and warmte/duct."]


def test_clearances_up_to_the_reach_are_allowed() -> None:
    value = plain()
    _set(value, (*CELL, "parallel", "ch"), "10.00 m")
    assert read_ruleset(value).reach == 10_000


def test_a_document_reads_back_as_the_same_ruleset() -> None:
    ruleset = read_ruleset(plain())
    again = ruleset_from_document(copy.deepcopy(ruleset.document))
    assert again == ruleset
    assert again.sha256 == sha256(ruleset.document)


@pytest.mark.parametrize(
    ("path", "new"),
    [
        (("units",), None),
        (("units",), {"length": "m", "angle": "deg"}),
        (("ruleset", "reach"), "10.00 m"),
        (("ruleset", "reach"), True),
        (("ruleset", "reach"), -1),
        (("rules", 0, "parallel_below"), 90_000),
        (("rules", 0, "cells", 0, "source"), "gone"),
        (("rules", 0, "extra"), 1),
    ],
)
def test_a_document_is_validated_too(path: tuple[str | int, ...], new: object) -> None:
    document: Any = copy.deepcopy(read_ruleset(plain()).document)
    _set(document, path, new)
    assert problems(document, ruleset_from_document)


def _shuffled(value: Any, chance: random.Random) -> Any:
    """The same ruleset in another order: of keys, and of every list."""
    if isinstance(value, dict):
        keys = list(value)
        chance.shuffle(keys)
        return {key: _shuffled(value[key], chance) for key in keys}
    if isinstance(value, list):
        items = [_shuffled(item, chance) for item in value]
        chance.shuffle(items)
        return items
    return value


@given(st.randoms(use_true_random=False))
def test_order_does_not_count(chance: random.Random) -> None:
    assert read_ruleset(_shuffled(plain(), chance)) == read_ruleset(plain())


@given(st.randoms(use_true_random=False))
def test_order_in_a_document_does_not_count(chance: random.Random) -> None:
    ruleset = read_ruleset(plain())
    assert ruleset_from_document(_shuffled(ruleset.document, chance)) == ruleset


def test_how_a_length_is_written_does_not_count() -> None:
    value = plain()
    for written in ("1.5 m", "1.500 m", "1.50m"):
        _set(value, (*CELL, "parallel", "ch"), written)
        assert read_ruleset(value).sha256 == read_ruleset(plain()).sha256


def _leaves(value: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    if isinstance(value, dict):
        return [leaf for key in value for leaf in _leaves(value[key], (*path, key))]
    if isinstance(value, list):
        return [leaf for index, item in enumerate(value) for leaf in _leaves(item, (*path, index))]
    return [path]


def _at(value: Any, path: tuple[str | int, ...]) -> Any:
    for step in path:
        value = value[step]
    return value


NUMBERS = [path for path in _leaves(plain()) if str(_at(plain(), path)).endswith((" m", " deg"))]


def test_every_number_of_the_sample_is_among_those_changed() -> None:
    assert len(NUMBERS) == 22


@pytest.mark.parametrize("path", NUMBERS, ids=dotted)
@given(millimetres=st.integers(min_value=-150, max_value=150).filter(bool))
def test_any_changed_number_counts(path: tuple[str | int, ...], millimetres: int) -> None:
    value = plain()
    number, unit = _at(value, path).split()
    _set(value, path, f"{Decimal(number) + Decimal(millimetres) / 1000} {unit}")
    changed = read_ruleset(value)
    assert changed.sha256 != read_ruleset(plain()).sha256
    assert changed != read_ruleset(plain())


@pytest.mark.parametrize(
    ("path", "new"),
    [
        (("ruleset", "municipality"), "Elders"),
        (("ruleset", "not_worsened"), "conditions"),
        (("sources", "read", "note"), "M"),
        ((*RULE, "measured_from"), "casing"),
        ((*RULE, "cells", 0, "parallel", "cv"), "9.99 m"),
        ((*RULE, "cells", 0, "parallel", "source"), "read"),
        ((*CELL, "source"), "own"),
        ((*CELL, "parallel"), None),
        ((*COVER, "maximum"), None),
        ((*COVER, "surface"), "verge"),
        (("rules", 2, "by_strength", "option"), "blocks"),
    ],
)
def test_any_changed_word_counts(path: tuple[str | int, ...], new: object) -> None:
    value = plain()
    _set(value, path, new)
    assert read_ruleset(value).sha256 != read_ruleset(plain()).sha256


def test_a_source_may_have_a_title_in_each_language() -> None:
    value = plain()
    value["sources"]["own"]["title"] = {"nl": "Gekozen", "en": "Chosen"}
    ruleset = read_ruleset(value)
    (source,) = (source for source in ruleset.sources if source.id == "own")
    assert (source.title, source.title_nl) == ("Chosen", "Gekozen")
    assert ruleset_from_document(ruleset.document) == ruleset
    assert ruleset.sha256 != read_ruleset(plain()).sha256
    del value["sources"]["own"]["title"]["nl"]
    with pytest.raises(Refused, match=r"sources\.own\.title\.nl"):
        read_ruleset(value)


def test_identity_stays_what_it_was() -> None:
    """Published rulesets are known by this number: a change of the canonical form is a break, never an accident."""
    value = plain()
    del value["ruleset"]["assumed_sizes"]  # an entry that came later, and may be left out
    assert read_ruleset(value).sha256 == "5c1e8c2541d29dabd895a73d10f4e88e5671eb2fa46f45793da47a54e988b040"


@given(st.integers(min_value=-10_000_000, max_value=10_000_000))
def test_metres_are_written_as_they_are_read(millimetres: int) -> None:
    text = metres(millimetres)
    assert Decimal(text.removesuffix(" m")) * 1000 == millimetres
    assert len(text.split(".")[1]) in (len("00 m"), len("000 m"))
