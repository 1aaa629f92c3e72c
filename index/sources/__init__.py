"""Addresses, feeds and folders to files' bytes. They store nothing, and read no article."""
