"""Texts held against each other: quotations against articles, versions against versions."""
