"""The article pages: the list and what is done with those selected, one article with its versions, adding, removing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from index.articles import Article, Span
from index.formats.fields import NAMES as FIELD_NAMES
from index.formats.registry import by_media_type
from index.ingest import Added
from index.store.versions import State
from index.text.sentences import heading
from service.application.keys import Scope
from service.conversing.origin import Origin
from service.english.language import foreign_language
from service.errors import BadField
from service.newsquote import Batch
from service.schemas.articles import Fragment
from service.visible import visible
from service.web.errors import FRAGMENT_HEADER
from service.web.guards.access import require
from service.web.guards.visitor import owners
from service.web.pages.listing import Listing, asked_in_address, list_address
from service.web.pages.marking import Marked
from service.web.requests import newsquote, number_in_address, page_number, uploaded, wanted_encoding
from service.web.streaming import describe_upload, is_wanted, stream

bp = Blueprint("archive", __name__, url_prefix="/articles")


@bp.get("")
def index() -> str:
    """List the current articles, or those that hold the words and pass the filters of the address."""
    return render_template(
        "archive/list.html", listing=Listing.asked_for(), collections=newsquote().collections.every()
    )


@bp.post("/selected")
def selected() -> str | Response:
    """Do what was chosen with the articles that are selected in a list, and go back there; removing is asked about."""
    article_ids, chosen = request.form.getlist("article_id"), request.form.get("do")
    if not article_ids:
        flash("Select at least one article first.")
    elif chosen == "remove":
        records = newsquote().records(article_ids)
        return render_template("archive/remove.html", records=records, address=_same_place("archive.remove_selected"))
    else:
        require(Scope.ADMIN)
        flash(_moved(article_ids, chosen))
    return redirect(_list())


@bp.post("/removed")
def remove_selected() -> Response:
    """Remove the articles from all answers."""
    require(Scope.ADMIN)
    count = newsquote().archive.remove(request.form.getlist("article_id"))
    flash(f"{_articles(count)} removed.")
    return redirect(_list())


def _moved(article_ids: Sequence[str], chosen: str | None) -> str:
    """Put the articles in a collection, take them out of the one whose list they are in, or both; say what was done."""
    collections, within = newsquote().collections, request.args.get("within")
    if chosen not in {"put", "move", "take_out"} or (chosen != "put" and not within):
        raise BadField("do", "must be put or remove or, in the list of a collection, move or take_out")
    said = []
    if chosen != "take_out":
        name = " ".join(request.form.get("collection", "").split())
        known = {one.name: one for one in collections.every()}
        target = known.get(name) or collections.make(name)
        collections.put(target.id, article_ids)
        said.append(f"added to “{visible(target.name)}”")
    if chosen != "put" and within:
        source = collections.one(within)
        if chosen == "take_out" or source.id != target.id:
            collections.take_out(source.id, article_ids)
            said.append(f"taken out of “{visible(source.name)}”")
    return f"{_articles(len(article_ids))} {' and '.join(said)}."


def _articles(count: int) -> str:
    return "1 article" if count == 1 else f"{count:,} articles"


def _list() -> str:
    """Return the address of the list that this request came from."""
    return list_address(asked_in_address(), request.args.get("within"), page=page_number())


def _same_place(endpoint: str) -> str:
    """Return an address that leads on with the same list in it."""
    asked = urlencode(list(request.args.items(multi=True)))
    return f"{url_for(endpoint)}?{asked}" if asked else url_for(endpoint)


@bp.post("")
def add() -> str | Response:
    """Take in the uploaded files, and show what became of each; the page's own script also gets progress."""
    require(Scope.ADD)
    batch = newsquote().read_files(uploaded(), wanted_encoding()).put_in(request.form.getlist("collection"))
    if is_wanted():
        return stream(batch, _fragment)
    added = list(newsquote().add(batch.articles))
    return render_template("archive/added.html", result=describe_upload(batch, added))


@bp.post("/address")
def add_address() -> str:
    """Take in what lies at an address, and show what became of it."""
    require(Scope.ADD)
    batch = newsquote().read_address(request.form.get("url", ""))
    added = list(newsquote().add(batch.articles))
    return render_template("archive/added.html", result=describe_upload(batch, added))


def _fragment(batch: Batch, added: Sequence[Added]) -> Fragment:
    return Fragment(html=render_template("archive/_added.html", result=describe_upload(batch, added)))


@bp.get("/<article_id>")
def show(article_id: str) -> Response:
    """Show an article's whole text, with the characters ``start`` to ``end``, if given, marked.

    With the ``answer`` that quotes them, everything else that its conversation quotes from the article is marked too.
    A page's script, which shows the article beside that conversation, gets what the one answer quotes.
    """
    record = newsquote().article(article_id)
    versions = newsquote().history(article_id)
    span = _span(record.article)
    origin = _origin() if span else Origin()
    is_beside = FRAGMENT_HEADER in request.headers
    html = render_template(
        "archive/_beside.html" if is_beside else "archive/article.html",
        record=record,
        title=heading(record.article),
        format_name=_format_name(record.article),
        language=foreign_language(record.article.text),
        span=span,
        marked=_marked(record.article, span, origin.answer_alone if is_beside else origin),
        page=_page(article_id) if is_beside else "",
        back=origin.back,
        versions=versions,
        newer=next((v for v in versions if v.state is State.CURRENT and v.id != article_id), None),
        oldest=next(v.id for v in versions if v.state is not State.REMOVED),
    )
    response = make_response(html)
    response.vary.add(FRAGMENT_HEADER)
    if origin.back or is_beside:  # a page with the address of a conversation, which is a secret; or no page
        response.headers["Cache-Control"] = "no-store"
    return response


@bp.get("/<article_id>/changes")
def changes(article_id: str) -> str:
    """Show what changed in an article since the latest earlier version that is still here."""
    return render_template("archive/changes.html", change=newsquote().changes(article_id))


@bp.post("/<article_id>/correct")
def correct(article_id: str) -> Response:
    """Correct what is said about an article; a field that is left empty is cleared."""
    require(Scope.ADMIN)
    given = {name: request.form[name] or None for name in FIELD_NAMES if name in request.form}
    newsquote().correct(article_id, given)
    flash("Corrections saved.")
    return redirect(url_for("archive.show", article_id=article_id))


@bp.post("/<article_id>/remove")
def remove(article_id: str) -> Response:
    """Remove an article from all answers."""
    require(Scope.ADMIN)
    title = heading(newsquote().article(article_id).article)
    newsquote().remove(article_id)
    flash(f"Removed “{visible(title)}”.")
    return redirect(url_for("archive.index"))


def _page(article_id: str) -> str:
    """Return the address of the article's own page, with the same quote marked."""
    given: dict[str, Any] = {name: request.args[name] for name in ("start", "end", "answer") if name in request.args}
    return url_for("archive.show", article_id=article_id, **given)


def _format_name(article: Article) -> str | None:
    found = by_media_type(article.origin.media_type) if article.origin else None
    return found.name if found else None


def _origin() -> Origin:
    answer_id = request.args.get("answer", "")
    is_id = re.fullmatch(r"[A-Za-z0-9_-]{22}", answer_id)
    return newsquote().origin(answer_id, owners()) if is_id else Origin()


def _marked(article: Article, span: Span | None, origin: Origin) -> Marked:
    if span is None:
        return Marked(article.text, body_start=article.body_start)
    return Marked.around(article.text, (span.start, span.end), origin.places(article.id), article.body_start)


def _span(article: Article) -> Span | None:
    start, end = number_in_address("start"), number_in_address("end")
    if start is None and end is None:
        return None
    if start is None or end is None:
        raise BadField("start" if start is None else "end", "missing: give both start and end")
    return Span.checked(article, start, end)
