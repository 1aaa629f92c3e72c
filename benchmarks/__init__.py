"""Measures what the service finds, says and takes; choices about ranking and speed are made by these figures."""
