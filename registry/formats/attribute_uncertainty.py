"""How far an asset may lie from where the file says, out of its attributes or as the mapping states it."""

from __future__ import annotations

from registry.core.model import Uncertainty
from registry.formats.attributes import Row, in_metres, lies_in, number_from, number_of, text_of, upward
from registry.formats.conversion_report import Remarks
from registry.formats.mapping import UncertaintyFrom
from schemas.metres import UNCERTAINTY_RANGE


def read_uncertainty(
    xy: UncertaintyFrom | None, z: UncertaintyFrom | None, row: Row, remarks: Remarks
) -> Uncertainty:
    """The uncertainty sideways and vertically; what was assumed, or not known, stands in ``remarks``."""
    return Uncertainty(_read(xy, "sideways", row, remarks), _read(z, "in height", row, remarks))


def _read(rule: UncertaintyFrom | None, which: str, row: Row, remarks: Remarks) -> int:
    if rule is None:
        return 0
    known = _from_attribute(rule, which, row, remarks)
    if known is not None:
        return known
    if rule.length is None:
        remarks.flag(f"uncertainty {which} unknown, none counted")
        return 0
    remarks.assume(f"uncertainty {which} of {in_metres(rule.length)} m ({rule.source})")
    return rule.length


def _from_attribute(rule: UncertaintyFrom, which: str, row: Row, remarks: Remarks) -> int | None:
    if rule.number is None:
        return None
    value = row[rule.number.attribute]
    if number_of(value) is None and text_of(value) is not None:
        remarks.flag(f"uncertainty {which} is not a number, taken as unknown")
    number = number_from(rule.number, row)
    if number is None:
        return None
    length = upward(number)
    if lies_in(length, UNCERTAINTY_RANGE):
        return length
    outside = f"uncertainty {which} {length} mm is outside 0 to 100 m"
    remarks.flag(f"uncertainty {which} outside 0 to 100 m, taken as unknown", outside)
    return None
