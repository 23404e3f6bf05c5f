"""A Cairo camera that also draws mobjects which paint themselves.

Some pictures (a shaded surface, thousands of dots) are far cheaper to draw with a few Cairo calls
than as thousands of mobjects. Such a mobject defines `paint(context)` and is otherwise a VMobject
whose points span its outline, so that layout, fades and z-order work as for any other.
"""

from __future__ import annotations

import math
from copy import deepcopy
from typing import Any, TypeVar

import cairo
from manim import Camera, VMobject

from scenes.stage.logo import set_logo
from scenes.stage.look import Look


class Painted(VMobject):
    """A VMobject that draws itself. `paint` gets a context in scene units, y upward.

    The camera's buffer holds blue where Cairo says red: pass colours as (blue, green, red),
    which `cairo_color` does.

    What it shows may depend on its points, its style and its own attributes, on nothing else: that is how an
    engine knows whether it must be drawn again.
    """

    overhang: float = math.inf
    """Scene units by which ink may reach beyond the points; where it is known, less has to be redrawn."""

    def paint(self, context: cairo.Context) -> None:
        """Draw on `context`, whose state is restored afterwards; not called while the fill opacity is 0."""
        raise NotImplementedError


MobjectT = TypeVar("MobjectT", bound=VMobject)


def copy_sharing(mobject: MobjectT, memo: dict[int, Any], *shared: object) -> MobjectT:
    """A deep copy that shares these attributes' objects; for `__deepcopy__` of mobjects with heavy data."""
    memo.update({id(value): value for value in shared})
    copy = mobject.__class__.__new__(mobject.__class__)
    memo[id(mobject)] = copy
    copy.__dict__.update({key: deepcopy(value, memo) for key, value in mobject.__dict__.items()})
    return copy


def cairo_color(color: str) -> tuple[float, float, float]:
    """An #RRGGBB colour as the (blue, green, red) that Manim's pixel buffer expects."""
    red, green, blue = (int(color[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return blue, green, red


class StageCamera(Camera):
    """Manim's Cairo camera, and `Painted` mobjects; with a look, its theme's logo is in the background."""

    def __init__(self, look: Look | None = None, **options: Any) -> None:
        self._look = look
        super().__init__(**options)

    def init_background(self) -> None:
        """The background's colour, and the logo."""
        super().init_background()
        if self._look:
            set_logo(self.background, self._look)

    def display_vectorized(self, vmobject: VMobject, ctx: cairo.Context) -> Camera:
        """Draw one mobject: by its own `paint` if it has one, else as Manim does."""
        if isinstance(vmobject, Painted):
            if vmobject.get_fill_opacity() <= 0:
                # Nothing to see; and Manim has no fill colour for black that is faded out.
                return self
            # Manim leaves the last mobject's outline as the current path, which `save` does not keep.
            ctx.new_path()
            ctx.save()
            vmobject.paint(ctx)
            ctx.restore()
            ctx.new_path()
            return self
        return super().display_vectorized(vmobject, ctx)
