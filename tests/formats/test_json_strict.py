"""Strict JSON: exact numbers, and everything doubtful refused with its place."""

from __future__ import annotations

import json
import random
import re
from decimal import Decimal

import pytest

from registry.core.errors import Problem, Refused
from registry.formats.json_strict import dump_json, load_json


def refusal(source: str | bytes, limit_bytes: int = 1_000_000) -> Problem:
    with pytest.raises(Refused) as caught:
        load_json(source, "given.json", limit_bytes=limit_bytes)
    (problem,) = caught.value.problems
    assert problem.file == "given.json"
    assert problem.detail
    assert problem.remedy
    return problem


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1", 1),
        ("-0", 0),
        ("1.10", Decimal("1.10")),
        ("1e2", Decimal("1E+2")),
        ("0.1000000000000000000000000000000000001", Decimal("0.1000000000000000000000000000000000001")),
        ('{"a": [true, false, null]}', {"a": [True, False, None]}),
        (r'"\u00e9 \ud83d\ude00 \\u0000"', "é 😀 \\u0000"),
        ("[" * 32 + "]" * 32, None),
        ('["' + "[" * 100 + '"]', ["[" * 100]),
        ('{"a": {"k": 1}, "b": {"k": 2}, "k": "k"}', {"a": {"k": 1}, "b": {"k": 2}, "k": "k"}),
    ],
)
def test_plain_data_comes_out_exactly(text: str, value: object) -> None:
    loaded = load_json(text, "given.json", limit_bytes=1_000)
    assert load_json(text.encode(), "given.json", limit_bytes=1_000) == loaded
    if value is not None:
        assert loaded == value
        assert type(loaded) is type(value)


@pytest.mark.parametrize(
    ("source", "code", "line", "column", "value"),
    [
        (b'{"a":\n [1, NaN]}', "invalid_json", 2, 6, "NaN"),
        (b"[Infinity]", "invalid_json", 1, 2, "Infinity"),
        (b"[-Infinity]", "invalid_json", 1, 2, "-Infinity"),
        (b'["NaN", 1e400]', "invalid_json", 1, 9, "1e400"),
        (b"[-1e400]", "invalid_json", 1, 2, "-1e400"),
        (b"[1e-400]", "invalid_json", 1, 2, "1e-400"),
        (b"[1e99999999999999999999999999]", "invalid_json", 1, 2, "1e99999999999999999999999999"),
        (b"[" + b"9" * 5_000 + b"]", "invalid_json", 1, 2, "9" * 59 + "…"),
        (b"[0." + b"1" * 5_000 + b"]", "invalid_json", 1, 2, "0." + "1" * 57 + "…"),
        (b'{"a": 1,\n "a": 2}', "duplicate_key", 2, 2, '"a"'),
        (rb'{"a": 1, "\u0061": 2}', "duplicate_key", 1, 10, r'"\u0061"'),
        (b'[{"a": 1}, {"b": "b", "c": [{"b": 1}], "b": 2}]', "duplicate_key", 1, 40, '"b"'),
        (b"[" * 200_000, "too_deep", 1, 33, "depth 33"),
        (b'{"a":' * 200_000, "too_deep", 1, 161, "depth 33"),
        (b"[" * 33 + b"]" * 33, "too_deep", 1, 33, "depth 33"),
        (rb'["ok", "a\u0000"]', "invalid_text", 1, 8, r'"a\u0000"'),
        (rb'{"\ud800": 1}', "invalid_text", 1, 2, r'"\ud800"'),
        (rb'["\udc00\ud800"]', "invalid_text", 1, 2, r'"\udc00\ud800"'),
        (b'["\n', "invalid_json", 1, 3, "<U+000A>"),
        (b'\n["\xc3\xa9\xff"]', "invalid_text", 2, 4, "byte 0xff"),
        (b"\x1f\x8b\x08", "invalid_text", 1, 2, "byte 0x8b"),
        (b"\xef\xbb\xbf[]", "invalid_text", 1, 1, "U+FEFF"),
        (b"", "invalid_json", 1, 1, ""),
        (b'{"a": [1, 2', "invalid_json", 1, 12, ""),
        (b'{"a":\n "blah', "invalid_json", 2, 2, '"blah'),
        (b"[1 2]", "invalid_json", 1, 4, "2]"),
        (b"[01]", "invalid_json", 1, 3, "1]"),
        (b"{'a': 1}", "invalid_json", 1, 2, "'a': 1}"),
        (b'{"a": 1} {}', "invalid_json", 1, 10, "{}"),
    ],
)
def test_doubtful_text_is_refused_with_its_place(source: bytes, code: str, line: int, column: int, value: str) -> None:
    problem = refusal(source)
    assert (problem.code, problem.line, problem.column) == (code, line, column)
    assert problem.value == value


def test_half_a_surrogate_in_text_given_as_text() -> None:
    assert refusal('["\ud800"]').code == "invalid_text"


def test_truncated_text_is_called_so() -> None:
    whole = '{"a": [1, {"b": "c"}], "d": null}'
    for length in range(1, len(whole)):
        problem = refusal(whole[:length])
        assert problem.code == "invalid_json", whole[:length]
        assert (problem.line or 0) == 1
        assert (problem.column or 0) <= length + 1


def test_size_is_counted_in_bytes() -> None:
    assert load_json('"é"', "given.json", limit_bytes=4) == "é"
    for source in ('"é"', '"é"'.encode()):
        problem = refusal(source, limit_bytes=3)
        assert (problem.code, problem.value) == ("too_large", "4 bytes")


def test_a_string_that_never_ends_costs_one_pass() -> None:
    # Quadratic scanning of these would take minutes; the test would not come back.
    assert refusal(b'["' + rb"\"" * 400_000 + b"[" * 100).code == "invalid_json"
    assert refusal(b'"' * 900_001 + b"[" * 40).code in {"invalid_json", "too_deep"}


def test_written_json_reads_back_the_same() -> None:
    value = {"a": [1, Decimal("-0.100"), None, True, 'x"\n\\é'], "b": {}, "c": [], "d": Decimal("1E+3")}
    text = dump_json(value)
    assert "-0.100" in text
    assert "1000" in text
    assert "\n" not in text
    assert load_json(text, "given.json", limit_bytes=1_000) == value
    with pytest.raises(TypeError, match="float"):
        dump_json([0.1])


_TOKEN = re.compile(r'"(?:[^"\\]++|\\.)*+"|[{}]|[-+0-9A-Za-z.]++', re.DOTALL)
_DOUBTFUL = ("NaN", "Infinity", "-Infinity", "1e400", "-1.5e-999", "9" * 65, "0." + "1" * 70)


def first_doubt(text: str) -> int | None:
    """Where the first doubtful number or repeated key stands: token by token."""
    seen: list[set[str]] = []
    for match in _TOKEN.finditer(text):
        token = match.group()
        if token == "{":
            seen.append(set())
        elif token == "}":
            seen.pop()
        elif token in _DOUBTFUL:
            return match.start()
        elif token[0] == '"' and text[match.end() :].lstrip()[:1] == ":":
            key = json.loads(token)
            if key in seen[-1]:
                return match.start()
            seen[-1].add(key)
    return None


def written(rng: random.Random, depth: int = 0) -> str:
    """Some JSON with now and then a doubtful number or a repeated key."""
    kind = rng.randrange(8 if depth < 4 else 5)
    if kind < 2:
        return rng.choice(['"a"', '"1e400"', r'"\"{NaN"', r'"\\"', '"b:"', '"}"', '""', '" :"'])
    if kind < 5:
        plain = ["1", "-0.5", "1e5", "2E-3", "true", "null", "10", "155000.123"]
        return rng.choice(_DOUBTFUL) if rng.random() < 0.04 else rng.choice(plain)
    items = [written(rng, depth + 1) for _ in range(rng.randrange(5))]
    space = rng.choice(["", " ", "\n\t"])
    if kind == 5:
        return "[" + f",{space}".join(items) + "]"
    names = [r'"\u0061"' if rng.random() < 0.05 else json.dumps(rng.choice("abcdefghij:{,")) for _ in items]
    return "{" + f",{space}".join(f"{name}{space}:{item}" for name, item in zip(names, items, strict=True)) + "}"


def test_the_first_doubt_is_told_wherever_it_stands() -> None:
    rng = random.Random("doubts")
    found = 0
    for _ in range(3000):
        text = written(rng)
        place = first_doubt(text)
        if place is None:
            load_json(text, "given.json", limit_bytes=10_000_000)
            continue
        problem = refusal(text, 10_000_000)
        line = text.count("\n", 0, place) + 1
        assert (problem.line, problem.column) == (line, place - text.rfind("\n", 0, place))
        found += 1
    assert found > 300
