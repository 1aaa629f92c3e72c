"""Which endpoints cost more than a look, by what they take in and what they do: sizes and rates are limited by this."""

from __future__ import annotations

ANSWERING = frozenset(
    (
        "questions.query",
        "questions.query_get",
        "questions.verify_quote",
        "questions.verify_text",
        "questions.verify_file",
        "chat.say",
        "verify.check",
        "verify.check_file",
        "watches.add_watch",
        "watches.check_watch",
        "watching.add",
        "watching.check",
    )
)
"""They answer a question or look quotations up."""
ANSWERING_IF_ASKED = frozenset(("chat.page", "chat.conversations", "questions.list_conversations"))
"""They answer a question, or search all that was asked, if their address holds words: ``q``."""
FROM_ANYWHERE = frozenset(("adding.bring",))
"""Pages on other sites may send something here through a browser, as it changes nothing."""
_FETCHING = frozenset(("archive.add_address", "feeds.add_feed", "sources.add"))
WITH_ARTICLES = _FETCHING | {
    "articles.add_articles",
    "archive.add",
    "adding.paste",
    "adding.bring",
    "adding.read",
    "adding.add",
}
"""They take articles in, or fetch something from another server."""
WITH_TEXT = frozenset(("questions.verify_quote", "questions.verify_text", "verify.check"))
"""They take a text whose quotations are looked up."""
WITH_FILES = WITH_ARTICLES | {"questions.verify_file", "verify.check_file"}
"""They take files, or what is as large; those that only look quotations up have no longer for it than an answer."""
WITHOUT_BODY = frozenset(("watches.check_watch",))
"""They are sent to a program with POST, and say all in their address."""
