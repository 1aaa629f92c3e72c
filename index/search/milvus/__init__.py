"""The engine for archives that outgrow one machine: vectors and words in Milvus, which many Newsquote servers share.

from index.search.milvus.engine import MilvusEngine
"""
