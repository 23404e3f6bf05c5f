"""The mathematics: one typed, immutable explainer per idea. NumPy in, numbers out.

Nothing here imports Manim; `scenes` does the staging and `studio` the rendering.
"""

from explainers.catalogue import UnknownExplainerError, all_explainers, find
from explainers.model import Explainer, Pillar, parameter

__all__ = ["Explainer", "Pillar", "UnknownExplainerError", "all_explainers", "find", "parameter"]
