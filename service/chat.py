"""The chat: a page that asks and shows answers."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, render_template, request

from service.bodies import QueryBody
from service.errors import FRAGMENT_HEADER, BadField
from service.requests import answered, parts

bp = Blueprint("chat", __name__)

TOP_K = 5


@bp.get("/")
def page() -> Response:
    """Show the page, with the answer if it asks for one; to its own script, the answer alone."""
    question = request.args.get("q", "").strip()
    answer = answered(QueryBody(question=question, top_k=TOP_K)) if question else None
    if request.headers.get(FRAGMENT_HEADER):
        if answer is None:
            raise BadField("question", "is empty")
        return _varying(render_template("chat/_turn.html", answer=answer))
    counts = parts().store.counts()
    return _varying(render_template("chat/page.html", answer=answer, counts=counts, question=question))


def _varying(html: str) -> Response:
    """Keep caches from showing a part as a page, or a page as a part."""
    response = make_response(html)
    response.headers["Vary"] = FRAGMENT_HEADER
    response.headers["Cache-Control"] = "no-store"
    return response
