"""Strict YAML: text to plain data with the place of every value, or refused with every fault found.

Plain data are ``str``, ``int``, ``Decimal``, ``bool``, ``None``, ``list`` and ``dict`` with text keys. What YAML would
silently read as something else (``no``, ``0123``, ``1:30``), what makes one text mean another thing elsewhere
(tags, anchors, merge keys, duplicate keys) and what makes a small file large (aliases) is refused, not read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import AliasEvent, DocumentStartEvent, MappingEndEvent, ScalarEvent, SequenceEndEvent
from ruamel.yaml.events import SequenceStartEvent as SequenceStart

from registry.core.errors import Code, Problem, Refused, shown
from registry.formats.files import read_limited

#: Parsing YAML in Python takes some 50 µs a value: these two keep the answer to any file within about a second.
MAX_BYTES: Final = 256_000
MAX_VALUES: Final = 10_000
MAX_DEPTH: Final = 32
#: After this many faults reading stops: who sees so many has given the wrong file.
MAX_PROBLEMS: Final = 50

Plain = str | int | Decimal | bool | None | list["Plain"] | dict[str, "Plain"]
PlainPath = tuple[str | int, ...]
Place = tuple[int, int]

_INTEGER = re.compile(r"-?(0|[1-9][0-9]{0,17})")
#: What may follow a comma that was meant as a decimal sign: digits, and a unit.
_DECIMALS = re.compile(r"[0-9]{1,6}( ?[A-Za-zµ°]+)?")
_DECIMAL = re.compile(r"-?(0|[1-9][0-9]{0,17})\.[0-9]{1,18}")
#: What some YAML reader or other takes for a truth value, a null or a number, and what to write instead.
_SURPRISES: Final = (
    (
        re.compile(r"(?i:yes|no|on|off)"),
        "some YAML readers take this for true or false",
        "quote it, or write true or false",
    ),
    (re.compile(r"(?i:true|false)"), "truth values are lower case here", "write true or false, or quote it"),
    (re.compile(r"(?i:null)"), "nothing is written null here", "write null, or quote it"),
    (
        re.compile(r"[-+]?0o?[0-9][0-9_]*"),
        "some YAML readers take this for an octal number",
        "leave the leading zero out, or quote it",
    ),
    (re.compile(r"[-+]?0[xXbB][0-9a-fA-F_]+"), "only decimal numbers are read", "write it in decimals, or quote it"),
    (re.compile(r"[-+]?\.(?i:inf|nan)"), "this is not a number", "write a number, or quote it"),
    (
        re.compile(r"[-+]?[0-9][0-9_]*(:[0-9]{1,2})+(\.[0-9]*)?"),
        "some YAML readers take this for a number in base 60",
        "quote it",
    ),
    (
        re.compile(r"[-+]?(\.[0-9]+|[0-9][0-9_]*(\.[0-9_]*)?)([eE][-+]?[0-9]+)?"),
        "a number is written in at most 18 digits, without sign +, exponent or underscores, with digits on both sides "
        "of the point",
        "write it as 1200 or 0.5, or quote it",
    ),
)
#: Tabs, control characters, and the line breaks that other programs do not count as lines.
_UNWANTED = re.compile("[\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class YamlDocument:
    """What a YAML text says, and where: line and column, from 1, of every value and of every key, by path."""

    name: str
    data: Plain
    values: dict[PlainPath, Place]
    keys: dict[PlainPath, Place]


def load_yaml(source: Path | str, name: str = "", code: Code = "invalid_text") -> YamlDocument:
    """The plain data of a YAML file (``Path``) or text (``str``).

    ``name`` is the file's name in messages; ``code`` is the code of faults that have none of their own.
    Raises ``Refused`` with every fault found, each with line and column.
    """
    name = name or (str(source) if isinstance(source, Path) else "")
    text = _read(source, name)
    for unwanted in _UNWANTED.finditer(text):
        line, column = _place_in(text, unwanted.start())
        what = "a tab" if unwanted[0] == "\t" else f"the character U+{ord(unwanted[0]):04X}"
        remedy = "Indent and separate with spaces" if unwanted[0] == "\t" else "Remove it"
        raise Refused(Problem("invalid_text", f"{what} is not allowed", f"{remedy}.", "", "", "", name, line, column))
    composer = _Composer(name, code, YAML(typ="safe", pure=True).parse(text))
    try:
        data = composer.document()
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        composer.found(place, f"this is not well-formed YAML: {shown(error.problem or error.context)}", _INDENTATION)
    except (YAMLError, ValueError) as error:  # ValueError: an escape beyond Unicode, which ruamel.yaml does not catch
        composer.found((1, 1), f"this is not well-formed YAML: {shown(error)}", _INDENTATION)
    if composer.problems:
        raise Refused(composer.problems)
    return YamlDocument(name, data, composer.values, composer.keys)


_INDENTATION: Final = "Look at the indentation, the quotes and the brackets just before this place."


def _read(source: Path | str, name: str) -> str:
    if isinstance(source, str):
        content = source.encode("utf-8", "surrogatepass")
    else:
        content = read_limited(source, MAX_BYTES, name)
    if len(content) > MAX_BYTES:
        remedy = "Give the YAML file itself, or split what it holds."
        raise Refused(Problem("too_large", f"the file is larger than {MAX_BYTES // 1000} kB", remedy, file=name))
    if isinstance(source, str):
        return source
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line, column = _place_in(content[: error.start].decode("utf-8"), None)
        value = f"byte 0x{content[error.start]:02X}"
        detail, remedy = "the text is not UTF-8", "Save it as UTF-8."
        raise Refused(Problem("invalid_text", detail, remedy, "", value, "", name, line, column)) from error


def _place_in(text: str, index: int | None) -> Place:
    before = text if index is None else text[:index]
    return before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1


class _Composer:
    """Parser events to plain data. Nothing is expanded or constructed: an alias is a fault where it stands."""

    def __init__(self, name: str, code: Code, events: Iterator[Any]) -> None:
        self.name, self.code, self.events = name, code, events
        self.problems: list[Problem] = []
        self.values: dict[PlainPath, Place] = {}
        self.keys: dict[PlainPath, Place] = {}
        self.read = 0
        #: The value just read, where it is a whole number.
        self.whole_number: Any = None

    def found(self, place: Place, detail: str, remedy: str, value: object = "", code: Code | None = None) -> None:
        line, column = place
        problem = Problem(code or self.code, detail, remedy, "", shown(value), "", self.name, line, column)
        self.problems.append(problem)
        if len(self.problems) >= MAX_PROBLEMS:
            raise Refused(self.problems)

    def document(self) -> Plain:
        data: Plain = None
        documents = 0
        for event in self.events:
            if not isinstance(event, DocumentStartEvent):
                continue
            documents += 1
            if event.version or event.tags:
                self.found(_place(event), "a directive is not allowed", "Remove the line that begins with %.")
            if documents > 1:
                remedy = "Remove the line --- and what follows it."
                self.found(_place(event), "the file holds more than one document", remedy)
                break
            data = self.node(next(self.events), ())
        if not documents:
            self.found((1, 1), "the file is empty", "Give a file with content.")
        return data

    def node(self, event: Any, path: PlainPath) -> Plain:
        self.read += 1
        if self.read > MAX_VALUES:
            self.found(_place(event), f"more than {MAX_VALUES} values", "Split the file.", code="too_complex")
            raise Refused(self.problems)
        self.values.setdefault(path, _place(event))
        if isinstance(event, AliasEvent):
            self.found(_place(event), "an alias is not allowed", "Write the value out.", f"*{event.anchor}")
            return None
        self.refuse_decoration(event)
        if isinstance(event, ScalarEvent):
            return self.scalar(event)
        if len(path) >= MAX_DEPTH:
            self.found(_place(event), f"nested deeper than {MAX_DEPTH} levels", "Nest less deeply.", code="too_deep")
            raise Refused(self.problems)
        if isinstance(event, SequenceStart):
            return self.sequence(path)
        return self.mapping(path)

    def sequence(self, path: PlainPath) -> Plain:
        items: list[Plain] = []
        for event in self.events:
            if isinstance(event, SequenceEndEvent):
                break
            items.append(self.node(event, (*path, len(items))))
        return items

    def mapping(self, path: PlainPath) -> Plain:
        entries: dict[str, Plain] = {}
        for event in self.events:
            if isinstance(event, MappingEndEvent):
                break
            if self.parted_by_comma(event):
                self.node(next(self.events), (*path, str(event.value)))
                continue
            key = self.key(event, path)
            if key in entries:
                first = self.keys[(*path, key)][0]
                remedy = f"Keep one of them; the first is on line {first}."
                self.found(_place(event), "the same key twice", remedy, key, "duplicate_key")
            inner = (*path, key)
            self.keys.setdefault(inner, _place(event))
            value = self.node(next(self.events), inner)
            entries.setdefault(key, value)
        return entries

    def parted_by_comma(self, event: Any) -> bool:
        """Whether what stands for a key are the decimals of the number before it: between braces a comma parts the two.

        A unit after them leaves no doubt; without one they follow the comma at once.
        """
        whole = self.whole_number
        if whole is None or not isinstance(event, ScalarEvent) or event.style is not None:
            return False
        decimals = _DECIMALS.fullmatch(str(event.value))
        apart = event.start_mark.index - whole.end_mark.index
        if decimals is None or event.start_mark.line != whole.end_mark.line or apart > (2 if decimals[1] else 1):
            return False
        written = f"{whole.value}.{decimals[0]}"
        detail = "the decimal sign is a point: after this comma another entry begins"
        self.found(_place(whole), detail, f"Use a point: {written}.", f"{whole.value},{decimals[0]}")
        return True

    def key(self, event: Any, path: PlainPath) -> str:
        if not isinstance(event, ScalarEvent):
            self.node(event, (*path, "?"))
            self.found(_place(event), "a key must be text", "Write the key as one word, or quote it.")
            return "?"
        if event.value == "<<" and event.style is None:
            self.found(_place(event), "a merge key is not allowed", "Write the entries out.", "<<")
            return "<<"
        faults = len(self.problems)
        self.refuse_decoration(event)
        value = self.scalar(event)
        if not isinstance(value, str) and len(self.problems) == faults:
            self.found(_place(event), "a key must be text", "Quote it.", event.value)
        return str(event.value)

    def scalar(self, event: Any) -> Plain:
        text = str(event.value)
        self.whole_number = None
        if event.style is not None:
            if unwanted := _UNWANTED.search(text.replace("\t", "")):
                detail = f"the character U+{ord(unwanted[0]):04X} is not allowed"
                self.found(_place(event), detail, "Remove it.", text, "invalid_text")
            return text
        if text in ("", "~", "null"):
            return None
        if text in ("true", "false"):
            return text == "true"
        if _INTEGER.fullmatch(text):
            self.whole_number = event
            return int(text)
        if _DECIMAL.fullmatch(text):
            return Decimal(text)
        for pattern, detail, remedy in _SURPRISES:
            if pattern.fullmatch(text):
                self.found(_place(event), detail, f"{remedy[0].upper()}{remedy[1:]}.", text)
                break
        return text

    def refuse_decoration(self, event: Any) -> None:
        if event.tag is not None:
            remedy = "Remove the tag; quote the value if it is text."
            self.found(_place(event), "a tag is not allowed", remedy, event.tag)
        if event.anchor is not None:
            remedy = "Remove it and write each value out."
            self.found(_place(event), "an anchor is not allowed", remedy, f"&{event.anchor}")


def _place(event: Any) -> Place:
    return event.start_mark.line + 1, event.start_mark.column + 1
