"""The only SQL: objects, candidates, locks, changes, jobs."""
