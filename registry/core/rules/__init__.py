"""The rule kinds: one small module each."""

from __future__ import annotations

from registry.core.rules.cover import CoverRule
from registry.core.rules.reserved_space import ReservedSpaceRule
from registry.core.rules.separation import SeparationRule

Rule = SeparationRule | CoverRule | ReservedSpaceRule
