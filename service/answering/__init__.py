"""A question to an ``Answer``: retrieve, read and rank, then choose quotes or abstain."""
