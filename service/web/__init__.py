"""Translates HTTP to and from the application; the only folder that names Flask."""
