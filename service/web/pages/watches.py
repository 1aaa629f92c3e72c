"""Watched questions: the list, one with its timeline, and its feed."""

from __future__ import annotations

from http import HTTPStatus

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from service.application.keys import Scope
from service.application.watches import Made
from service.conversing.turn import Question
from service.errors import BadField
from service.schemas import atom
from service.schemas.watches import WatchBody, WatchInfo
from service.web.guards import access
from service.web.requests import newsquote

bp = Blueprint("watching", __name__, url_prefix="/watches")


@bp.get("")
def index() -> BaseResponse:
    """List the watched questions, to those who may watch some; others are shown where to sign in."""
    if first := access.elsewhere(Scope.ADMIN):
        return first
    watches = [WatchInfo.of(watch) for watch in newsquote().watches.every()]
    return _uncached(render_template("watching/list.html", watches=watches))


@bp.post("")
def add() -> BaseResponse:
    """Watch a question, or that of an answer, and show its page; a webhook's secret is shown there once."""
    access.require(Scope.ADMIN)
    made = _made()
    if made.secret:
        watch = WatchBody.of(made.watch)
        return _uncached(render_template("watching/page.html", watch=watch, secret=made.secret))
    flash("This question is now being watched.")
    return redirect(url_for("watching.show", watch_id=made.watch.id), HTTPStatus.SEE_OTHER)


def _made() -> Made:
    webhook = request.form.get("webhook", "").strip() or None
    if answer_id := request.form.get("answer_id"):
        return newsquote().watches.add_turn(answer_id, webhook)
    text = request.form.get("q", "").strip()
    if not text:
        raise BadField("question", "must not be empty")
    return newsquote().watches.add(Question(text), webhook)


@bp.get("/<watch_id>")
def show(watch_id: str) -> BaseResponse:
    """Show a watched question and its timeline."""
    if first := access.elsewhere(Scope.ADMIN):
        return first
    watch = WatchBody.of(newsquote().watches.one(watch_id))
    return _uncached(render_template("watching/page.html", watch=watch, secret=None))


@bp.post("/<watch_id>/check")
def check(watch_id: str) -> BaseResponse:
    """Look at what came in since the last time."""
    access.require(Scope.ADMIN)
    count = newsquote().watches.check(watch_id)
    flash(f"{count:,} new {'entry' if count == 1 else 'entries'}." if count else "Nothing new.")
    return redirect(url_for("watching.show", watch_id=watch_id), HTTPStatus.SEE_OTHER)


@bp.post("/<watch_id>/delete")
def delete(watch_id: str) -> BaseResponse:
    """Watch a question no longer."""
    access.require(Scope.ADMIN)
    newsquote().watches.remove(watch_id)
    flash("The question is no longer being watched, and its timeline has been deleted.")
    return redirect(url_for("watching.index"), HTTPStatus.SEE_OTHER)


@bp.get("/feed/<key>.atom")
def feed(key: str) -> BaseResponse:
    """Return the feed that this key opens; programs that read feeds show no other."""
    watch = WatchBody.of(newsquote().watches.with_feed_key(key))
    response = Response(atom.feed(watch, request.url_root.rstrip("/")), content_type=f"{atom.MIMETYPE}; charset=utf-8")
    response.headers["Cache-Control"] = "private, no-cache"
    response.add_etag()
    return response.make_conditional(request)


def _uncached(html: str) -> Response:
    response = make_response(html)
    response.headers["Cache-Control"] = "no-store"
    return response
