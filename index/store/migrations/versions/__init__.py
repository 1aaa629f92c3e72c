"""The revisions, each with its own copy of what it needs: what runs here is history, and changes no more."""
