"""Strict JSON: text to plain data, and plain data back to text, with nothing guessed and nothing lost.

Numbers with a fraction or exponent are ``Decimal``, so that no millimetre is lost to binary fractions. What other
readers let pass (NaN, duplicate keys, lone surrogates) or fall over (deep nesting, endless integers) is refused
with line and column.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from itertools import accumulate
from typing import Final, NoReturn

from registry.core.errors import Code, Problem, Refused, shown

MAX_DEPTH: Final = 32
#: Longest number, in characters; no length, level or year comes near it.
MAX_NUMBER_LENGTH: Final = 64
#: Largest power of ten, either way; beyond it other readers see infinity or zero.
MAX_EXPONENT: Final = 300

# Possessive, so that hostile text costs one pass; the closing quote is optional, so that an unfinished string
# is one token too.
_TOKEN: Final = re.compile(r'"(?:[^"\\]++|\\.)*+"?|[\[\]{}]|[-+0-9A-Za-z.]++', re.DOTALL)
_STRING: Final = re.compile(r'"(?:[^"\\]++|\\.)*+"?', re.DOTALL)
#: A string or a brace; whether the string is a key, what follows it tells. No group that is repeated possessively holds
#: a look ahead: Python 3.11.2 then passes over what it should not.
_STRING_OR_BRACE: Final = re.compile(r'"(?:[^"\\]++|\\.)*+"|[{}]', re.DOTALL)
_COLON: Final = re.compile(r"[ \t\r\n]*+:")
#: In a text without any of this no number is doubtful.
_DOUBTFUL_NUMBER: Final = re.compile(rf"[0-9.][eE]|NaN|Infinity|[-+0-9.]{{{MAX_NUMBER_LENGTH + 1}}}")
#: Apart these are found, or found missing, faster than together.
_DOUBTFUL_NUMBERS: Final = tuple(re.compile(one) for one in _DOUBTFUL_NUMBER.pattern.split("|"))
_WORD: Final = re.compile(r"[-+0-9A-Za-z.]++")
_NO_BREAK: Final = re.compile(r"[^\[\]{}]++")
_DOUBTFUL_ESCAPE: Final = re.compile(r"\\u(?:0000|[dD][89a-fA-F])")
_REPEATED: Final[tuple[Code, str, str]] = (
    "duplicate_key",
    "the same key twice in one object",
    "Keep one of the two.",
)
_BREAKS: Final = {"[": 1, "{": 1, "]": -1, "}": -1}


class _DoubtError(Exception):
    """A value was met that strict JSON does not let in; where it stands is found afterwards."""


def load_json(source: str | bytes, file: str, *, limit_bytes: int, max_depth: int = MAX_DEPTH) -> object:
    """The data in a JSON text: dict, list, str, int, ``Decimal``, bool and ``None``.

    ``file`` is the name shown in problems. Raises ``Refused`` with the first fault: a text that is no JSON cannot be
    searched for more.
    """
    text = _decoded(source, file, limit_bytes)
    _require_shallow(text, file, max_depth)
    if _DOUBTFUL_ESCAPE.search(text):
        _require_clean_strings(text, file)
    try:
        data: object = json.loads(
            text, parse_float=_decimal, parse_int=_integer, parse_constant=_constant, object_pairs_hook=_members
        )
    except json.JSONDecodeError as error:
        _refuse_syntax(text, file, error)
    except _DoubtError:
        _refuse_doubt(text, file)
    return data


def dump_json(value: object) -> str:
    """``value`` as one line of JSON; a ``Decimal`` keeps its digits. Raises ``TypeError`` for anything else."""
    if value is None or isinstance(value, (bool, int, str)):
        text = json.dumps(value, ensure_ascii=False)
        if text.isprintable():
            return text
        # What has no sign of its own could change how the rest reads: it is escaped, which says the same.
        return "".join(sign if sign.isprintable() else json.dumps(sign)[1:-1] for sign in text)
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(dump_json(item) for item in value) + "]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{dump_json(str(key))}: {dump_json(item)}" for key, item in value.items()) + "}"
    raise TypeError(f"JSON here has no {type(value).__name__}")


def refuse_size(size: int, limit_bytes: int, file: str) -> NoReturn:
    """Refuse a file of ``size`` bytes where ``limit_bytes`` are allowed."""
    detail, remedy = f"larger than the {limit_bytes:,} bytes allowed", "Split it into smaller files."
    raise Refused(Problem("too_large", detail, remedy, value=f"{size:,} bytes", file=file))


def _decoded(source: str | bytes, file: str, limit_bytes: int) -> str:
    if isinstance(source, bytes) and len(source) > limit_bytes:
        refuse_size(len(source), limit_bytes, file)
    try:
        text, size = (
            (source, len(source.encode("utf-8"))) if isinstance(source, str) else (source.decode("utf-8"), len(source))
        )
    except UnicodeDecodeError as error:
        before = error.object[: error.start].decode("utf-8")
        found = f"byte 0x{error.object[error.start]:02x}"
        _refuse("invalid_text", "not UTF-8", "Save it as UTF-8.", before, len(before), file, found)
    except UnicodeEncodeError as error:
        _refuse("invalid_text", "half a surrogate pair", "Write the whole character.", error.object, error.start, file)
    if text.startswith("\ufeff"):
        _refuse(
            "invalid_text", "starts with a byte order mark", "Save it as UTF-8 without BOM.", text, 0, file, "U+FEFF"
        )
    if size > limit_bytes:
        refuse_size(size, limit_bytes, file)
    return text


def _require_shallow(text: str, file: str, max_depth: int) -> None:
    if text.count("[") + text.count("{") <= max_depth:
        return
    outside = "".join(text.split('"')[::2]) if "\\" not in text else _STRING.sub("", text)
    breaks = _NO_BREAK.sub("", outside)
    if max(accumulate(map(_BREAKS.__getitem__, breaks)), default=0) <= max_depth:
        return
    depth = 0
    for token in _TOKEN.finditer(text):
        depth += _BREAKS.get(token.group(), 0)
        if depth > max_depth:
            _refuse(
                "too_deep",
                f"nested more than {max_depth} deep",
                "The format needs no such nesting; write it as documented.",
                text,
                token.start(),
                file,
                f"depth {depth}",
            )


def _require_clean_strings(text: str, file: str) -> None:
    for start, token in _strings(text):
        value = _string(token)
        if value is None:
            return  # unfinished or badly escaped: the parser says so better
        fault = ""
        if "\x00" in value:
            fault = "the character NUL"
        elif any("\ud800" <= character <= "\udfff" for character in value):
            fault = "half a surrogate pair"
        if fault:
            _refuse("invalid_text", f"text with {fault}", "Leave that character out.", text, start, file, token)


def _decimal(literal: str) -> Decimal:
    if len(literal) > MAX_NUMBER_LENGTH:
        raise _DoubtError
    try:
        value = Decimal(literal)
    except InvalidOperation:
        raise _DoubtError from None
    if value and abs(value.adjusted()) > MAX_EXPONENT:
        raise _DoubtError
    return value


def _integer(literal: str) -> int:
    if len(literal) > MAX_NUMBER_LENGTH:
        raise _DoubtError
    return int(literal)


def _constant(_literal: str) -> NoReturn:
    raise _DoubtError


def _members(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise _DoubtError
    return members


def _refuse_syntax(text: str, file: str, error: json.JSONDecodeError) -> NoReturn:
    if error.msg.startswith("Unterminated string") or not text[error.pos :].strip():
        detail = "empty" if not text.strip() else "the text stops in the middle"
        remedy = "It seems truncated: send or copy the whole of it."
    else:
        detail, remedy = f"not JSON: {error.msg}", "Write it as JSON (RFC 8259)."
    _refuse("invalid_json", detail, remedy, text, error.pos, file, text[error.pos : error.pos + 20])


def _refuse_doubt(text: str, file: str) -> NoReturn:
    """Find what ``_DoubtError`` was raised about: the first doubtful number or repeated key in the text."""
    number = _first_doubtful_number(text)
    repeated = _first_repeated_key(text, len(text) if number is None else number[0])
    if repeated is not None:
        _refuse(*_REPEATED, text, repeated[0], file, repeated[1])
    if number is not None:
        _refuse(*number[2], text, number[0], file, number[1])
    raise AssertionError("the parser met a doubtful value that the scan did not find")


def _first_doubtful_number(text: str) -> tuple[int, str, tuple[Code, str, str]] | None:
    """Where it stands, what it is and what is wrong with it."""
    if not any(pattern.search(text) for pattern in _DOUBTFUL_NUMBERS):
        return None
    if "\\" in text:
        outside = _STRING.sub(lambda match: " " * len(match[0]), text)
    else:
        between = text.split('"')
        between[1::2] = [" " * len(string) for string in between[1::2]]
        outside = " ".join(between)
    for doubtful in _DOUBTFUL_NUMBER.finditer(outside):
        start = doubtful.start()
        while start and _WORD.match(outside[start - 1]):
            start -= 1
        word = _WORD.match(outside, start)
        assert word is not None
        fault = _doubt_about(word[0])
        if fault is not None:
            return start, word[0], fault
    return None


def _first_repeated_key(text: str, end: int) -> tuple[int, str] | None:
    """The position and text of the first key that its object has already, before ``end``."""
    around: list[set[str]] = []
    keys: set[str] = set()
    for match in _STRING_OR_BRACE.finditer(text, 0, end):
        found = match[0]
        if found == "{":
            around.append(keys)
            keys = set()
        elif found == "}":
            keys = around.pop()
        elif _COLON.match(text, match.end(), end):
            key = found[1:-1] if "\\" not in found else _string(found)
            if key in keys:
                return match.start(), found
            if key is not None:
                keys.add(key)
    return None


def _doubt_about(number: str) -> tuple[Code, str, str] | None:
    if number in ("NaN", "Infinity", "-Infinity"):
        return "invalid_json", f"{number} is not a number", "Write a number, or null where unknown is allowed."
    try:
        _integer(number) if number.lstrip("-").isdigit() else _decimal(number)
    except _DoubtError:
        return "invalid_json", "a number that is too long, too large or too small", "Write it in metres, to the mm."
    return None


def _strings(text: str) -> Iterator[tuple[int, str]]:
    for token in _TOKEN.finditer(text):
        if token.group()[0] == '"':
            yield token.start(), token.group()


def _string(token: str) -> str | None:
    try:
        value = json.loads(token)
    except json.JSONDecodeError:
        return None
    return str(value)


def _refuse(code: Code, detail: str, remedy: str, text: str, position: int, file: str, value: str = "") -> NoReturn:
    line = text.count("\n", 0, position) + 1
    column = position - (text.rfind("\n", 0, position) + 1) + 1
    raise Refused(Problem(code, detail, remedy, value=shown(value), file=file, line=line, column=column))
