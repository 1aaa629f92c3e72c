"""Reads passages, answers questions, and serves the pages, the API and the command line.

``service.newsquote.Newsquote`` is the application; the other rooms are its parts or its clients.
"""

VERSION = "0.1.0"
