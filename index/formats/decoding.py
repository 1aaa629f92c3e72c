"""Bytes to text. The only file that names charset_normalizer."""

from __future__ import annotations

import codecs
import re
from collections.abc import Sequence
from dataclasses import dataclass

from charset_normalizer import from_bytes
from charset_normalizer.constant import IANA_SUPPORTED
from charset_normalizer.models import CharsetMatch

from index.errors import BadArticle

UTF8 = "utf-8"
SAMPLE_BYTES = 200_000
"""How much of a long text is looked at to tell its encoding."""

_MARKS = (
    (codecs.BOM_UTF8, UTF8),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark begins it
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_LIKELY = ("cp1252", "mac_roman")
"""Of the encodings in which bytes are the same text, those in which English is written."""
_LETTER = re.compile("[A-Za-z]")
_WINDOWS = re.compile(r"cp(125\d)")


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text, and the encoding that it was read in; ``is_guess`` if nothing told which that is."""

    text: str
    encoding: str
    is_guess: bool = False


def decode(content: bytes, encoding: str | None = None, declared: str | None = None) -> Decoded:
    """Return the text of ``content``, without a byte order mark; nothing else is changed.

    In this order: the ``encoding`` that a person names; that of a byte order mark; the one ``declared``, if the text
    is in it; UTF-8, if it is in that; and else the best guess.

    :raises BadArticle: if it is not in the encoding that was named, or if no encoding fits.
    """
    if encoding:
        return _in(content, known(encoding))
    for mark, marked in _MARKS:
        if content.startswith(mark):
            return _in(content, marked)
    for candidate in (declared, UTF8):
        try:
            if candidate:
                return _in(content, known(candidate))
        except BadArticle as error:
            wrong = error
    return _guessed(content, wrong)


def known(encoding: str) -> str:
    """Return the name by which Python knows the encoding.

    :raises BadArticle: if it is none, or one of Python's that are no encodings of text.
    """
    try:
        name = codecs.lookup(encoding).name
    except (LookupError, ValueError):
        name = ""
    if name.replace("-", "_") not in _ENCODINGS:
        raise BadArticle("encoding", f"{encoding[:40]!r} is not known here; try utf-8 or windows-1252")
    return name


_ENCODINGS = {UTF8.replace("-", "_")} | {codecs.lookup(name).name.replace("-", "_") for name in IANA_SUPPORTED}


def shown(name: str) -> str:
    """Return the encoding's name as people write it; Python knows it by that, too."""
    windows = _WINDOWS.fullmatch(name)
    return f"windows-{windows[1]}" if windows else name.replace("_", "-")


def _in(content: bytes, name: str) -> Decoded:
    for mark, marked in _MARKS:
        if content.startswith(mark) and marked.startswith(name.removesuffix("-le").removesuffix("-be")):
            content, name = content[len(mark) :], marked
            break
    try:
        return Decoded(content.decode(name), shown(name))
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        bad = f"byte 0x{content[error.start]:02x} at line {line}"
        raise BadArticle("text", f"not {shown(name).upper()} ({bad})") from error


def _guessed(content: bytes, wrong: BadArticle) -> Decoded:
    name = _likeliest(list(from_bytes(content[:SAMPLE_BYTES])))
    if name is None:
        raise BadArticle("text", f"{wrong.message}, nor text in any other encoding") from wrong
    try:
        return Decoded(content.decode(name), shown(name), is_guess=True)
    except UnicodeDecodeError:
        raise BadArticle("text", f"{wrong.message}; it begins as {shown(name)} but does not stay so") from wrong


def _likeliest(matches: Sequence[CharsetMatch]) -> str | None:
    """Return the encoding in which the bytes make the best text; of several that do so, the one of English."""
    if not matches:
        return None
    best = matches[0]
    equal = [m for m in matches if m.chaos <= best.chaos and m.coherence >= best.coherence]
    if not any(match.coherence or _LETTER.search(str(match)) for match in equal):  # nothing speaks for any of them
        return None
    names = {name for match in equal for name in match.could_be_from_charset}
    return next((name for name in _LIKELY if name in names), best.encoding)
