"""An example district, and the flagship story played on it."""
