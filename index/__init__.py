"""Takes articles in and finds passages. Knows nothing of Flask or of answers."""
