"""Finds the answer inside a passage: the ``Reader`` seam and what is behind it."""
