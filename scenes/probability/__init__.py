"""Scenes of the probability and statistics explainers."""
