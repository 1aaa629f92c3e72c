"""Texts compared with each other: quotations with articles, versions with versions."""
