"""A page's own text, without what stands around it. The only file that names trafilatura."""

from __future__ import annotations

from typing import Any

import trafilatura


def paragraphs(tree: Any, url: str | None) -> list[str]:
    """Return the paragraphs, headings and items of the page's article; none if there is no article.

    :param tree: the page, parsed by lxml.
    """
    found = trafilatura.extract(tree, url=url, output_format="txt", include_comments=False, include_tables=True)
    return [line.strip() for line in (found or "").splitlines() if line.strip()]
