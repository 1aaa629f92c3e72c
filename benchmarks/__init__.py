"""Measures what the service finds, says and costs; choices about ranking and speed rest on these figures."""
