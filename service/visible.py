"""Characters that do something to a terminal, or to the order of what stands beside them, written out."""

from __future__ import annotations

import re

_ACTS = re.compile("[\0-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
"""Controls (C0, DEL, C1: a terminal obeys them), those of lines and direction, and bytes that are no text."""


def visible(text: str, keep: str = "\n\t") -> str:
    r"""Return the text with each such character as ``\u001b``, except those to ``keep``.

    JSON stays JSON, and the same: it has such characters only in strings, where that is another way to write them.
    """
    return _ACTS.sub(lambda found: found[0] if found[0] in keep else f"\\u{ord(found[0]):04x}", text)
