"""Celery: messages carry ids and are only hints; the row is the truth."""
