"""Losses of several runs against the step, on a logarithmic axis that stays readable when one of them explodes."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from scenes.pictures.contour_map import Trail
from scenes.pictures.plot import Plot
from scenes.stage.language import _
from scenes.stage.stage import Stage
from scenes.stage.zones import Zone

DEEPEST, HIGHEST = 1e-10, 1e3
"""The axis reaches down to at most this share of the first loss, and up to at most this multiple of it."""
HEADROOM = 0.08
"""Share of the axis that stays free on top, so that no number stands beside the axis' name."""


class LossPlot(Plot):
    """Axes for the losses of all runs; linear where they begin at zero.

    Args:
        stage: the stage.
        zone: room for everything.
        losses: loss after each step per run name, all with the same first one, finite, not negative.
        steps: how far the axis goes.
    """

    def __init__(self, stage: Stage, zone: Zone, losses: Mapping[str, np.ndarray], steps: int) -> None:
        self.losses = dict(losses)
        values = np.concatenate(list(losses.values()))
        first = float(next(iter(losses.values()))[0])
        if first == 0.0:
            names = {"x_label": _("step"), "y_label": _("loss $f$")}
            super().__init__(stage, zone, (0, steps), (0.0, 1.0 + HEADROOM), **names)
            return
        top = np.ceil(np.log10(min(float(values.max()), HIGHEST * first) * 1.001))
        bottom = min(np.floor(np.log10(max(float(values[values > 0].min()), DEEPEST * first))), top - 1)
        self.is_cut = bool(values.max() > 10.0**top or values.min() < 10.0**bottom)
        label = _("loss $f$ (log scale, cut)") if self.is_cut else _("loss $f$ (log scale)")
        heights = (10.0**bottom, 10.0 ** (top + HEADROOM * (top - bottom)))
        super().__init__(stage, zone, (0, steps), heights, x_label=_("step"), y_label=label, log_y=True)

    def loss_curve(self, name: str, role: str) -> Trail:
        """The losses of a run as a trail over the steps, cut off at the plot's edges."""
        losses = self.losses[name]
        heights = np.log10(np.maximum(losses, 1e-300)) if self.coordinates.log_y else losses
        path = np.stack([np.arange(len(losses)), heights], axis=1)
        return Trail(self.stage, self._unclipped, self.box, path, role, dots=False, line_width=5.0)

    def _unclipped(self, points: np.ndarray) -> np.ndarray:
        """Scene points (n, 3) of steps and heights (n, 2); unlike `points_at`, also outside the box."""
        low, high = self.coordinates.y_range
        scene = np.zeros((len(points), 3))
        scene[:, 0] = self.box.left + points[:, 0] * self.coordinates.x_unit
        scene[:, 1] = self.box.bottom + (points[:, 1] - low) / (high - low) * self.box.height
        return scene
