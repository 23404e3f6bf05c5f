"""The staging: one Manim scene per explainer, and the parts they share."""
