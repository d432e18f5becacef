"""To which parts of an application a rule applies."""

from __future__ import annotations

from collections.abc import Iterable

from registry.core.case import Case
from registry.core.model import Application, GroundLevel, Part, Reservation, Zone
from registry.core.policy import Applies, RuleHeader, Ruleset, Situation
from registry.core.relations import Relied
from registry.core.zones import meeting_zone, zones_of


def asked_parts(header: RuleHeader, case: Case, relied: Relied) -> tuple[Part, ...]:
    """The parts a rule is put to, in canonical order.

    Where a part may lie in an area, or may not, for want of exactness or a size, the rule applies, and where the
    application does not say when it was filed: to know less does not free it of one.
    """
    applies = header.applies
    if applies is None:
        return case.parts
    if not _to_application(applies, case):
        return ()
    return tuple(part for part in case.parts if _to_part(applies, case, relied, part))


def _to_application(applies: Applies, case: Case) -> bool:
    filed = case.application.filed_on
    if applies.regimes and case.application.regime not in applies.regimes:
        return False
    if filed is None:
        return True
    return (applies.filed_from is None or filed >= applies.filed_from) and (
        applies.filed_until is None or filed < applies.filed_until
    )


def _to_part(applies: Applies, case: Case, relied: Relied, part: Part) -> bool:
    if applies.themes and part.theme not in applies.themes:
        return False
    if applies.object_kinds and part.object_kind not in applies.object_kinds:
        return False
    if applies.situation is not None and applies.situation not in situations(case, relied, part):
        return False
    if not applies.areas:
        return True
    return any(meeting_zone(case, part, zone, any_depth=True) for zone in zones_of(case, "area", applies.areas))


def holds_for(
    header: RuleHeader,
    reservation: Reservation,
    objects: Iterable[GroundLevel | Zone],
    ruleset: Ruleset,
    used: set[tuple[str, str]] | None = None,
) -> bool:
    """Whether a rule would apply to what a reservation is for; what of ``objects`` told so is added to ``used``."""
    if header.applies is None:
        return True
    asked = Application("", reservation.holder or "", "permit", (as_part(reservation),))
    case = Case.of(asked, objects, ruleset)
    found = bool(asked_parts(header, case, Relied()))
    if used is not None:
        used |= case.used
    return found


def as_part(reservation: Reservation) -> Part:
    """A reservation as though it were applied for."""
    return Part(
        reservation.id,
        reservation.theme,
        reservation.object_kind,
        reservation.geometry,
        reservation.holder,
        reservation.uncertainty,
        reservation.temporary,
        reservation.name,
    )


def situations(case: Case, relied: Relied, part: Part) -> tuple[Situation, ...]:
    """``existing`` for a part that replaces an asset, as was verified; else ``new_build``. Of one that replaces only
    what stays in the ground, is of another theme, is not there yet or lies out of reach it is both: a claim that moves
    nothing out of the way frees it of no rule."""
    replaced = relied.replaced.get(part.id, ())
    if not replaced:
        return ("new_build",)
    gives_place = any(
        asset.theme == part.theme
        and asset.status != "projected"
        and asset.id in relied.gone
        and case.within_reach_of(part, asset)
        for asset in replaced
    )
    return ("existing",) if gives_place else ("existing", "new_build")
