"""The page where quotations are looked up."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from service.requests import verify_all

bp = Blueprint("checking", __name__, url_prefix="/verify")


@bp.get("")
def page() -> str:
    """Show where to paste a text."""
    return render_template("checking/page.html", text="", found=None)


@bp.post("")
def check() -> str:
    """Show what became of each quotation in the text."""
    text = request.form.get("text", "")
    return render_template("checking/page.html", text=text, found=verify_all(text))
