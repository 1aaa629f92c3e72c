"""Takes articles in and finds passages. Knows nothing of Flask, and nothing of answers."""
