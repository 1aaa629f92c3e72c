"""The page *Sources*: where articles come from, how that goes, and what could not be read."""

from __future__ import annotations

from collections import defaultdict

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from index.store.sources import Entry, Wishes
from service.application.keys import Scope
from service.errors import BadField
from service.visible import visible
from service.web.guards.access import elsewhere, require
from service.web.requests import newsquote

bp = Blueprint("sources", __name__, url_prefix="/sources")

_HOUR_S = 3_600
_MAX_DIGITS = 5


@bp.get("")
def page() -> Response | str:
    """Show all sources to those who may change them, as their addresses may hold secrets; others may sign in first."""
    if first := elsewhere(Scope.ADMIN):
        return first
    failed: dict[int, list[Entry]] = defaultdict(list)
    for entry in newsquote().sources.failed():
        failed[entry.source].append(entry)
    return render_template("sources/page.html", sources=newsquote().sources.every(), failed=failed)


@bp.post("")
def add() -> Response:
    """Add a feed, or the one that a page names."""
    require(Scope.ADMIN)
    hours = _number("hours")
    wishes = Wishes(hours * _HOUR_S if hours else None, _number("keep_days"), _number("keep_articles"))
    source = newsquote().sources.add_feed(request.form.get("url", ""), wishes)
    flash(f"“{visible(source.name)}” will be checked from now on. {_waiting(source.waiting)} waiting to be fetched.")
    return _back()


@bp.post("/<int:number>/remove")
def remove(number: int) -> Response:
    """Forget a source; its articles stay."""
    require(Scope.ADMIN)
    source = newsquote().sources.one(number)
    newsquote().sources.remove(number)
    flash(f"“{visible(source.name)}” has been removed. The articles it added stay in the archive.")
    return _back()


@bp.post("/<int:number>/refresh")
def refresh(number: int) -> Response:
    """Let a feed be read now."""
    require(Scope.ADMIN)
    source = newsquote().sources.note_due(number)
    flash(f"“{visible(source.name)}” will be checked in a moment.")
    return _back()


@bp.post("/<int:number>/retry")
def retry(number: int) -> Response:
    """Let what could not be read be tried again."""
    require(Scope.ADMIN)
    count = newsquote().sources.retry(number)
    flash(f"{count:,} {'entry' if count == 1 else 'entries'} will be tried again in a moment.")
    return _back()


def _waiting(count: int) -> str:
    return "1 article is" if count == 1 else f"{count:,} articles are"


def _back() -> Response:
    return redirect(url_for("sources.page"))


def _number(name: str) -> int | None:
    """Return the number in a field of the form; None if it is empty."""
    said = request.form.get(name, "").strip()
    if said and not (said.isascii() and said.isdigit() and len(said) <= _MAX_DIGITS):
        raise BadField(name, f"must be a whole number from 0 to 99,999, not {said[:40]!r}")
    return int(said) if said else None
