"""The stage every explainer scene stands on: look, theme, zones, text, beats.

`look`, `theme` and `zones` are plain data and do not import Manim, so that the command line
can check a look before any rendering starts.
"""
