"""The themes of the ordering of the underground: every verdict says of each whether it is touched."""

from __future__ import annotations

from typing import Final, Literal, get_args

Topic = Literal[
    "cables_and_pipes",
    "cloudbursts_and_drought",
    "urbanisation",
    "soil_and_green",
    "groundwater",
    "salinisation",
    "subsidence",
    "geothermal_and_soil_energy",
]
TOPICS: Final[tuple[Topic, ...]] = get_args(Topic)
