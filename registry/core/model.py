"""The values the core works on, as they were given: frozen, in integer millimetres, RD New x, y and NAP z.

These are inputs, not yet solids: a level may be of the axis, top, bottom or invert, and relative to NAP or to
ground level; ``solids`` turns them into canonical solids. Each value's ``content()`` is what its identity (the
sha256 in a verdict's basis) is taken over: all that was stated, nothing that was derived.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields, is_dataclass
from enum import Enum
from typing import Final, Literal, get_args

from registry.core.canonical import canonical_json, sha256

Point = tuple[int, int]

#: IMKL's themes, in IMKL's spelling, and after them those IMKL has no word for.
THEMES: Final = (
    "buisleidingGevaarlijkeInhoud",
    "datatransport",
    "gasHogeDruk",
    "gasLageDruk",
    "hoogspanning",
    "laagspanning",
    "landelijkHoogspanningsnet",
    "middenspanning",
    "overig",
    "petrochemie",
    "rioolOnderOverOfOnderdruk",
    "rioolVrijverval",
    "warmte",
    "water",
    "wees",
    "water_storage",
    "tree_roots",
    "soil_energy",
    "geothermal",
)

#: What an object is within its theme; a ruleset may give any of them its own row in the matrix.
OBJECT_KINDS: Final = ("line", "duct", "bored", "house_connection", "manhole", "chamber", "tank", "tree", "well")

#: Those that are no line: they stand at a place. What a line is called may not ask less of it.
STANDING: Final = ("manhole", "chamber", "tank", "tree", "well")

#: Types of surface a zone of type ``surface`` may have; what cover is asked may depend on it.
SURFACES: Final = ("carriageway", "footway", "cycle_path", "parking", "verge", "water")

STRENGTHS: Final = ("search_area", "option", "planned", "decided")
REGIMES: Final = ("permit", "telecom_consent", "notification", "emergency", "own_works")
RELATIONS: Final = ("replaces", "removes", "connects", "continues", "inside", "uses", "shares_trench")

Theme = str
ZoneType = Literal["surface", "area", "protected", "retain_water", "subsidence", "fresh_water"]
#: What a zone may be: of these but ``surface`` the ruleset says what their values are.
ZONE_TYPES: Final[tuple[ZoneType, ...]] = get_args(ZoneType)
Strength = Literal["search_area", "option", "planned", "decided"]
Regime = Literal["permit", "telecom_consent", "notification", "emergency", "own_works"]
RelationKind = Literal["replaces", "removes", "connects", "continues", "inside", "uses", "shares_trench"]
Kind = Literal["application", "part", "reservation", "asset", "ground_level", "zone", "works"]


class Open(Enum):
    """A bound of a volume or shaft that was left out: there is none, the object goes on without end."""

    UNBOUNDED = "unbounded"


#: A level in mm; ``None`` is unknown; ``Open.UNBOUNDED`` is no bound at all.
Bound = int | None | Open


@dataclass(frozen=True, slots=True)
class Size:
    """A cross-section as given, mm. ``measure`` says what ``width`` and ``height`` are sizes of.

    ``None`` is unknown. ``wall`` is the wall thickness, given with an inner size; inner without wall leaves the
    outer size unknown.
    """

    shape: Literal["round", "rectangular", "egg"]
    measure: Literal["outer", "casing", "inner"]
    width: int | None
    height: int | None
    wall: int | None = None


@dataclass(frozen=True, slots=True)
class Envelope:
    """The space asked for around an asset: width × height in mm, centred on the same axis, margins included."""

    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Line:
    """A corridor as given: plan vertices and one level (or ``None``, unknown) per vertex.

    Levels are of the envelope where there is one, else of the outer size (``invert``: always of the size's inner
    bottom). ``ground`` is the ground level (mm NAP) per vertex where the object itself states it.
    """

    vertices: tuple[Point, ...]
    levels: tuple[int | None, ...]
    level_of: Literal["axis", "top", "bottom", "invert"]
    level_reference: Literal["nap", "ground"]
    size: Size | None
    envelope: Envelope | None = None
    ground: tuple[int | None, ...] = ()


@dataclass(frozen=True, slots=True)
class Shaft:
    """A vertical corridor as given: a point, a size across, and bottom and top (with ``ground``: depth below)."""

    position: Point
    bottom: Bound
    top: Bound
    level_reference: Literal["nap", "ground"]
    size: Size | None
    ground: int | None = None


@dataclass(frozen=True, slots=True)
class Volume:
    """A footprint with holes, and bottom and top (with ``ground``: depth below). Rings are not repeated at the end."""

    outer: tuple[Point, ...]
    holes: tuple[tuple[Point, ...], ...]
    bottom: Bound
    top: Bound
    level_reference: Literal["nap", "ground"]
    ground: int | None = None


Geometry = Line | Shaft | Volume


@dataclass(frozen=True, slots=True)
class Period:
    """Half-open in time, ISO dates: from ``start`` up to, not including, ``end`` (``None``: without end)."""

    start: str | None
    end: str | None


@dataclass(frozen=True, slots=True)
class Uncertainty:
    """How far an object may lie from where it is said to lie, mm, sideways and vertically."""

    xy: int = 0
    z: int = 0


@dataclass(frozen=True, slots=True)
class Relation:
    """What a part says of another object. ``point`` (x, y, z or None) goes with ``connects``."""

    kind: RelationKind
    target_kind: Literal["asset", "reservation", "part", "works"]
    target: str
    point: tuple[int, int, int | None] | None = None
    left_in_ground: bool = False
    removal_date: str | None = None
    agreement: str | None = None


@dataclass(frozen=True, slots=True)
class Thing:
    """What reservations, assets, parts and works have in common: something that takes space.

    What it carries, where stated: the highest ``temperature`` of its contents (0.001 °C), the greatest ``discharge``
    (ml/s), the ``storage`` it offers (litres) and the ``surface_area`` it takes or frees at ground level (dm²).
    """

    id: str
    theme: Theme
    object_kind: str
    geometry: Geometry
    holder: str | None = None
    uncertainty: Uncertainty = Uncertainty()
    temporary: Period | None = None
    name: str | None = None
    temperature: int | None = None
    discharge: int | None = None
    storage: int | None = None
    surface_area: int | None = None


@dataclass(frozen=True, slots=True)
class Part(Thing):
    """A part of an application: one thing to be laid. Its holder is the applicant unless stated otherwise."""

    relations: tuple[Relation, ...] = ()
    kind: Literal["part"] = "part"


@dataclass(frozen=True, slots=True)
class Reservation(Thing):
    """A hold on space for a future asset.

    ``option_group`` names the plan, of those of its holder, of which it is one of several options. ``impaired_by`` are
    the decisions that granted works over it: the register keeps these, no holder states them.
    """

    strength: Strength = "planned"
    beneficiary: str | None = None
    period: Period | None = None
    review_date: str | None = None
    option_group: str | None = None
    shareable_with: tuple[Theme, ...] = ()
    legal_basis: str | None = None
    impaired_by: tuple[str, ...] = ()
    kind: Literal["reservation"] = "reservation"


@dataclass(frozen=True, slots=True)
class Asset(Thing):
    """Something that already lies there, with where its data come from."""

    status: Literal["functional", "projected", "disused"] = "functional"
    source: str | None = None
    as_of: str | None = None
    quality: str | None = None
    disclosure: Literal["public", "restricted", "secret"] = "public"
    contact: str | None = None
    removal_date: str | None = None
    notes: tuple[str, ...] = ()
    kind: Literal["asset"] = "asset"


@dataclass(frozen=True, slots=True)
class Works(Thing):
    """A part of another application, as this one sees it: granted and not yet built, or still asked for.

    ``works.works_of`` makes them; the holder is the other's applicant. Granted ones are in the way as assets are; what
    is open is a rival, which only advises.
    """

    application: str = field(kw_only=True)
    state: Literal["granted", "open"] = field(kw_only=True)
    works_start: str | None = None
    filed_on: str | None = None
    kind: Literal["works"] = "works"


@dataclass(frozen=True, slots=True)
class GroundLevel:
    """Ground level, mm NAP: a spot height (``position``) or an area (``outer``) on which it holds."""

    id: str
    level: int
    position: Point | None = None
    outer: tuple[Point, ...] = ()
    holes: tuple[tuple[Point, ...], ...] = ()
    basis: Literal["existing", "design"] = "existing"
    as_of: str | None = None
    source: str | None = None
    uncertainty: int = 0
    kind: Literal["ground_level"] = "ground_level"


@dataclass(frozen=True, slots=True)
class Zone:
    """An area to which something applies: a surface type (``value`` one of ``SURFACES``), or what a ruleset names.

    It holds between ``bottom`` and ``top`` (mm NAP; ``None``: without that bound). ``rate`` is by how much ground level
    sinks in a year, of a zone of type ``subsidence`` (thousandths of a mm).
    """

    id: str
    zone_type: ZoneType
    value: str
    outer: tuple[Point, ...]
    holes: tuple[tuple[Point, ...], ...] = ()
    source: str | None = None
    top: int | None = None
    bottom: int | None = None
    rate: int | None = None
    kind: Literal["zone"] = "zone"


@dataclass(frozen=True, slots=True)
class Consent:
    """A holder's agreement to what a relation claims, with the document that records it."""

    holder: str
    document: str


@dataclass(frozen=True, slots=True)
class Application:
    """A request for works: its parts, who asks, under which regime and from when."""

    id: str
    applicant: str
    regime: Regime
    parts: tuple[Part, ...]
    filed_on: str | None = None
    works_start: str | None = None
    title: str | None = None
    consents: tuple[Consent, ...] = ()
    kind: Literal["application"] = "application"


#: What an application meets that takes space.
Obstacle = Asset | Reservation | Works
Object = Reservation | Asset | GroundLevel | Zone | Works
Identified = Application | Part | Object


def kind_of(thing: Thing) -> str:
    """What a thing is: part, reservation, asset or works."""
    return thing.kind if isinstance(thing, (Part, Reservation, Asset, Works)) else ""


def is_rival(thing: Thing) -> bool:
    """Whether a thing is only asked for, by another application that is still open."""
    return isinstance(thing, Works) and thing.state == "open"


def content(value: object) -> object:
    """``value`` as plain data for canonical JSON: its fields by name; unset (``None`` or empty) fields left out.

    Parts and consents are sorted, so that the order in a file does not count; vertices keep theirs.
    """
    if isinstance(value, Open):
        return value.value
    if is_dataclass(value) and not isinstance(value, type):
        given = {f.name: content(getattr(value, f.name)) for f in fields(value)}
        for name in ("parts", "consents", "relations", "shareable_with", "impaired_by"):
            listed = given.get(name)
            if isinstance(listed, list):
                given[name] = sorted(listed, key=canonical_json)
        return {name: item for name, item in given.items() if item is not None and item != []}
    if isinstance(value, (tuple, list)):
        return [content(item) for item in value]
    return value


def content_sha256(value: Identified) -> str:
    """The identity of an object by what was stated of it."""
    return sha256(content(value))
