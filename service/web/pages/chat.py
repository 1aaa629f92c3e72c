"""The chat: a page that asks and shows answers, and the conversations held on it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from http import HTTPStatus

from flask import Blueprint, Response, abort, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from index.store.conversations import new_id
from service.conversing.turn import Question, Turn
from service.errors import BadField
from service.schemas.answers import AnswerBody, FiltersBody
from service.web.errors import FRAGMENT_HEADER
from service.web.guards.visitor import owners, remember
from service.web.pages.paging import Pages, part
from service.web.requests import newsquote, page_number

bp = Blueprint("chat", __name__)

TOP_K = 5
THANKS = "Thank you. Your report has been recorded."


@bp.get("/")
def page() -> Response:
    """Show an empty conversation or, with a question in the address, its answer; nothing is kept."""
    question = request.args.get("q", "").strip()
    asked = Question(question, TOP_K, without_correction="without_correction" in request.args)
    return _page([newsquote().answer(asked)] if question else [])


@bp.get("/suggestions")
def suggestions() -> Response:
    """Give the page's script first questions to offer."""
    return _uncached(render_template("chat/_suggestions.html", suggestions=newsquote().suggestions()))


@bp.post("/chat")
def say() -> BaseResponse:
    """Ask, and redirect to the answer in its conversation; the page's own script gets only the answer."""
    text = request.form.get("q", "").strip()
    if not text:
        raise BadField("question", "must not be empty")
    question = Question(
        text,
        TOP_K,
        _filters().filters(),
        without=tuple(request.form.getlist("without")),
        without_correction="without_correction" in request.form,
    )
    conversation_id = request.form.get("conversation") or None
    owner = None if conversation_id else new_id()
    turn = newsquote().ask(question, conversation_id, owner)
    if owner:
        remember(owner)
    answer = AnswerBody.of(turn)
    address = url_for("chat.reopen", conversation_id=answer.conversation_id, _anchor=f"turn-{answer.turn}")
    if request.headers.get(FRAGMENT_HEADER):
        response = _uncached(
            render_template("chat/_turn.html", answer=answer, collections=newsquote().collections.every())
        )
        response.headers["Content-Location"] = address
        return response
    return redirect(address, HTTPStatus.SEE_OTHER)


@bp.get("/chat/<conversation_id>")
def reopen(conversation_id: str) -> Response:
    """Show a conversation as it was."""
    return _page(newsquote().conversation(conversation_id), conversation_id)


@bp.get("/answers/<answer_id>")
def answer(answer_id: str) -> Response:
    """Show one answer as it was, and nothing else of its conversation."""
    return _page([newsquote().turn(answer_id)], is_shared=True)


@bp.post("/answers/<answer_id>/wrong")
def wrong(answer_id: str) -> BaseResponse:
    """Keep that an answer is wrong, and go back to where that was said; the page's own script gets only the thanks."""
    note = request.form.get("note", "").replace("\r\n", "\n")  # a form sends two characters for each end of a line
    newsquote().feedback.add_on_turn(answer_id, note)
    if request.headers.get(FRAGMENT_HEADER):
        return _uncached(render_template("chat/_thanks.html", thanks=THANKS))
    flash(THANKS)
    if conversation_id := request.form.get("conversation"):
        return redirect(url_for("chat.reopen", conversation_id=conversation_id), HTTPStatus.SEE_OTHER)
    return redirect(url_for("chat.answer", answer_id=answer_id), HTTPStatus.SEE_OTHER)


@bp.post("/chat/<conversation_id>/delete")
def delete(conversation_id: str) -> BaseResponse:
    """Forget a conversation that this browser began."""
    _check_mine(conversation_id)
    newsquote().forget(conversation_id)
    flash("The conversation has been deleted.")
    return _back_to_list()


@bp.post("/chat/<conversation_id>/rename")
def rename(conversation_id: str) -> BaseResponse:
    """Call a conversation that this browser began by a name or, with an empty one, by its first question."""
    _check_mine(conversation_id)
    newsquote().chats.rename(conversation_id, request.form.get("name", ""))
    return _back_to_list()


@bp.post("/chat/<conversation_id>/pin")
def pin(conversation_id: str) -> BaseResponse:
    """Put a conversation that this browser began first on its list, or no longer."""
    _check_mine(conversation_id)
    newsquote().chats.pin(conversation_id, is_pinned=bool(request.form.get("pinned")))
    return _back_to_list()


@bp.get("/chats")
def conversations() -> BaseResponse:
    """List the conversations that this browser began, or those of them that hold the words in the address."""
    words, number = request.args.get("q", "").strip(), page_number()
    page = newsquote().chats.page(owners(), *part(number), words)
    pages = Pages(number, page.total, partial(_list, words))
    if number > pages.last:  # what was there has been deleted
        return redirect(pages.at(pages.last))
    begun = [(chat, AnswerBody.of(chat.first)) for chat in page.chats]
    return _uncached(render_template("chat/list.html", begun=begun, page=page, pages=pages, words=words))


@bp.post("/chats/delete")
def delete_all() -> BaseResponse:
    """Forget all conversations that this browser began."""
    count = newsquote().forget_all(owners())
    flash(f"{count:,} conversation{'' if count == 1 else 's'} deleted.")
    return redirect(url_for("chat.conversations"))


def _check_mine(conversation_id: str) -> None:
    """Refuse what only the browser that began a conversation may do with it."""
    if not newsquote().belongs_to(conversation_id, owners()):
        abort(HTTPStatus.FORBIDDEN, "Only the browser in which this conversation began can change it.")


def _back_to_list() -> BaseResponse:
    """Go back to the list, as it was narrowed, and to the same page of it."""
    return redirect(_list(request.form.get("q", ""), request.form.get("page")), HTTPStatus.SEE_OTHER)


def _list(words: str, page: int | str | None) -> str:
    """Return the address of a page of the list, as it is narrowed."""
    return url_for("chat.conversations", q=words or None, page=page or None)


def _filters() -> FiltersBody:
    """Return the filters set in the form's panel; an empty field filters nothing.

    :raises ValidationError: if a day is invalid.
    """
    days = {name: request.form.get(name) or None for name in ("published_from", "published_to")}
    several = {name: request.form.getlist(name) for name in ("publisher", "collection")}
    return FiltersBody.model_validate(days | several)


def _page(turns: Sequence[Turn], conversation_id: str = "", *, is_shared: bool = False) -> Response:
    answers = [AnswerBody.of(turn, is_shared=is_shared) for turn in turns]
    return _uncached(
        render_template(
            "chat/page.html",
            turns=answers,
            name=newsquote().chats.name(conversation_id, owners()) if conversation_id else None,
            conversation_id=conversation_id,
            is_shared=is_shared,
            overview=newsquote().overview(),
            collections=newsquote().collections.every(),
            suggestions=newsquote().known_suggestions(),
            filters=answers[-1].filters if answers else FiltersBody(),
        )
    )


def _uncached(html: str) -> Response:
    response = make_response(html)
    response.headers["Cache-Control"] = "no-store"
    return response
