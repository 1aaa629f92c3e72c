"""Groups of commands, a file each; ``service/cli.py`` has the single ones."""
