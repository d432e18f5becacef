"""What the canonical document keeps of lists."""

from __future__ import annotations

import pytest

from registry.core.errors import Refused
from registry.core.reading import Node, Problems


def test_a_list_read_in_order_keeps_it_in_the_document_and_another_does_not() -> None:
    node = Node({"line": ["2.000 m", "1.00 m"], "set": ["2.000 m", "1.00 m"]}, Problems(), as_text=True)
    given = node.entries(("line", "set"))
    assert [item.length() for item in given["line"].in_order()] == [2000, 1000]
    assert [item.length() for item in given["set"].items()] == [2000, 1000]
    assert node.document() == {"line": [2000, 1000], "set": [1000, 2000]}


def test_a_list_read_in_order_may_have_a_least_number_of_items() -> None:
    problems = Problems()
    Node({"line": ["a"]}, problems, as_text=True).entries(("line",))["line"].in_order(at_least=2)
    with pytest.raises(Refused, match="too few"):
        problems.refuse()


def test_a_group_without_required_entries_is_told_by_what_it_may_have() -> None:
    problems = Problems()
    Node("x", problems, as_text=True).entries((), ("xy", "z"))
    assert [problem.remedy for problem in problems.found] == ["Give the entries xy, z."]
