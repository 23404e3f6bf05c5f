"""Scenes that are another one each time, unless someone sees to it."""

import random

import numpy as np
from manim import BLUE, Circle, Create, Dot, Scene, Square, Star

START = [random.uniform(-4, 4), np.random.uniform(-2, 2), 0]


class Chance(Scene):
    """Takes from generators that nobody seeded."""

    def construct(self):
        self.add(Dot(START, radius=0.5))
        for _ in range(3):
            self.play(Create(Dot([random.uniform(-4, 4), np.random.uniform(-2, 2), 0], radius=1)), run_time=1)


class Unordered(Scene):
    """Walks through a set of strings, whose order is another one in each process."""

    def construct(self):
        shapes = {"star": Star(), "circle": Circle(), "square": Square(), "dot": Dot(radius=1)}
        for name in set(shapes):
            self.play(Create(shapes[name].set_fill(BLUE, 0.5)), run_time=1)
