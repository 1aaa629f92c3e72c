"""The pages of collections: all of them, and one with its articles, in which questions are asked."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from service.application.keys import Scope
from service.visible import visible
from service.web.guards.access import require
from service.web.pages.listing import Listing
from service.web.requests import newsquote

bp = Blueprint("collections", __name__, url_prefix="/collections")


@bp.get("")
def index() -> str:
    """List the collections."""
    return render_template("collections/list.html", collections=newsquote().collections.every())


@bp.post("")
def make() -> Response:
    """Make an empty collection."""
    require(Scope.ADMIN)
    made = newsquote().collections.make(request.form.get("name", ""))
    return redirect(url_for("collections.show", collection_id=made.id))


@bp.get("/<collection_id>")
def show(collection_id: str) -> str:
    """Show a collection: a box to ask within it, and its articles."""
    collection = newsquote().collections.one(collection_id)
    return render_template(
        "collections/page.html",
        collection=collection,
        listing=Listing.asked_for(within=collection.id),
        collections=newsquote().collections.every(),
    )


@bp.post("/<collection_id>/rename")
def rename(collection_id: str) -> Response:
    """Give a collection another name."""
    require(Scope.ADMIN)
    newsquote().collections.rename(collection_id, request.form.get("name", ""))
    return redirect(url_for("collections.show", collection_id=collection_id))


@bp.post("/<collection_id>/delete")
def delete(collection_id: str) -> Response:
    """Delete a collection; its articles stay."""
    require(Scope.ADMIN)
    name = newsquote().collections.one(collection_id).name
    newsquote().collections.delete(collection_id)
    flash(f"Deleted “{visible(name)}”. Its articles are still in the archive.")
    return redirect(url_for("collections.index"))
