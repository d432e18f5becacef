"""The gap before is that of what is replaced, outside the same joints, and is told only where it is known."""

from __future__ import annotations

from pathlib import Path

from registry.core.findings import Finding, Measure
from registry.core.model import Application, Asset, Bound, Line, Part, Point, Relation, Shaft, Size
from registry.core.verdict import Verdict, judge
from registry.formats.ruleset_yaml import load_ruleset

JOINT = (155_000_000, 463_000_000)
EAST = (155_030_000, 463_000_000)
#: 15 degrees off east.
ASLANT = (155_028_978, 463_007_765)


def around(size: int) -> Size:
    return Size("round", "outer", size, size)


def pipe(end: Point, size: int) -> Line:
    return Line((JOINT, end), (-2_000, -2_000), "axis", "nap", around(size))


def manhole(size: Size | None, bottom: Bound = -3_000) -> Asset:
    shaft = Shaft(JOINT, bottom, 0, "nap", size)
    return Asset("manhole", "rioolVrijverval", "manhole", shaft, holder="city")


def verdict(root: Path, new: int, joint: Asset) -> Verdict:
    """On a sewer of ``new`` mm that replaces one of 300 mm, beside one of 300 mm that comes to the same manhole."""
    relations = (
        Relation("replaces", "asset", "old"),
        Relation("connects", "asset", "manhole", point=(*JOINT, None)),
    )
    part = Part("new", "rioolVrijverval", "line", pipe(EAST, new), relations=relations)
    old = Asset("old", "rioolVrijverval", "line", pipe(EAST, 300), holder="city")
    beside = Asset("beside", "rioolVrijverval", "line", pipe(ASLANT, 300), holder="city")
    application = Application("a", "city", "own_works", (part,))
    return judge(application, [old, beside, joint], load_ruleset(root / "examples" / "rulesets" / "two-number.yaml"))


def about(found: Verdict, counterpart: str) -> Finding | None:
    return next((f for f in found.findings if counterpart in [c.id for c in f.counterparts]), None)


def test_where_the_old_one_was_joined_does_not_excuse_the_new_one(root: Path) -> None:
    # No separation is asked within 1.000 + (1.000 + 0.300 + 0.800) / 2 + 0.001 = 2.051 m of the joint. There the
    # axes are 2.051 × sin 15° = 0.531 m apart: 0.650 is needed now, 0.300 was before.
    found = verdict(root, 1_000, manhole(around(800)))
    finding = about(found, "beside")
    assert finding is not None
    assert finding.gap is not None
    assert finding.gap.horizontal == -120
    assert finding.gap_before == Measure(230, None)
    assert not finding.not_worsened
    assert found.outcome == "conflict"


def test_the_same_size_again_fits(root: Path) -> None:
    assert verdict(root, 300, manhole(around(800))).outcome == "fits"


def test_no_gap_before_is_told_where_it_is_unknown(root: Path) -> None:
    finding = about(verdict(root, 1_000, manhole(None, bottom=None)), "manhole")
    assert finding is None or finding.gap_before is None
