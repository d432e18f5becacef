"""Text and files to and from plain data and core values."""
