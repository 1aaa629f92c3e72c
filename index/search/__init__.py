"""Finds passages: the ``SearchEngine`` seam, the embedded engine behind it, and the retriever."""
