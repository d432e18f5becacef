"""A verdict with everything it rests on, in one file; and its verification.

``verify`` recomputes the verdict from the bundle, byte for byte. Where an object was withheld (only its identity is
given), or where it was judged in another version of judging than this registry has, nothing can be recomputed; then it
proves that nothing was changed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from registry.core.canonical import sha256
from registry.core.errors import Problem, Refused
from registry.core.model import Application, Object, content_sha256
from registry.core.policy import Ruleset
from registry.core.ruleset import ruleset_from_document
from registry.core.verdict import JUDGEMENT, Verdict, judge
from registry.formats.exchange import Exchange, read_exchange, write_exchange
from registry.formats.files import read_limited
from registry.formats.json_strict import dump_json, load_json

FORMAT: Final = "verdict-bundle/1"
_KEYS: Final = ("format", "verdict", "sha256", "ruleset", "inputs", "withheld")
_MAX_BYTES: Final = 200_000_000


@dataclass(frozen=True, slots=True)
class Verification:
    """What verifying a bundle showed. ``differences`` is empty when it holds; ``recomputed`` is ``None`` when objects
    were withheld, or where it was judged in another version of judging than this one: ``judgement``."""

    differences: tuple[str, ...]
    recomputed: Verdict | None
    stated_sha256: str
    application: Application
    ruleset: Ruleset
    withheld: int = field(default=0)
    judgement: int | None = None


def write_bundle(application: Application, ruleset: Ruleset, verdict: Verdict) -> str:
    """The bundle of a verdict, as JSON text."""
    inputs = write_exchange(Exchange(application, verdict.basis)).strip()
    members = {
        "format": dump_json(FORMAT),
        "verdict": dump_json(verdict.document),
        "sha256": dump_json(verdict.sha256),
        "ruleset": dump_json(ruleset.document),
        "withheld": "[]",
        "inputs": inputs,
    }
    return "{" + ",\n".join(f'"{name}":{text.strip()}' for name, text in members.items()) + "}\n"


def verify_bundle(source: Path | bytes, name: str = "") -> Verification:
    """Verify a bundle. Raises ``Refused`` when it cannot be read as one."""
    file = name or (str(source) if isinstance(source, Path) else "")
    data = load_json(_bytes(source, file), file, limit_bytes=_MAX_BYTES, max_depth=40)
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise _refused(file, "format", f"this is not a bundle of a verdict (format {FORMAT})")
    missing = [key for key in _KEYS if key not in data] or sorted(set(data) - set(_KEYS))
    if missing:
        raise _refused(file, missing[0], "a bundle has exactly the members " + ", ".join(_KEYS))
    exchange = read_exchange(dump_json(data["inputs"]).encode(), f"{file} inputs")
    if exchange.application is None:
        raise _refused(file, "inputs.application", "the application is missing")
    try:
        ruleset = ruleset_from_document(data["ruleset"])
    except Refused as refused:
        raise refused.at(file=f"{file} ruleset") from None
    withheld, document = data["withheld"], data["verdict"]
    if not isinstance(document, dict) or not isinstance(withheld, list):
        raise _refused(file, "verdict", "the verdict is an object, and withheld a list of [kind, id, sha256]")
    if len(_entries(withheld)) != len(withheld):
        raise _refused(file, "withheld", "withheld is a list of [kind, id, sha256], each object once")
    differences = _integrity(document, str(data["sha256"]), exchange.application, exchange.objects, ruleset, withheld)
    verdict: Verdict | None = None
    judgement = document.get("judgement")
    other = judgement if type(judgement) is int and judgement != JUDGEMENT and judgement > 0 else None
    if not withheld and other is None:
        verdict = judge(exchange.application, exchange.objects, ruleset)
        differences += _recomputed(document, verdict)
        if not differences and verdict.sha256 != data["sha256"]:
            differences.append(f"recomputed, the verdict's sha256 is {verdict.sha256}")
    return Verification(
        tuple(differences), verdict, str(data["sha256"]), exchange.application, ruleset, len(withheld), other
    )


def _bytes(source: Path | bytes, file: str) -> bytes:
    if isinstance(source, bytes):
        return source
    return read_limited(source, _MAX_BYTES, file)


def _refused(file: str, where: str, detail: str) -> Refused:
    remedy = "Give a file written by `registry check --bundle`, unchanged."
    return Refused(Problem("invalid_bundle", detail, remedy, file=file, field=where))


def _integrity(
    document: dict[str, object],
    stated: str,
    application: Application,
    objects: tuple[Object, ...],
    ruleset: Ruleset,
    withheld: list[object],
) -> list[str]:
    """What in the inputs is not what the verdict says it rests on."""
    differences = []
    try:
        actual = sha256(document)
    except TypeError:
        return ["the verdict holds something no verdict holds (a fraction)"]
    if actual != stated:
        differences.append(f"the verdict was changed: its sha256 is {actual}, the bundle says {stated}")
    if document.get("application") != {"id": application.id, "sha256": content_sha256(application)}:
        differences.append(f"application {application.id} is not the one that was judged")
    identity = {"id": ruleset.id, "version": ruleset.version, "sha256": ruleset.sha256}
    if document.get("ruleset") != identity:
        differences.append(f"ruleset {ruleset.id} {ruleset.version} is not the one that was judged by")
    basis = document.get("basis")
    told = _entries(basis)
    given: dict[tuple[str, str], str] = {(item.kind, item.id): content_sha256(item) for item in objects}
    for key, stated_identity in _entries(withheld).items():
        if key in given:
            differences.append(f"{key[0]} {key[1]} is both given and withheld")
        given.setdefault(key, stated_identity)
    for key in sorted({*told, *given}):
        if key not in given:
            differences.append(f"{key[0]} {key[1]} is missing from the bundle")
        elif key not in told:
            differences.append(f"{key[0]} {key[1]} is in the bundle but not in the basis of the verdict")
        elif told[key] != given[key]:
            differences.append(f"{key[0]} {key[1]} is not what it was: its sha256 differs")
    return differences


def _entries(items: object) -> dict[tuple[str, str], str]:
    """The [kind, id, sha256] entries of a list; anything else is left out, and so found missing."""
    found: dict[tuple[str, str], str] = {}
    for item in items if isinstance(items, list) else []:
        if isinstance(item, list) and len(item) == 3 and all(isinstance(value, str) for value in item):
            found[item[0], item[1]] = item[2]
    return found


def _recomputed(document: dict[str, object], verdict: Verdict) -> list[str]:
    """Which members of the verdict come out otherwise."""
    differences = []
    for name in sorted({*document, *verdict.document}):
        if document.get(name) != verdict.document.get(name):
            stated, found = document.get(name), verdict.document.get(name)
            detail = f": {stated} was stated, {found} found" if name == "outcome" else ""
            differences.append(f"recomputed, the verdict has other {name}{detail}")
    return differences
