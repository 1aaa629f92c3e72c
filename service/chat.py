"""The chat: a page that asks and shows answers, and the conversations held on it."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from index.store import State
from service.bodies import AnswerBody, FiltersBody, QueryBody
from service.conversation import body_of, shared
from service.errors import FRAGMENT_HEADER, BadField
from service.requests import answered, ask, parts, today
from service.visitor import remembered, visitor

bp = Blueprint("chat", __name__)

TOP_K = 5


@bp.get("/")
def page() -> Response:
    """Show an empty conversation; with a question in the address, its answer, of which nothing is kept."""
    question = request.args.get("q", "").strip()
    turns = [answered(QueryBody(question=question, top_k=TOP_K))] if question else []
    return _page(turns)


@bp.get("/suggestions")
def suggestions() -> Response:
    """Give the page's script first questions to offer, which may take some answers' time."""
    found = parts().suggester.questions(today())
    return _uncached(make_response(render_template("chat/_suggestions.html", suggestions=found)))


@bp.post("/chat")
def say() -> BaseResponse:
    """Ask, and go to the answer in its conversation; to the page's own script, give the answer alone."""
    question = request.form.get("q", "").strip()
    if not question:
        raise BadField("question", "is empty")
    body = QueryBody(
        question=question,
        top_k=TOP_K,
        conversation_id=request.form.get("conversation") or None,
        without=request.form.getlist("without"),
        filters=_filters(),
    )
    answer = ask(body, remembered())
    address = url_for("chat.reopen", conversation_id=answer.conversation_id, _anchor=f"turn-{answer.turn}")
    if request.headers.get(FRAGMENT_HEADER):
        response = make_response(render_template("chat/_turn.html", answer=answer, states=_states([answer])))
        response.headers["Content-Location"] = address
        return _uncached(response)
    return redirect(address, HTTPStatus.SEE_OTHER)


@bp.get("/chat/<conversation_id>")
def reopen(conversation_id: str) -> Response:
    """Show a conversation as it was."""
    turns = [body_of(turn) for turn in parts().conversations.turns(conversation_id)]
    return _page(turns, conversation_id)


@bp.get("/answers/<answer_id>")
def answer(answer_id: str) -> Response:
    """Show one answer as it was, and nothing of its conversation."""
    return _page([shared(parts().conversations.turn(answer_id))], is_shared=True)


@bp.post("/chat/<conversation_id>/delete")
def delete(conversation_id: str) -> BaseResponse:
    """Forget a conversation that this browser began."""
    if not parts().conversations.belongs_to(conversation_id, visitor()):
        raise BadField("conversation", "was not begun in this browser")
    parts().conversations.delete(conversation_id)
    flash("The conversation is deleted.")
    return redirect(url_for("chat.conversations"))


@bp.get("/chats")
def conversations() -> Response:
    """List the conversations that this browser began."""
    begun = parts().conversations.begun_by(visitor())
    return _uncached(make_response(render_template("chat/list.html", begun=[body_of(turn) for turn in begun])))


@bp.post("/chats/delete")
def delete_all() -> BaseResponse:
    """Forget all of them."""
    count = parts().conversations.delete_all(visitor())
    flash(f"{count} conversation{'' if count == 1 else 's'} deleted.")
    return redirect(url_for("chat.conversations"))


def _filters() -> FiltersBody:
    """Return what the form's panel says; a field that is left empty filters nothing.

    :raises ValidationError: if a day is none.
    """
    days = {name: request.form.get(name) or None for name in ("published_from", "published_to")}
    return FiltersBody.model_validate({**days, "publisher": request.form.getlist("publisher")})


def _page(turns: Sequence[AnswerBody], conversation_id: str = "", *, is_shared: bool = False) -> Response:
    html = render_template(
        "chat/page.html",
        turns=turns,
        states=_states(turns),
        conversation_id=conversation_id,
        is_shared=is_shared,
        overview=parts().surveyor.overview(),
        suggestions=parts().suggester.known(),
        filters=turns[-1].filters if turns else FiltersBody(),
    )
    return _uncached(make_response(html))


def _states(turns: Sequence[AnswerBody]) -> dict[str, State]:
    """Return what became of the articles that the answers quote."""
    return parts().store.states(quote.article.id for turn in turns for quote in turn.every_quote)


def _uncached(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response
