"""In Dutch what is wrong with what is said of the life of a reservation, and what to do; see ``problems_nl``."""

from __future__ import annotations

from typing import Final

DETAILS: Final = (
    ("what was granted over it follows from decisions", "waar eroverheen is verleend volgt uit besluiten"),
    ("who goes first is told, and decides no outcome", "wie voorgaat wordt gemeld, en bepaalt geen uitkomst"),
    ("that a day has passed is told, and decides no outcome", "dat een dag voorbij is wordt gemeld, en bepaalt geen "
     "uitkomst"),
    ("no reservation has this: it is of applications", "dit heeft een reservering niet: het hoort bij aanvragen"),
    ("it says of no strength how long it lives", "er staat van geen enkele hardheid hoe lang zij blijft"),
    ("it is not later than the first, {a} days before the end", "dit is niet later dan de eerste keer, {a} dagen vóór "
     "het einde"),
    ("the shortest life, {a} months, would begin with it", "de kortste termijn, {a} maanden, zou ermee beginnen"),
    ("this would lengthen its life", "hiermee zou zij langer blijven"),
    ("it is to be looked over within {a} months: by {b}", "zij moet binnen {a} maanden worden herzien: uiterlijk op "
     "{b}"),
    ("it was extended {a} times already, as often as it may be", "zij is al {a} keer verlengd, zo vaak als mag"),
    ("a reservation of strength {a} lives {b} months at a time", "een reservering van hardheid {a} blijft {b} maanden "
     "per keer"),
)  # fmt: skip

REMEDIES: Final = (
    ("Leave it out.", "Laat het weg."),
    ("Limit the rule by themes, object_kinds or areas.", "Beperk de regel met themes, object_kinds of areas."),
    ("Write how long one of strength {a} lives, as 60 months.", "Schrijf hoe lang een reservering van hardheid {a} "
     "blijft, zoals 60 months."),
    ("Write less than {a} days.", "Schrijf minder dan {a} days."),
    ("Give {a} or earlier, and extend it for more.", "Geef {a} of eerder, en verleng haar voor meer."),
    ("Give {a} or earlier as the end.", "Geef {a} of eerder als einde."),
    ("Give {a} or earlier.", "Geef {a} of eerder."),
    ("Release it, or file it anew.", "Geef haar vrij, of dien haar opnieuw in."),
)  # fmt: skip
