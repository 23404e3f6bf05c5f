"""Lectures: TOML files that list clips, with a look for all of them; and themes of someone's own."""
