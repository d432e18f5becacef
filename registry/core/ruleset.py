"""Rulesets: validated from plain data, and identified by the sha256 of their canonical document."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal

from registry.core.canonical import sha256
from registry.core.examples import read_examples
from registry.core.model import OBJECT_KINDS, THEMES
from registry.core.policy import SEVERITIES, AssumedDepth, AssumedSize, Ruleset
from registry.core.reading import Node, Problems, metres
from registry.core.rules import KINDS
from registry.core.rules.header import HEADER_KEYS, Surroundings, read_title
from registry.core.rules.kind import Rule
from registry.core.sources import read_sources
from registry.core.tree import Tree

#: What the integers of a canonical document stand for; what else it measures is added.
UNITS: Final = {"length": "mm", "angle": "0.001 deg"}

_JUDGED_BY: Final[tuple[Literal["filing_date", "decision_date"], ...]] = ("filing_date", "decision_date")
_PARTS: Final = ("ruleset", "sources", "rules")
_HEAD: Final = (
    "id",
    "version",
    "title",
    "municipality",
    "effective_from",
    "judged_by",
    "reach",
    "joint_radius",
    "ground_level_within",
    "not_worsened",
    "assumed_depths",
)


def read_ruleset(plain: object) -> Ruleset:
    """The ruleset that ``plain`` (the YAML as plain data, lengths as ``1.00 m``) states.

    Raises ``Refused`` with every fault; ``Problem.field`` is its path, such as ``rules[0].cells[2].parallel.ch``.
    """
    return _read(Node(plain, Problems(), as_text=True), _PARTS)


def ruleset_from_document(document: object) -> Ruleset:
    """The ruleset of a canonical document (``Ruleset.document``, say from a bundle), validated again.

    Its ``sha256`` is that of the ruleset the document was made from. Raises ``Refused`` as ``read_ruleset`` does.
    """
    return _read(Node(document, Problems(), as_text=False), (*_PARTS, "units"))


def ruleset_tree(ruleset: Ruleset) -> dict[str, Tree]:
    """The ruleset's canonical document with what each of its values is."""
    node = Node(ruleset.document, Problems(), as_text=False)
    _read(node, (*_PARTS, "units"))
    tree = node.tree()
    assert isinstance(tree, dict)
    return tree


def _read(node: Node, parts: tuple[str, ...]) -> Ruleset:
    given = node.entries(parts, ("examples",))
    head = given["ruleset"].entries(_HEAD, ("source", "assumed_sizes"))
    sources = read_sources(given["sources"])
    reach = head["reach"].length()
    surroundings = Surroundings(
        sources=[source.id for source in sources],
        separations=_separation_ids(given["rules"].value),
        reach=reach if head["reach"].sound else None,
    )
    assumed_depths = _read_assumed_depths(head["assumed_depths"], surroundings)
    assumed_sizes = _read_assumed_sizes(head["assumed_sizes"], surroundings) if "assumed_sizes" in head else ()
    source = surroundings.source(head["source"]) if "source" in head else None
    rules = _read_rules(given["rules"], surroundings)
    if given["rules"].sound and not surroundings.separations:
        given["rules"].fault("there is no separation rule", "Add a rule of kind separation.", "missing")
    _refuse_limited(given["rules"], rules)
    _refuse_uncited(given["sources"], surroundings)
    examples = read_examples(given["examples"], _rule_ids(given["rules"].value)) if "examples" in given else ()
    title_nl, title_en = read_title(head["title"])
    read = {
        "id": head["id"].id(),
        "version": head["version"].version(),
        "municipality": head["municipality"].text(),
        "effective_from": head["effective_from"].date(),
    }
    judged_by = head["judged_by"].choice(_JUDGED_BY, "date to judge by")
    joint_radius = head["joint_radius"].length()
    ground_level_within = head["ground_level_within"].length()
    not_worsened = head["not_worsened"].choice(SEVERITIES, "severity")
    units = UNITS | node.problems.units
    if "units" in given and given["units"].sound and given["units"].value != units:
        given["units"].fault("these are not the units of this ruleset document", f"They are {units}.", "not_allowed")
    node.problems.refuse()
    document = _document(node, units)
    return Ruleset(
        title_nl=title_nl,
        title_en=title_en,
        judged_by=judged_by,
        reach=reach,
        joint_radius=joint_radius,
        ground_level_within=ground_level_within,
        not_worsened=not_worsened,
        assumed_depths=assumed_depths,
        sources=sources,
        rules=rules,
        sha256=sha256(document),
        document=document,
        source=source,
        assumed_sizes=assumed_sizes,
        examples=examples,
        **read,
    )


def _document(node: Node, units: dict[str, str]) -> dict[str, object]:
    """The canonical document: lengths and angles as integers, nothing depending on the order in the file."""
    document = node.document()
    assert isinstance(document, dict)
    document["rules"] = sorted(document["rules"], key=lambda rule: str(rule["id"]))
    document["units"] = dict(units)
    return document


def _read_assumed_depths(node: Node, surroundings: Surroundings) -> tuple[AssumedDepth, ...]:
    depths: dict[str, AssumedDepth] = {}
    for item in node.items():
        given = item.entries(("theme", "cover", "source"))
        theme = given["theme"].choice(THEMES, "theme")
        cover = given["cover"].entries(("from", "to"))
        cover_from, cover_to = cover["from"].length(), cover["to"].length()
        if cover["from"].sound and cover["to"].sound and cover_to < cover_from:
            detail = f"the range ends before it begins, at {metres(cover_from)}"
            cover["to"].fault(detail, f"Write {metres(cover_from)} or more.", "out_of_range")
        if theme in depths and given["theme"].sound:
            given["theme"].fault("this theme already has an assumed depth", "Keep one of the two.", "duplicate_id")
        depths.setdefault(theme, AssumedDepth(theme, cover_from, cover_to, surroundings.source(given["source"])))
    return tuple(depths[theme] for theme in sorted(depths))


def _read_assumed_sizes(node: Node, surroundings: Surroundings) -> tuple[AssumedSize, ...]:
    sizes: dict[tuple[str, str], AssumedSize] = {}
    for item in node.items():
        given = item.entries(("theme", "object_kind", "at_most", "source"))
        theme = given["theme"].choice(THEMES, "theme")
        object_kind = given["object_kind"].choice(OBJECT_KINDS, "object kind")
        at_most, reach = given["at_most"].length(), surroundings.reach
        if given["at_most"].sound and reach is not None and at_most > reach:
            detail = f"what is wider than the ruleset's reach of {metres(reach)} is not looked for"
            given["at_most"].fault(detail, f"Write at least {metres(at_most)} as ruleset.reach.", "out_of_range")
        if (theme, object_kind) in sizes and given["theme"].sound and given["object_kind"].sound:
            item.fault("these already have an assumed size", "Keep one of the two.", "duplicate_id")
        assumed = AssumedSize(theme, object_kind, at_most, surroundings.source(given["source"]))
        sizes.setdefault((theme, object_kind), assumed)
    return tuple(sizes[key] for key in sorted(sizes))


def _read_rules(node: Node, surroundings: Surroundings) -> tuple[Rule, ...]:
    rules: dict[str, Rule] = {}
    for item in node.items():
        kind = item.value.get("kind") if isinstance(item.value, dict) else None
        if not isinstance(kind, str) or kind not in KINDS:
            _refuse_kind(item)
            continue
        rule: Rule = KINDS[kind].read(item, surroundings)
        if rule.header.id in rules:
            detail = f"another rule has the id {rule.header.id}"
            item.fault(detail, "Give each rule an id of its own.", "duplicate_id", "id")
        rules.setdefault(rule.header.id, rule)
    return tuple(rules[name] for name in sorted(rules))


def _refuse_kind(item: Node) -> None:
    """A rule of no known kind is told so; what else it holds cannot be judged."""
    if not isinstance(item.value, dict):
        remedy = f"Give the entries {', '.join(HEADER_KEYS)} and those of its kind."
        item.fault("a rule must be a group of entries", remedy, "wrong_type")
        return
    known = [key for key in item.value if key != "kind"]
    item.entries(("kind",), known)["kind"].choice(tuple(KINDS), "rule kind")


def _refuse_limited(node: Node, rules: Sequence[Rule]) -> None:
    """Refuse rules of a kind that each apply to some parts only, where that leaves pairs that no rule looks at."""
    for kind in ("separation", "reserved_space"):
        alike = [rule for rule in rules if rule.kind == kind]
        if alike and all(rule.header.applies is not None for rule in alike):
            detail = f"every rule of kind {kind} is limited by applies"
            node.fault(detail, "Let one of them apply to everything: leave applies out there.")


def _separation_ids(rules: object) -> list[str]:
    """The ids of the separation rules, peeked at so that rules may stand in any order."""
    listed = rules if isinstance(rules, list) else []
    return _rule_ids([rule for rule in listed if isinstance(rule, dict) and rule.get("kind") == "separation"])


def _rule_ids(rules: object) -> list[str]:
    """The ids of rules, also of those in which there are faults."""
    listed = rules if isinstance(rules, list) else []
    ids = [rule.get("id") for rule in listed if isinstance(rule, dict)]
    return [name for name in ids if isinstance(name, str)]


def _refuse_uncited(sources: Node, surroundings: Surroundings) -> None:
    """Refuse sources no number rests on; not where a misspelt citation may have been meant for one."""
    if surroundings.cited <= set(surroundings.sources):
        for name in surroundings.sources:
            if name not in surroundings.cited:
                remedy = "Name it as the source of a number, or remove it."
                sources.fault(f"no number rests on the source {name}", remedy, "invalid_ruleset", name)
