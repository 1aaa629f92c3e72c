"""Trains the reader: data, model, training, export. See ``training/README.md``."""
