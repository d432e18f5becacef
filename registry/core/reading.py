"""Reading plain data strictly: every fault is collected with its path, none stops the reading.

A ``Node`` is one entry of plain data. Its reading methods return the value, or after a fault a stand-in of the right
type, so that reading goes on and all faults are told at once; whoever reads ends with ``Problems.refuse``. What was
read is also the canonical document: see ``Node.document``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from difflib import get_close_matches
from typing import Final, TypeVar

from registry.core.canonical import canonical_json
from registry.core.errors import Code, Problem, Refused, shown
from registry.core.tree import Items, Leaf, Tree

#: After this many faults reading stops.
MAX_PROBLEMS: Final = 100
#: Longer lengths than this are mistakes of unit, mm.
MAX_LENGTH: Final = 10_000_000

_ABSENT: Final = object()
_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")
_WORD = re.compile(r"[a-z0-9][a-z0-9_-]{0,59}")
_VERSION = re.compile(r"(0|[1-9][0-9]{0,8})(\.(0|[1-9][0-9]{0,8})){2}")
_QUANTITY = re.compile(r"(-?)(0|[1-9][0-9]{0,8})(?:\.([0-9]+))?(?: ?([A-Za-zµ°][A-Za-z0-9µ°²³/]*))?")
_TO_MM: Final = {
    **dict.fromkeys(("m", "meter", "meters", "metre", "metres"), 1000),
    "mm": 1,
    "cm": 10,
    "dm": 100,
    "km": 1_000_000,
}

#: What other than lengths and angles is measured in: the unit as it is written, its decimals, an example, the unit in
#: words, and what an integer of it in the canonical document stands for.
_MEASURED: Final[dict[str, tuple[str, int, str, str, str]]] = {
    "temperature": ("degC", 3, "70 degC", "degrees Celsius", "0.001 degC"),
    "discharge": ("l/s", 3, "25 l/s", "litres a second", "ml/s"),
    "storage": ("m3", 3, "60 m3", "cubic metres", "l"),
    "area": ("m2", 2, "500 m2", "square metres", "dm2"),
    "rate": ("mm/year", 3, "5 mm/year", "millimetres a year", "0.001 mm/year"),
    "months": ("months", 0, "60 months", "months", "month"),
    "years": ("years", 0, "50 years", "years", "year"),
    "days": ("days", 0, "90 days", "days", "day"),
}
#: Of these, with how many decimals an integer of the canonical document is written in its unit.
UNITS_WRITTEN: Final = {what: decimals for what, (_unit, decimals, *_) in _MEASURED.items()}
#: Larger numbers than this, as they are written, are mistakes of unit.
_MOST: Final = 10_000_000

_DEGREES: Final = ("deg", "degree", "degrees", "graad", "graden", "°")

Path = tuple[str | int, ...]
Choice = TypeVar("Choice", bound=str)


def dotted(path: Path) -> str:
    """A path as it stands in ``Problem.field``: ``rules[0].cells[2].parallel.ch``."""
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{shown(step, 60)}"
    return text.removeprefix(".")


def metres(millimetres: int) -> str:
    """A length as it is written in a ruleset: ``1.00 m``, ``0.315 m``."""
    whole, rest = divmod(abs(millimetres), 1000)
    digits = f"{rest:03d}"
    return f"{'-' if millimetres < 0 else ''}{whole}.{digits[:2] if digits.endswith('0') else digits} m"


def written(what: str, value: int) -> str:
    """A number as it is written in a ruleset: ``what`` is ``length`` (mm), ``angle`` (thousandths of a degree),
    ``count`` or what ``Node.measured`` reads."""
    if what == "length":
        return metres(value)
    if what == "count":
        return str(value)
    unit, decimals = ("deg", 3) if what == "angle" else _MEASURED[what][:2]
    whole, rest = divmod(abs(value), 10**decimals)
    digits = str(rest).rjust(decimals, "0").rstrip("0") if decimals else ""
    return f"{'-' if value < 0 else ''}{whole}{'.' + digits if digits else ''} {unit}"


@dataclass(slots=True)
class Problems:
    """The faults found so far in one input. ``units``: what was measured in it besides lengths and angles, and what an
    integer of each stands for."""

    found: list[Problem] = field(default_factory=list)
    units: dict[str, str] = field(default_factory=dict)

    def add(self, problem: Problem) -> None:
        self.found.append(problem)
        if len(self.found) >= MAX_PROBLEMS:
            self.refuse()

    def refuse(self) -> None:
        """Raise ``Refused`` with all faults found, if there are any."""
        if self.found:
            raise Refused(self.found)


class Node:
    """One entry of plain data at ``path``.

    ``as_text`` says how lengths and angles stand there: as text with their unit (``1.00 m``, ``30 deg``: a ruleset
    as people write it) or as integers (mm, thousandths of a degree: the canonical document).
    """

    __slots__ = ("_children", "_ordered", "_plain", "as_text", "path", "problems", "sort", "sound", "value")

    def __init__(self, value: object, problems: Problems, as_text: bool, path: Path = ()) -> None:
        self.value, self.problems, self.as_text, self.path = value, problems, as_text, path
        #: False once a fault was found in this very entry (not in the entries below it).
        self.sound = value is not _ABSENT
        self._plain: object = value
        self._children: dict[str, Node] | list[Node] | None = None
        self._ordered = False
        #: What was read here, as ``tree.Leaf`` has it.
        self.sort = ""

    def fault(self, detail: str, remedy: str, code: Code = "invalid_ruleset", at: str = "") -> None:
        """Note a fault here, or in the missing or unknown entry ``at``. A missing entry has only the one fault."""
        if self.value is _ABSENT:
            return
        if not at:
            self.sound = False
        simple = isinstance(self.value, (dict, list)) or at
        path = (*self.path, at) if at else self.path
        self.problems.add(Problem(code, detail, remedy, dotted(path), "" if simple else shown(self.value)))

    def wanted(self, what: str) -> None:
        """Say of an entry that is missing what to write for it; of one that is there nothing."""
        if self.value is _ABSENT:
            field, told = dotted(self.path), f"Add {self.path[-1]}." if self.path else ""
            for index, problem in enumerate(self.problems.found):
                if (problem.field, problem.code, problem.remedy) == (field, "missing", told):
                    self.problems.found[index] = replace(problem, remedy=f"Add {self.path[-1]}: {what}.")

    def entries(self, required: Sequence[str], optional: Sequence[str] = ()) -> dict[str, Node]:
        """A mapping's entries: a node for each required key, and for those of the optional keys that are there."""
        given = self.value
        keys = required or optional
        self.wanted(f"a group with {', '.join(keys)}")
        if not isinstance(given, dict):
            self.fault("this must be a group of entries", f"Give the entries {', '.join(keys)}.", "wrong_type")
            return {key: self._child(_ABSENT, key) for key in required}
        for key in given:
            if key not in required and key not in optional:
                open_keys = [name for name in (*required, *optional) if name not in given]
                remedy = _did_you_mean(key, open_keys, "") or f"Entries here are: {', '.join((*required, *optional))}."
                self.fault(f"there is no entry {shown(key)} here", remedy, "unknown_property", str(key))
        for key in required:
            if key not in given:
                self.fault(f"the entry {key} is missing", f"Add {key}.", "missing", key)
        names = [*required, *(key for key in optional if key in given)]
        children = {key: self._child(given.get(key, _ABSENT), key) for key in names}
        self._children = children
        return children

    def named(self) -> dict[str, Node]:
        """A mapping from ids to entries, such as the sources."""
        if not isinstance(self.value, dict):
            self.fault("this must be a group of entries with ids", "Write `some-id:` and its entries.", "wrong_type")
            return {}
        children = {}
        for key, value in self.value.items():
            child = children[key] = self._child(value, key)
            if not isinstance(key, str) or not _ID.fullmatch(key):
                child.fault("this is not an id", _ID_REMEDY)
        self._children = children
        return children

    def items(self, at_least: int = 0) -> list[Node]:
        """A list's items. Their order carries no meaning: the document has them sorted."""
        self.wanted("a list, which may be empty: []" if not at_least else f"a list of at least {at_least}")
        if not isinstance(self.value, list):
            self.fault("this must be a list", "Write each item on a line after `- `, or between [ ].", "wrong_type")
            return []
        if len(self.value) < at_least:
            self.fault("the list has too few items", f"Give at least {at_least}.", "missing")
        children = [self._child(item, index) for index, item in enumerate(self.value)]
        self._children = children
        return children

    def in_order(self, at_least: int = 0) -> list[Node]:
        """A list's items where their order carries meaning, as of points along a line: the document keeps it."""
        self._ordered = True
        return self.items(at_least)

    def text(self, limit: int = 2000) -> str:
        """Text that is not empty."""
        if not isinstance(self.value, str):
            self.fault("this must be text", "Write text; quote it if it looks like a number.", "wrong_type")
            return ""
        if not self.value.strip():
            self.fault("this is empty", "Write the text, or leave the entry out if it may be missing.", "missing")
        if len(self.value) > limit:
            self.fault(f"this is longer than {limit} characters", "Shorten it.", "too_large")
        return self.value

    def id(self) -> str:
        text = self.text()
        if self.sound and not _ID.fullmatch(text):
            self.fault("this is not an id", _ID_REMEDY)
        return text

    def word(self) -> str:
        """A word as zones have for their value: as an id, and it may have underscores."""
        text = self.text()
        self.sort = "word"
        if self.sound and not _WORD.fullmatch(text):
            self.fault("this is not a word", "Use 1 to 60 lower-case letters, digits, hyphens and underscores.")
        return text

    def version(self) -> str:
        """A version of three numbers, such as ``1.0.0``."""
        self.wanted("three numbers, as 1.0.0")
        if not isinstance(self.value, str) or not _VERSION.fullmatch(self.value):
            self.fault("a version has three numbers", "Write it as 1.0.0.")
        return str(self.value)

    def link(self) -> str:
        text = self.text()
        self.sort = "link"
        if self.sound and not re.fullmatch(r"https?://[^\s<>\"]+", text):
            self.fault("this is not a web address", "Write the whole address, from https:// on.")
        return text

    def date(self) -> str:
        self.wanted("a date, as 2027-01-31")
        self.sort = "date"
        text = self.value if isinstance(self.value, str) else ""
        try:
            if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
                raise ValueError
            date.fromisoformat(text)
        except ValueError:
            self.fault("this is not a date of the calendar", "Write year-month-day, as 2027-01-31.")
        return text

    def choice(self, options: Sequence[Choice], what: str) -> Choice:
        """One of ``options``, of which there is at least one; ``what`` names the choice in messages."""
        self.wanted(f"one of {', '.join(options)}")
        self.sort = what
        for option in options:
            if option == self.value:
                return option
        self.unknown(self.value, options, what)
        return options[0]

    def flag(self) -> bool:
        """``true`` or ``false``."""
        self.wanted("true or false")
        if not isinstance(self.value, bool):
            self.fault("this must be true or false", "Write true or false.", "wrong_type")
        return self.value is True

    def unknown(self, given: object, options: Sequence[str], what: str) -> None:
        """Note that ``given``, which stands here, is none of the options."""
        if not isinstance(given, str):
            self.fault(f"this must be a {what}, as text", _did_you_mean("", options, "It is one of"), "wrong_type")
            return
        self.fault(f"there is no {what} {shown(given)}", _did_you_mean(given, options, "It is one of"), "not_allowed")

    def length(self, least: int = 0) -> int:
        """A length in mm, at least ``least``."""
        self.wanted("a length with its unit, as 1.00 m")
        self.sort = "length"
        value = self._quantity("m", 3, "1.00 m", "metres")
        if self.sound and value < least:
            self.fault(f"this is less than {metres(least)}", f"Write {metres(least)} or more.", "out_of_range")
        if self.sound and value > MAX_LENGTH:
            self.fault(f"this is more than {metres(MAX_LENGTH)}", "Write metres.", "out_of_range")
        return value

    def angle(self, above: int, below: int) -> int:
        """An angle in thousandths of a degree, strictly between ``above`` and ``below``."""
        self.wanted(f"an angle of more than {above // 1000} and less than {below // 1000} deg, as 30 deg")
        self.sort = "angle"
        value = self._quantity("deg", 3, "30 deg", "degrees")
        if self.sound and not above < value < below:
            limits = f"more than {above // 1000} and less than {below // 1000} deg"
            self.fault(f"this angle is not {limits}", f"Write {limits}.", "out_of_range")
        return value

    def measured(self, what: str, least: int = 0) -> int:
        """A temperature (0.001 °C), discharge (ml/s), storage (l), area (dm²), rate (0.001 mm a year), or whole months,
        years or days, at least ``least`` of these."""
        unit, decimals, example, words, counted = _MEASURED[what]
        self.wanted(f"a number of {words} with its unit, as {example}")
        self.sort = what
        value = self._quantity(unit, decimals, example, words)
        self.problems.units[what] = counted
        if self.sound and value < least:
            self.fault(f"this is less than {least // 10**decimals} {unit}", f"Write {example}.", "out_of_range")
        if self.sound and value > _MOST * 10**decimals:
            self.fault(f"this is more than {_MOST} {unit}", f"Write {words}, as {example}.", "out_of_range")
        return value

    def whole(self, least: int = 0) -> int:
        """A whole number of things, without a unit."""
        self.wanted("a whole number")
        if type(self.value) is not int:
            self.fault("this must be a whole number", "Write digits only, without a unit.", "wrong_type")
            return least
        if self.value < least:
            self.fault(f"this is less than {least}", f"Write {least} or more.", "out_of_range")
        return self.value

    def document(self) -> object:
        """The canonical plain data of what was read here: mm and millidegrees as integers, lists sorted that
        were not read ``in_order``."""
        if isinstance(self._children, dict):
            return {key: child.document() for key, child in self._children.items() if child.value is not _ABSENT}
        if isinstance(self._children, list):
            documents = [child.document() for child in self._children]
            return documents if self._ordered else sorted(documents, key=canonical_json)
        return self._plain

    def tree(self) -> Tree:
        """The document of what was read here, with what each value is."""
        if isinstance(self._children, dict):
            return {key: child.tree() for key, child in self._children.items() if child.value is not _ABSENT}
        if isinstance(self._children, list):
            if self._ordered:
                return Items(tuple(child.tree() for child in self._children), True)
            children = sorted(self._children, key=lambda child: canonical_json(child.document()))
            return Items(tuple(child.tree() for child in children))
        return Leaf(self._plain, self.sort)

    def _child(self, value: object, step: str | int) -> Node:
        return Node(value, self.problems, self.as_text, (*self.path, step))

    def _quantity(self, unit: str, decimals: int, example: str, name: str) -> int:
        if not self.as_text:
            if type(self.value) is int:
                return self.value
            self.fault(f"this must be a whole number of thousandths of {name}", "Write an integer.", "wrong_type")
            return 0
        given = str(self.value).strip()
        read = _QUANTITY.fullmatch(given)
        if not read and re.fullmatch(r"-?[0-9]+,[0-9]+( ?[A-Za-z]+)?", given):
            pointed = _QUANTITY.fullmatch(given.replace(",", "."))
            meant = pointed[0] if pointed is not None and pointed[4] else f"{given.replace(',', '.')} {unit}"
            if pointed is not None and pointed[4] and unit == "m":
                meant = _converted(pointed)
            self.fault("the decimal sign is a point", f"Write {meant or example}.", "wrong_type")
        elif not read or isinstance(self.value, bool):
            self.fault(f"this must be a number of {name} with its unit", f"Write it as {example}.", "wrong_type")
        elif not isinstance(self.value, str) or read[4] is None:
            self.fault("the unit is left out", f"Write {_as_written(read, decimals)} {unit}.", "wrong_type")
        elif read[4] != unit:
            meant = _converted(read) if unit == "m" else ""
            if unit == "deg" and read[4].lower() in _DEGREES:
                meant = f"{given.removesuffix(read[4]).strip()} deg"
            self.fault(f"the unit is {unit}, not {shown(read[4])}", f"Write {meant or example}.", "wrong_type")
        elif len(read[3] or "") > decimals:
            self.fault(f"this has more than {decimals} decimals", f"Write at most {decimals} decimals.", "out_of_range")
        else:
            value = int(f"{read[1]}{read[2]}{(read[3] or '').ljust(decimals, '0')}")
            self._plain = value
            return value
        return 0


_ID_REMEDY: Final = "Use 1 to 60 lower-case letters, digits and hyphens, beginning with a letter or digit."


def _as_written(read: re.Match[str], decimals: int) -> str:
    return f"{read[1]}{read[2]}.{(read[3] or '')[:decimals].ljust(2, '0')}" if decimals else read[0]


def _converted(read: re.Match[str]) -> str:
    factor = _TO_MM.get(read[4].lower())
    if factor is None:
        return ""
    digits = read[3] or ""
    value, rest = divmod(int(read[2] + digits) * factor, 10 ** len(digits))
    return "" if rest else read[1] + metres(value)


def _did_you_mean(given: object, options: Sequence[str], otherwise: str) -> str:
    """The option that was probably meant, and all of them after the words ``otherwise`` (empty: not told)."""
    near = get_close_matches(given, options, n=1) if isinstance(given, str) and len(given) <= 60 else []
    guess = f"Did you mean {near[0]}? " if near else ""
    return (guess + (f"{otherwise}: {', '.join(options)}." if otherwise else "")).strip()
