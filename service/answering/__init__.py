"""A question to an ``Answer``: retrieve, read, rank, choose quotes, or abstain."""
