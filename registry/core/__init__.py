"""The pure core: exact geometry, rules and verdicts. No clock, no randomness, no input or output."""
