"""Reusable pictures. Each takes the stage first, places itself into a zone, and changes in place."""
