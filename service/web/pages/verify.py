"""The page where quotations are looked up."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from service.comparing.verification import CheckedText
from service.schemas.verification import CheckedBody
from service.web.requests import newsquote, uploaded_one, wanted_encoding

bp = Blueprint("verify", __name__, url_prefix="/verify")


@bp.get("")
def page() -> str:
    """Show the forms to paste a text into, or to choose a file in."""
    return render_template("verify/page.html", text="", found=None)


@bp.post("")
def check() -> str:
    """Show what became of each quotation in the text."""
    return _shown(newsquote().quotations.check(request.form.get("text", "")))


@bp.post("/file")
def check_file() -> str:
    """Show what became of each quotation in the file; nothing of it is kept."""
    name, file = uploaded_one()
    return _shown(newsquote().quotations.check_file(name, file, wanted_encoding()), name)


def _shown(checked: CheckedText, name: str | None = None) -> str:
    found = CheckedBody.of(checked)
    return render_template("verify/page.html", text=checked.text, found=found, name=name)
