"""The application's parts: use cases by what they are about, reached through ``Newsquote`` and its attributes."""
