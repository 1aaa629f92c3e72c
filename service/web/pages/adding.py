"""Articles that people bring themselves: a text that they paste, or the page that they read, sent by a bookmarklet.

The bookmarklet runs on another site's page, so what it sends comes with no cookie, and counts for nothing: it is shown
in a form of ours (``bring``), which sends it on (``read``). What was read is shown again, and only then can be added.
"""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, render_template, request

from index.articles import Article
from index.formats import fields
from index.formats.fields import NAMES as FIELD_NAMES
from service.application.keys import Scope
from service.errors import BadField
from service.newsquote import Batch
from service.web.guards.access import require
from service.web.guards.security import csrf
from service.web.requests import newsquote
from service.web.streaming import describe_upload

bp = Blueprint("adding", __name__, url_prefix="/articles")

_SHOWN_PARAGRAPHS = 3


@bp.post("/paste")
def paste() -> str:
    """Take in the text in the form, with what is said about it."""
    require(Scope.ADD)
    return _added(newsquote().article_pasted(request.form.get("text", ""), _said()))


@bp.post("/bring")
def bring() -> str:
    """Show what a bookmarklet sent in a form that sends it on: nothing is read, and nothing stored."""
    return render_template("adding/bring.html", url=_required("url"), markup=_required("markup"))


@bp.post("/brought")
def read() -> str:
    """Show what is read out of the page: nothing is stored, so the form before this one needs no token."""
    markup = _required("markup")
    article = newsquote().read_page(markup, _required("url"))
    paragraphs = [line for line in article.text.split("\n") if line.strip()]
    shown, more = paragraphs[:_SHOWN_PARAGRAPHS], len(paragraphs) - _SHOWN_PARAGRAPHS
    return render_template("adding/brought.html", article=article, markup=markup, paragraphs=shown, more=more)


@bp.post("/brought/add")
def add() -> str:
    """Take in the page that was shown, with what is said about it in the form."""
    require(Scope.ADD)
    article = newsquote().read_page(_required("markup"), _required("url"))
    return _added(replace(article, **fields.checked(_said())))  # type: ignore[arg-type]  # each is of its field's type


for _view in (bring, read):
    csrf.exempt(_view)


def _added(article: Article) -> str:
    batch = Batch((article,))
    added = list(newsquote().add(batch.articles))
    return render_template("archive/added.html", result=describe_upload(batch, added))


def _said() -> dict[str, str | None]:
    return {name: request.form[name] or None for name in FIELD_NAMES if name in request.form}


def _required(name: str) -> str:
    value = request.form.get(name, "")
    if not value.strip():
        raise BadField(name, "missing")
    return value
