"""The mathematics: one typed, immutable explainer per idea. NumPy in, numbers out.

Nothing here imports Manim; `scenes` does the staging and `studio` the rendering.
"""

from explainers.catalogue import ExplainerFileError, UnknownExplainerError, all_explainers, find, own_file
from explainers.model import Explainer, Pillar, parameter

__all__ = [
    "Explainer",
    "ExplainerFileError",
    "Pillar",
    "UnknownExplainerError",
    "all_explainers",
    "find",
    "own_file",
    "parameter",
]
