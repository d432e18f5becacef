"""The underground space reservation registry."""

__version__ = "0.1.0"
