"""Texts to vectors: the ``Embedder`` seam, sentence-transformers behind it, and the networks shipped with it."""
