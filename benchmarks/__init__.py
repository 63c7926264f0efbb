"""Measurements, side by side with what else one could do. Never run by the tests: a machine has good and bad days."""
