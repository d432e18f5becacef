"""How much is missing, in the few words that a list of findings has room for: also of what is no distance."""

from __future__ import annotations

from dataclasses import replace

from registry.core.findings import Quantity
from registry.web.told import amounts
from tests.formats.test_sentences import CROSSING

DISCHARGE = replace(CROSSING, missing=None, short=Quantity(20_500, "ml_per_s"))


def test_what_is_no_distance_tells_by_how_much_it_fails() -> None:
    assert list(amounts(DISCHARGE, "nl")) == ["scheelt 20,5 l/s"]
    assert list(amounts(DISCHARGE, "en")) == ["off by 20.5 l/s"]
    assert list(amounts(replace(DISCHARGE, certainty="possible"), "en")) == ["perhaps off by 20.5 l/s"]


def test_a_plain_count_and_what_is_undetermined_do_not() -> None:
    assert list(amounts(replace(DISCHARGE, short=Quantity(1, "count")), "nl")) == []
    assert list(amounts(replace(DISCHARGE, certainty="undetermined", lacking=("own_discharge",)), "nl")) == [
        "Onbekend: het debiet van het onderdeel"
    ]
