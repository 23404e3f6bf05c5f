"""Pictures that write texts themselves, and tell which.

A table of fifty numbers is far cheaper to draw as one mobject. Yet its numbers are texts like any other:
whoever judges a picture must be able to ask for them.
"""

from __future__ import annotations

from collections.abc import Sequence

from scenes.stage.camera import Painted
from scenes.stage.text import TextLine


class Written(Painted):
    """A `Painted` picture with texts in it."""

    writes = True
    """Whether `paint` writes the texts; turned off by whoever wants to see what is behind them."""

    def texts(self) -> Sequence[TextLine]:
        """What `paint` writes, as mobjects of the same outlines, colours and opacities; made anew at each call."""
        raise NotImplementedError
