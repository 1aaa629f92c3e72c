"""The examples of the API's page, sent: what it shows is what a server answers, and its snippets run as they stand.

With ``--examples``, as in `make examples`, the answers are written anew.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from http import HTTPStatus
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from index.articles import Article
from index.embedding.embedder import Embedder
from index.formats.files import read_path
from service.newsquote import Newsquote
from service.readers.reader import Reader
from service.settings import Settings
from service.web.api.examples import PATH, Example, examples
from service.web.api.snippets import KEY, Snippets
from service.web.app import create_app
from service.wiring import Components
from tests.conftest import CountingEmbedder
from tests.index.sources.site import Site
from tests.index.sources.site import serving as serving_site
from tests.service.application.test_sources import fetching, named
from tests.service.web.serving.test_server import serving

ROOT = Path(__file__).parents[4]
FEED = "https://news.example/feed"
DRAFT = "It said “at least 40 North Korean soldiers had been killed or wounded”."
ORIGINAL = b"The ferry to Brigg sails at noon."
TOKEN = "s3cret 'of' \"ours\""
MADE_UP = {
    ("POST", "/api/query"): {
        "ANSWER_ID": "answer_id",
        "CONVERSATION_ID": "conversation_id",
        "OWNER_KEY": "owner_key",
    },
    ("POST", "/api/articles"): {"ARTICLE_ID": "id"},
    ("POST", "/api/collections"): {"COLLECTION_ID": "id"},
    ("POST", "/api/watches"): {"WATCH_ID": "id", "/watches/feed/FEED_KEY.atom": "feed"},
}
"""What stands in capitals for what a server makes up, and where in which answer it is."""
VOLATILE = re.compile(r"took_ms|.*_at|conversation_id|answer_id|confidence|score")
"""What no two servers say alike."""

Send = Callable[[Example], tuple[int, str, str]]
"""Sends a request, and returns the status, media type and text of what comes back."""


@pytest.fixture
def site() -> Iterator[Site]:
    with serving_site() as made:
        named(made, "Amber")
        yield made


@contextmanager
def archive(site: Site, folder: Path, embedder: Embedder, reader: Reader, **given: Any) -> Iterator[Components]:
    """An archive of the starter articles and a file, the original of which it keeps."""
    settings = Settings.checked(data_dir=folder, secret_key="for tests", keep_originals=True, **given)
    components = Components(settings, embedder, reader)
    found = read_path(ROOT / "seeds", settings.limits)
    list(components.ingester.add(outcome for outcome in found if isinstance(outcome, Article)))
    newsquote = fetching(site, settings, components)
    list(newsquote.add(newsquote.read_files([("ferry.txt", BytesIO(ORIGINAL))]).articles))
    yield components
    components.close()


def sent(site: Site, send: Send) -> Iterator[tuple[Example, Example]]:
    """Send every example in order; yield it, and the same with what came back, with names for what was made up."""
    names = {FEED: site.url("/feed"), "ORIGINAL_SHA256": hashlib.sha256(ORIGINAL).hexdigest()}
    for key, example in examples().items():
        status, media_type, text = send(_renamed(example, names))
        if key in MADE_UP:
            answer = json.loads(text)
            names |= {name: answer[place] for name, place in MADE_UP[key].items()}
        for name, made_up in names.items():
            text = text.replace(made_up, name)
        found = replace(example, status=status, media_type=media_type.partition(";")[0] if text else "")
        yield example, replace(found, answer=(json.loads(text) if found.is_json else text) if text else None)


def _renamed(example: Example, names: dict[str, str]) -> Example:
    written = json.dumps(asdict(replace(example, answer=None)))
    for name, made_up in names.items():
        written = written.replace(name, made_up)
    return Example(**json.loads(written))


def agrees(shown: Any, real: Any) -> bool:
    """Whether two answers say the same, but for what no two servers do."""
    if isinstance(shown, dict) and isinstance(real, dict):
        names = [name for name in shown if not VOLATILE.fullmatch(name)]
        return shown.keys() == real.keys() and all(agrees(shown[name], real[name]) for name in names)
    if isinstance(shown, list) and isinstance(real, list):
        return len(shown) == len(real) and all(map(agrees, shown, real))
    return bool(shown == real)


@pytest.mark.slow
def test_answers_that_are_shown_are_what_a_server_says(
    site: Site, tmp_path: Path, minilm: Embedder, trained_reader: Reader, request: pytest.FixtureRequest
) -> None:
    with archive(site, tmp_path, minilm, trained_reader) as components:
        client = create_app(Newsquote(components)).test_client()
        found = list(sent(site, lambda example: _by_client(client, example)))
    if request.config.getoption("--examples"):
        written = [
            {name: value for name, value in asdict(real).items() if value or name == "body"} for _, real in found
        ]
        kept = [{name: value for name, value in one.items() if value is not None} for one in written]
        PATH.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        return
    for shown, real in found:
        assert (shown.status, shown.media_type) == (real.status, real.media_type), shown.path
        assert agrees(shown.answer, real.answer), json.dumps(real.answer, indent=1)


def _by_client(client: FlaskClient, example: Example) -> tuple[int, str, str]:
    address = Snippets(example, "/").address
    if example.file:
        file = (BytesIO(DRAFT.encode()), example.file)
        response = client.open(address, method=example.method, data={"file": file})
    else:
        response = client.open(address, method=example.method, json=example.body, headers=dict(example.headers))
    return response.status_code, response.content_type, response.text


def test_every_request_has_an_example(client: FlaskClient) -> None:
    spec = client.get("/api/openapi.json").get_json()
    described = {(method.upper(), path) for path, item in spec["paths"].items() for method in item}
    assert set(examples()) == described
    for (method, path), example in examples().items():
        responses = spec["paths"][path][method.lower()]["responses"]
        assert str(example.status) in responses
        assert example.media_type in responses[str(example.status)].get("content", {"": None}) or not example.answer
        assert example.status < HTTPStatus.BAD_REQUEST


def test_forms_go_to_the_server_that_sent_the_page_whatever_a_proxy_tells_it(client: FlaskClient) -> None:
    page = client.get("/api/docs", base_url="http://localhost:8000/news").text
    assert '<form action="/news/api/query?' in page
    assert 'action="http' not in page


@pytest.mark.parametrize("language", ["curl", "Python"])
@pytest.mark.parametrize("needs_key", [False, True])
def test_snippets_run_as_they_stand(site: Site, tmp_path: Path, reader: Reader, language: str, needs_key: bool) -> None:
    (tmp_path / "draft.txt").write_text(DRAFT)
    given = {"ask_needs_key": True, "admin_token": TOKEN} if needs_key else {}
    folder = tmp_path / "data"
    with (
        archive(site, folder, CountingEmbedder(), reader, **given) as components,
        serving(components) as server,
    ):
        root = f"http://127.0.0.1:{server.effective_port}/"

        def run(example: Example) -> tuple[int, str, str]:
            snippet = Snippets(example, root, needs_key and example.path.startswith("/api/")).by_language[language]
            return example.status, example.media_type, _said(language, snippet, tmp_path)

        for shown, real in sent(site, run):
            assert (shown.answer is None) is (real.answer is None), real
            if shown.is_json:
                assert shown.answer.keys() == real.answer.keys(), real


def _said(language: str, snippet: str, folder: Path) -> str:
    """Return what the snippet prints, as JSON if it prints what Python makes of it."""
    if language == "Python":
        snippet = snippet.replace("print(json.load(response))", "print(json.dumps(json.load(response)))")
    command = [sys.executable, "-c", snippet] if language == "Python" else ["bash", "-c", snippet]
    done = subprocess.run(
        command,
        cwd=folder,
        env={"PATH": os.environ["PATH"], KEY: TOKEN, "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, ""), snippet
    assert '"status": 4' not in done.stdout, (snippet, done.stdout)
    return done.stdout.strip()


def test_what_is_sent_is_quoted_for_each_language() -> None:
    odd = 'it\'s $(rm -rf) `x` "y" </script> \\ é'
    example = Example(
        "POST", "/api/articles/{article_id}", {"article_id": "a/b c"}, {"q": "a&b"}, {"Owner-Key": "'k"}, {"text": odd}
    )
    snippets = Snippets(example, "http://127.0.0.1:8000/", needs_key=True).by_language
    assert snippets["curl"] == (
        "curl -s 'http://127.0.0.1:8000/api/articles/a%2Fb%20c?q=a%26b' \\\n"
        f'     -H "Authorization: Bearer ${KEY}" \\\n'
        "     -H 'Owner-Key: '\"'\"'k' \\\n"
        "     -H 'Content-Type: application/json' \\\n"
        '     -d \'{"text": "it\'"\'"\'s $(rm -rf) `x` \\"y\\" </script> \\\\ é"}\''
    )
    told = subprocess.run(
        ["bash", "-c", snippets["curl"].replace("curl -s", "printf '%s\\n'")], capture_output=True, check=True
    )
    assert json.loads(told.stdout.decode().splitlines()[-1]) == {"text": odd}
    assert "os.environ['NEWSQUOTE_KEY']" in snippets["Python"]
    compile(snippets["Python"], "snippet", "exec")
    assert json.dumps(odd, ensure_ascii=False) in snippets["JavaScript"]
    assert snippets["JavaScript"].startswith('const key = "YOUR_KEY";\nconst response = await fetch(')
    for language in ("Python", "JavaScript"):
        assert '"Owner-Key": "\'k"' in snippets[language]


def test_conversation_is_deleted_with_the_key_of_its_owner(site: Site, tmp_path: Path, reader: Reader) -> None:
    with archive(site, tmp_path, CountingEmbedder(), reader, admin_token=TOKEN) as components:
        client = create_app(Newsquote(components)).test_client()
        asked: Any = client.post("/api/query", json=examples()["POST", "/api/query"].body).json
        made_up = {name: asked[place] for name, place in MADE_UP["POST", "/api/query"].items()}
        deletion = _renamed(examples()["DELETE", "/api/conversations/{conversation_id}"], made_up)
        assert _by_client(client, replace(deletion, headers={}))[0] == 401
        assert _by_client(client, deletion)[0] == 204
