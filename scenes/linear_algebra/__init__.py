"""Scenes of the linear-algebra explainers."""
