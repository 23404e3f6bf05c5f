"""An explainer of a lecturer's own: trace and determinant fix the eigenvalues."""

from __future__ import annotations

import numpy as np
from pydantic import model_validator

from explainers.model import Explainer, Fact, Pillar, parameter, rounded


class CharacteristicPolynomial(Explainer):
    """p(λ) = λ² − (tr A) λ + det A of a 2×2 matrix A; its zeros are the eigenvalues."""

    slug = "characteristic-polynomial"
    title = "Where the polynomial meets zero"
    insight = "Two numbers of a matrix, trace and determinant, already fix its eigenvalues."
    pillar = Pillar.LINEAR_ALGEBRA
    references = ("MML 4.2",)

    trace: float = parameter(3.0, "trace of the matrix, the sum of the eigenvalues", ge=-4, le=4)
    determinant: float = parameter(
        1.25,
        "determinant of the matrix, the product of the eigenvalues",
        allowed="a number from -4 to 4, at most (trace/2)², so that the eigenvalues are real",
        ge=-4,
        le=4,
    )

    @model_validator(mode="after")
    def _real(self) -> CharacteristicPolynomial:
        if self.determinant > self.trace**2 / 4:
            raise ValueError(f"determinant must be at most (trace/2)² = {self.trace**2 / 4:.4g}")
        return self

    def values(self, eigenvalue: np.ndarray) -> np.ndarray:
        """The polynomial at these numbers, shape (n,)."""
        return eigenvalue**2 - self.trace * eigenvalue + self.determinant

    @property
    def eigenvalues(self) -> tuple[float, float]:
        """The zeros, the smaller one first."""
        half_gap = float(np.sqrt(self.trace**2 / 4 - self.determinant))
        return self.trace / 2 - half_gap, self.trace / 2 + half_gap

    def facts(self) -> dict[str, Fact]:
        """The numbers on screen."""
        low, high = self.eigenvalues
        return rounded({"eigenvalues": [low, high], "sum": low + high, "product": low * high})
