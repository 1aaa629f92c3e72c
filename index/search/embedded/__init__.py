"""The default engine: vectors in FAISS and words in tantivy, both in this process.

from index.search.embedded.engine import EmbeddedEngine
"""
