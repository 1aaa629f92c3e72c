"""Exit with 0 if the server in this container answers `/healthz`, for Docker's HEALTHCHECK."""

import os
import sys
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException

name = os.environ.get("NEWSQUOTE_ALLOWED_HOSTS", "localhost").split(",")[0].strip()  # others are refused
connection = HTTPConnection("127.0.0.1", int(os.environ.get("NEWSQUOTE_PORT", "8000")), timeout=5)
try:
    connection.request("GET", "/healthz", headers={"Host": name})
    status = connection.getresponse().status
except (OSError, HTTPException) as error:
    sys.exit(f"no answer: {error}")
sys.exit(0 if status == HTTPStatus.OK else f"answered {status}")
