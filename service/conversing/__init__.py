"""Questions that depend on earlier ones."""
