"""The page that shows the OpenAPI document."""

from __future__ import annotations

from typing import Any

from flask import render_template


def docs(spec: dict[str, Any]) -> str:
    """Return the page that shows the OpenAPI document."""
    return render_template("api/docs.html", spec=spec)
