"""SQL, the truth: articles, sentences, vectors, changes and conversations."""
