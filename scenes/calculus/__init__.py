"""Scenes of the calculus and optimisation explainers."""
