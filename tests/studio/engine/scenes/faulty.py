"""Scenes that go wrong, each in its own way, and one that does not."""

import os
import signal
import sys
import threading
import time

import numpy as np
from manim import RIGHT, Create, Scene, Square, UpdateFromFunc, config


class Good(Scene):
    def construct(self):
        square = Square()
        self.play(Create(square), run_time=4)
        self.play(square.animate.shift(RIGHT), run_time=4)


class Raises(Good):
    def construct(self):
        super().construct()
        raise ValueError("the matrix\nis singular")


class RaisesWhileDrawn(Scene):
    """Only who draws the second slice steps on the mine."""

    def construct(self):
        square = Square()
        self.play(Create(square), run_time=4)
        self.play(UpdateFromFunc(square, lambda mobject: 1 / (self.renderer.time < 6)), run_time=4)


class Exits(Good):
    def construct(self):
        super().construct()
        sys.exit(0)


class Recurses(Scene):
    def construct(self):
        self.construct()


class Talks(Good):
    def construct(self):
        for _ in range(20000):
            print("a line of no interest " * 5)
            print("nor is this one", file=sys.stderr)
        super().construct()


class Reconfigures(Good):
    def construct(self):
        config.frame_rate, config.pixel_width = 60, 100
        os.chdir("/")
        super().construct()


class Hungry(Scene):
    def construct(self):
        self.memory = np.ones(2**40, np.uint8)


class IsKilled(Good):
    def construct(self):
        super().construct()
        os.kill(os.getpid(), signal.SIGKILL)


class Leaves(Good):
    def construct(self):
        super().construct()
        os._exit(0)


class Spawns(Good):
    def construct(self):
        threading.Thread(target=time.sleep, args=(3600,)).start()
        super().construct()


class Hangs(Scene):
    def construct(self):
        self.play(Create(Square()), run_time=4)
        time.sleep(3600)


class Empty(Scene):
    def construct(self):
        self.add(Square())


class Broken(Scene):
    def construct(self):
        self.play(Create(None))
