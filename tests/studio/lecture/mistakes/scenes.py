"""Has a scene, but not the one that the lecture names."""

from manim import Scene


class Proof(Scene):
    """Empty."""
