"""Finds the answer in a passage: the ``Reader`` seam, and what is behind it."""
