"""Reads passages, answers, and serves page, API and command line.

``from service.newsquote import Newsquote`` is the application; the other rooms are its parts or its clients.
"""

VERSION = "0.1.0"
