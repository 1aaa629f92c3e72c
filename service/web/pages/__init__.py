"""The pages: chat, articles, quotations looked up, signing in; each with its folder in ``templates/``."""
