"""The schema of the register, the same scripts for both engines."""
