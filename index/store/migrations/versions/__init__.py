"""The revisions, each with its own copy of what it needs: what runs here is history, and no longer changes."""
