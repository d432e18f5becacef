"""Who does something: named by the token or the page's session, never by what they send."""

from registry.core.actors import ROLES, Actor, Role

__all__ = ["ROLES", "Actor", "Role"]
