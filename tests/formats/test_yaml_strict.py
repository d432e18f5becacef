"""Strict YAML: what is read as what, and what is refused, where and with which remedy."""

from __future__ import annotations

import time
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from registry.core.errors import Problem, Refused
from registry.formats.yaml_strict import MAX_BYTES, MAX_DEPTH, MAX_PROBLEMS, MAX_VALUES, load_yaml


def problems(source: str | Path) -> list[Problem]:
    with pytest.raises(Refused) as refusal:
        load_yaml(source, "file.yaml", "invalid_mapping")
    return refusal.value.problems


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("text", "text"),
        ("1.0.0", "1.0.0"),
        ("1.00 m", "1.00 m"),
        ("2027-01-01", "2027-01-01"),
        ("12", 12),
        ("-7", -7),
        ("0", 0),
        ("0.10", Decimal("0.10")),
        ("-999.0", Decimal("-999.0")),
        ("true", True),
        ("false", False),
        ("null", None),
        ("~", None),
        ("", None),
        ("'no'", "no"),
        ('"0123"', "0123"),
        ('"12"', "12"),
        ('"a\\tb"', "a\tb"),
        ("north", "north"),
        ("1e", "1e"),
        ("nan", "nan"),
        ("10:99:999", "10:99:999"),
        ("http://a.nl:80/x", "http://a.nl:80/x"),
        ("[a, [1, {b: c}]]", ["a", [1, {"b": "c"}]]),
        ("|\n  two\n  lines\n", "two\nlines\n"),
        (">-\n  one\n  line\n", "one line"),
    ],
)
def test_what_is_read_as_what(text: str, value: object) -> None:
    data = load_yaml(f"key: {text}").data
    assert data == {"key": value}
    assert isinstance(data, dict)
    assert type(data["key"]) is type(value)


def test_places_of_values_and_keys() -> None:
    document = load_yaml("# first\na: 1\nb:\n  - x\n  - {c: y,\n     d: z}\n")
    assert document.values[("a",)] == (2, 4)
    assert document.keys[("a",)] == (2, 1)
    assert document.values[("b", 0)] == (4, 5)
    assert document.values[("b", 1, "d")] == (6, 9)
    assert document.keys[("b", 1, "d")] == (6, 6)


@pytest.mark.parametrize(
    ("text", "line", "column", "code", "detail", "remedy"),
    [
        ("a: 1\nb: no\n", 2, 4, "invalid_mapping", "true or false", "Quote it"),
        ("b: [On]\n", 1, 5, "invalid_mapping", "true or false", "Quote it"),
        ("b: YES\n", 1, 4, "invalid_mapping", "true or false", "Quote it"),
        ("off: 1\n", 1, 1, "invalid_mapping", "true or false", "Quote it"),
        ("b: True\n", 1, 4, "invalid_mapping", "lower case", "true or false"),
        ("b: NULL\n", 1, 4, "invalid_mapping", "null", "Write null"),
        ("b: 0123\n", 1, 4, "invalid_mapping", "octal", "quote it"),
        ("b: 0o17\n", 1, 4, "invalid_mapping", "octal", "quote it"),
        ("b: 0x1F\n", 1, 4, "invalid_mapping", "decimal", "quote it"),
        ("b: 1_000\n", 1, 4, "invalid_mapping", "underscores", "1200"),
        ("b: 1e3\n", 1, 4, "invalid_mapping", "exponent", "1200"),
        ("b: .5\n", 1, 4, "invalid_mapping", "both sides", "0.5"),
        ("b: +5\n", 1, 4, "invalid_mapping", "sign", "1200"),
        (f"b: {'9' * 5000}\n", 1, 4, "invalid_mapping", "18 digits", "1200"),
        ("b: .nan\n", 1, 4, "invalid_mapping", "not a number", "quote it"),
        ("b: -.INF\n", 1, 4, "invalid_mapping", "not a number", "quote it"),
        ("b: 12:30\n", 1, 4, "invalid_mapping", "base 60", "Quote it"),
        ("b: 1:20:30.5\n", 1, 4, "invalid_mapping", "base 60", "Quote it"),
        ("b: !!python/object:os.system x\n", 1, 4, "invalid_mapping", "tag", "Remove the tag"),
        ("b: !!str 1\n", 1, 4, "invalid_mapping", "tag", "Remove the tag"),
        ("b: ! 1\n", 1, 4, "invalid_mapping", "tag", "Remove the tag"),
        ("b: !mine [1]\n", 1, 4, "invalid_mapping", "tag", "Remove the tag"),
        ("b: &x 1\n", 1, 4, "invalid_mapping", "anchor", "write each value out"),
        ("b: *x\n", 1, 4, "invalid_mapping", "alias", "Write the value out"),
        ("<<: {a: 1}\n", 1, 1, "invalid_mapping", "merge key", "Write the entries out"),
        ("a: 1\nb: 2\n'a': 3\n", 3, 1, "duplicate_key", "twice", "line 1"),
        ("a: {b: 1, b: 1}\n", 1, 11, "duplicate_key", "twice", "line 1"),
        ("1: a\n", 1, 1, "invalid_mapping", "key must be text", "Quote it"),
        ("true: a\n", 1, 1, "invalid_mapping", "key must be text", "Quote it"),
        (": a\n", 1, 1, "invalid_mapping", "key must be text", "Quote it"),
        ("? [a]\n: b\n", 1, 3, "invalid_mapping", "key must be text", "quote it"),
        ("a: 1\n---\nb: 2\n", 2, 1, "invalid_mapping", "more than one document", "Remove"),
        ("%YAML 1.1\n---\na: 1\n", 2, 1, "invalid_mapping", "directive", "Remove"),
        ("", 1, 1, "invalid_mapping", "empty", "content"),
        ("# only a comment\n", 1, 1, "invalid_mapping", "empty", "content"),
        ("a: 1\n\tb: 2\n", 2, 1, "invalid_text", "tab", "spaces"),
        ("a: b\x00\n", 1, 5, "invalid_text", "U+0000", "Remove it"),
        ("a: b\u2028c\n", 1, 5, "invalid_text", "U+2028", "Remove it"),
        ("a: b\ud800\n", 1, 5, "invalid_text", "U+D800", "Remove it"),
        ('a: "\\ud800"\n', 1, 4, "invalid_text", "U+D800", "Remove it"),
        ('a: "\\0"\n', 1, 4, "invalid_text", "U+0000", "Remove it"),
        ('a: "\\U00110000"\n', 1, 1, "invalid_mapping", "well-formed", "quotes"),
        ("a: [1\nb: 2\n", 2, 2, "invalid_mapping", "well-formed", "brackets"),
        ("a: 'x\n", 2, 1, "invalid_mapping", "well-formed", "quotes"),
        ("a: 1\n  b: 2\n", 2, 4, "invalid_mapping", "well-formed", "indentation"),
        ("a: `x`\n", 1, 4, "invalid_mapping", "well-formed", "quotes"),
    ],
)
def test_refused_with_place_and_remedy(text: str, line: int, column: int, code: str, detail: str, remedy: str) -> None:
    (problem,) = problems(text)
    assert (problem.line, problem.column, problem.code) == (line, column, code)
    assert detail in problem.detail
    assert remedy in problem.remedy
    assert problem.file == "file.yaml"


def test_all_faults_at_once() -> None:
    found = problems("a: no\nb: 0123\na: !x 1\nc: &y 2\nd: *y\n")
    assert [problem.line for problem in found] == [1, 2, 3, 3, 4, 5]


def test_many_faults_end_the_reading() -> None:
    assert len(problems("- no\n" * 5000)) == MAX_PROBLEMS


def _bomb() -> str:
    levels = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    levels += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]" for i in range(1, 30)]
    return "\n".join(levels)


def _tree(depth: int) -> str:
    return "\n".join("  " * level + "a:" for level in range(depth - 1)) + " 1"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (_bomb(), "invalid_mapping"),
        (_tree(MAX_DEPTH + 2), "too_deep"),
        ("[" * 200_000, "too_deep"),
        ("{" * 200_000, "too_deep"),
        ("- " * 100_000, "too_deep"),
        ("? " * 100_000, "too_deep"),
        ("a: [" + "{}," * 80_000 + "]", "too_complex"),
        ("a: " + "1_" * 100_000 + "x: y", "invalid_mapping"),
        ("a: '" + "x" * 250_000, "invalid_mapping"),
        ("a: " + "x" * MAX_BYTES, "too_large"),
        ("a: " + "é" * (MAX_BYTES // 2), "too_large"),
    ],
    ids=[
        "alias bomb",
        "tree",
        "brackets",
        "braces",
        "dashes",
        "question marks",
        "values",
        "underscores",
        "open quote",
        "large",
        "large in bytes",
    ],
)
def test_hostile_files_are_refused_soon(text: str, code: str) -> None:
    begun = time.process_time()
    found = problems(text)
    assert time.process_time() - begun < 2
    assert code in {problem.code for problem in found}


def test_just_within_the_limits() -> None:
    assert load_yaml(_tree(MAX_DEPTH + 1)).data
    assert load_yaml("a: [" + "b," * (MAX_VALUES - 3) + "b]").data
    assert load_yaml("a: " + "x" * (MAX_BYTES - 3)).data


def test_files(tmp_path: Path) -> None:
    file = tmp_path / "rules.yaml"
    file.write_bytes("\ufeffa: é\r\nb: 1\r\n".encode())
    document = load_yaml(file)
    assert document.data == {"a": "é", "b": 1}
    assert document.values[("b",)] == (2, 4)
    assert document.name == str(file)

    file.write_bytes("a: é\nb: é".encode() + b"\xff\n")
    (problem,) = problems(file)
    assert (problem.code, problem.line, problem.column, problem.value) == ("invalid_text", 2, 5, "byte 0xFF")

    file.write_bytes("a: 1".encode("utf-16"))
    assert problems(file)[0].code == "invalid_text"
    file.write_bytes(b"a" * (MAX_BYTES + 1))
    assert problems(file)[0].code == "too_large"
    assert problems(tmp_path)[0].code == "unreadable"
    assert problems(tmp_path / "absent.yaml")[0].code == "unreadable"


@given(st.text(alphabet=st.sampled_from("ab:-?[]{},&*!|>%@`'\"#~<=0123456789._+ \n\té\u2028\\x"), max_size=60))
@example("- - ? - : &a *a")
@example("{? : }")
def test_any_text_is_read_or_refused_and_never_more(text: str) -> None:
    try:
        data = load_yaml(text).data
    except Refused as refusal:
        assert all(problem.line and problem.column and problem.remedy for problem in refusal.problems)  # noqa: PT017
        return
    assert _is_plain(data)


def _is_plain(data: object) -> bool:
    if isinstance(data, dict):
        return all(type(key) is str and _is_plain(item) for key, item in data.items())
    if isinstance(data, list):
        return all(_is_plain(item) for item in data)
    return data is None or type(data) in (str, int, bool, Decimal)
