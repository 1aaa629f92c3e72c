"""What the body of a request may hold, checked before it is read as a form or parsed as JSON."""

from __future__ import annotations

import json
import re
from functools import partial
from typing import Any

from flask import Flask, request

from service.settings import Settings
from service.web.errors import BadJson
from service.web.guards.costs import WITH_FILES, WITH_TEXT

MAX_DEPTH = 8
"""Objects and lists inside one another; no body here has more than two."""
MAX_PARTS = 1_000
"""Keys and values of a JSON body, so that nothing is built, and no error named, for a million of them."""

_TOKEN = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"?|(?P<opens>[{\[])|(?P<closes>[}\]])|(?P<goes_on>[,:])', re.DOTALL)


def register(app: Flask, settings: Settings) -> None:
    """Limit the bodies of all requests, each by what it is for."""
    app.before_request(partial(_limit, settings))


def _limit(settings: Settings) -> None:
    most = settings.max_question_bytes
    if request.endpoint in WITH_FILES:
        most = settings.max_request_bytes
    elif request.endpoint in WITH_TEXT:
        most = settings.max_verify_bytes
    most = min(most, settings.max_request_bytes)
    request.max_content_length = request.max_form_memory_size = most


def parsed(body: bytes) -> dict[str, Any]:
    """Return the JSON object in the body.

    :raises BadJson: if it is none, or holds more than it may.
    """
    _check_parts(body)
    try:
        found = json.loads(body.decode())
    except UnicodeDecodeError:
        raise BadJson("not UTF-8") from None
    except json.JSONDecodeError as error:
        raise BadJson(f"broken JSON: {error.msg} at line {error.lineno}, column {error.colno}") from None
    except ValueError as error:  # a number too long for Python to read
        raise BadJson(str(error)) from None
    if not isinstance(found, dict):
        raise BadJson("JSON, but not an object")
    return found


def _check_parts(body: bytes) -> None:
    """Count what the body is made of, no further than the limits: strings are passed over whole."""
    depth = parts = 0
    for token in _TOKEN.finditer(body):
        depth += (token.lastgroup == "opens") - (token.lastgroup == "closes")
        parts += token.lastgroup == "goes_on"
        if depth > MAX_DEPTH:
            raise BadJson(f"nested more than {MAX_DEPTH} levels deep")
        if parts > MAX_PARTS:
            raise BadJson(f"more than {MAX_PARTS:,} keys and values")
