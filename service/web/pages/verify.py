"""The page where quotations are looked up."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from service.schemas.verification import VerificationBody
from service.web.requests import newsquote

bp = Blueprint("verify", __name__, url_prefix="/verify")


@bp.get("")
def page() -> str:
    """Show the form to paste a text into."""
    return render_template("verify/page.html", text="", found=None)


@bp.post("")
def check() -> str:
    """Show what became of each quotation in the text."""
    text = request.form.get("text", "")
    found = [VerificationBody.of(one) for one in newsquote().verify_all(text)]
    return render_template("verify/page.html", text=text, found=found)
