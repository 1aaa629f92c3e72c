"""Questions that lean on earlier ones."""
