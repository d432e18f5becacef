"""What became of findings between two verdicts on one application: which appeared, which vanished, which changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from registry.core.canonical import canonical_json

#: A finding as the document of a verdict has it.
Plain = Mapping[str, Any]
What = Literal["appeared", "vanished", "changed"]


@dataclass(frozen=True, slots=True)
class Shift:
    """What became of one finding, as it was and as it is."""

    before: Plain | None
    after: Plain | None

    @property
    def what(self) -> What:
        if self.before is None:
            return "appeared"
        return "vanished" if self.after is None else "changed"

    @property
    def rule(self) -> str:
        """The rule it is by."""
        found = self.after if self.after is not None else self.before
        assert found is not None
        return str(found["rule"])


def shifts(before: Iterable[Plain], after: Iterable[Plain]) -> list[Shift]:
    """What became of the findings of one verdict in another on the same application; those that are the same are left
    out. Two are about the same where rule, cause, place by part, and counterpart (of what is undetermined or assumed
    the network) are; of several about the same the more certain ones are compared first."""
    old, new = _by_subject(before), _by_subject(after)
    subjects = sorted(old.keys() | new.keys())
    return [shift for subject in subjects for shift in _paired(old.get(subject, []), new.get(subject, []))]


def _by_subject(findings: Iterable[Plain]) -> dict[str, list[Plain]]:
    found: dict[str, list[Plain]] = {}
    for finding in findings:
        found.setdefault(_subject(finding), []).append(finding)
    return found


def _subject(finding: Plain) -> str:
    """What a finding is about, whatever is found of it."""
    others = finding.get("counterparts", ())
    about: list[object]
    if others and finding["certainty"] in ("undetermined", "assumed"):
        about = [others[0].get(name) for name in ("kind", "theme", "holder", "object_kind")]
    elif others:
        about = [others[0]["kind"], others[0]["id"]]
    else:
        about = [finding["place"]["part"]]
    names = ("rule", "cause", "surface", "relation", "fault", "rival", "about")
    return canonical_json([*(finding.get(name) for name in names), about])


def _paired(old: Sequence[Plain], new: Sequence[Plain]) -> Iterator[Shift]:
    same = [finding for finding in old if finding in new]
    before = [finding for finding in old if finding not in same]
    after = [finding for finding in new if finding not in same]
    for k in range(max(len(before), len(after))):
        yield Shift(before[k] if k < len(before) else None, after[k] if k < len(after) else None)
