"""The pages of the articles: the list, one article with a quote marked in it, adding and removing."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from index.articles import Article, Span
from index.ingest import Added
from index.sentences import heading
from service.bodies import Fragment
from service.errors import BadField
from service.marking import pieces
from service.requests import Sent, parts, sent_files, upload
from service.security import needs_token, require_admin
from service.streaming import is_wanted, stream

bp = Blueprint("archive", __name__, url_prefix="/articles")

PAGE_SIZE = 50


@bp.get("")
def index() -> str:
    """List the current articles, newest first."""
    number = _number("page") or 1
    page = parts().store.page((number - 1) * PAGE_SIZE, PAGE_SIZE)
    return render_template(
        "archive/list.html",
        page=page,
        number=number,
        last=max(1, -(-page.total // PAGE_SIZE)),
        needs_token=needs_token(parts().settings),
    )


@bp.post("")
def add() -> str | Response:
    """Take in the uploaded files, and say what became of each; to the page's own script, also how far it is."""
    require_admin(parts().settings)
    sent = sent_files(request.files.getlist("files"))
    if is_wanted():
        return stream(sent, _fragment)
    added = list(parts().ingester.add(sent.articles))
    return render_template("archive/added.html", result=upload(sent, added))


def _fragment(sent: Sent, added: Sequence[Added]) -> Fragment:
    return Fragment(html=render_template("archive/_added.html", result=upload(sent, added)))


@bp.get("/<article_id>")
def show(article_id: str) -> str:
    """Show an article's whole text, with the characters ``start`` to ``end`` marked if they are given."""
    record = parts().store.record(article_id)
    span = _span(record.article)
    newer_id = record.superseded_by
    newer = parts().store.record(newer_id).article if newer_id and newer_id in parts().store else None
    return render_template(
        "archive/article.html",
        record=record,
        title=heading(record.article),
        newer=newer and {"id": newer.id, "title": heading(newer)},
        span=span,
        pieces=list(pieces(record.article.text, [(span.start, span.end)] if span else [])),
        needs_token=needs_token(parts().settings),
    )


@bp.post("/<article_id>/remove")
def remove(article_id: str) -> Response:
    """Remove an article from every answer."""
    require_admin(parts().settings)
    title = heading(parts().store.record(article_id).article)
    parts().store.remove(article_id)
    flash(f"Removed “{title}”.")
    return redirect(url_for("archive.index"))


def _span(article: Article) -> Span | None:
    start, end = _number("start"), _number("end")
    if start is None and end is None:
        return None
    if start is None or end is None:
        raise BadField("start" if start is None else "end", "is missing: start and end belong together")
    return Span.checked(article, start, end)


def _number(name: str) -> int | None:
    value = request.args.get(name)
    if value is None:
        return None
    if not value.isascii() or not value.isdigit() or len(value) > 9:  # noqa: PLR2004  # far beyond any text or page
        raise BadField(name, f"{value[:40]!r} is no whole number from 0")
    if name == "page" and int(value) < 1:
        raise BadField(name, "counts from 1")
    return int(value)
