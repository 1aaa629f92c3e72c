from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient
from flask_openapi3 import OpenAPI
from structlog.testing import capture_logs

from index.errors import BrokenQuote
from service.newsquote import Newsquote
from service.web.app import create_app
from service.wiring import Components


def metrics(client: FlaskClient) -> dict[str, float]:
    response = client.get("/metrics")
    assert response.status_code == 200
    lines = (line.rpartition(" ") for line in response.text.splitlines() if not line.startswith("#"))
    return {name: float(value) for name, _, value in lines}


def test_metrics_count_questions_by_outcome_and_requests_by_route(client: FlaskClient) -> None:
    for question in ("How many troops were sent?", "How many brigades came?", "Who likes purple elephants?"):
        client.post("/api/query", json={"question": question})
    client.get("/api/answers/none")
    found = metrics(client)
    assert found['newsquote_requests_total{method="POST",route="/api/query",status="200"}'] == 3
    assert found['newsquote_requests_total{method="GET",route="/api/answers/<answer_id>",status="404"}'] == 1
    assert sum(value for name, value in found.items() if name.startswith("newsquote_questions_total")) == 3
    assert found['newsquote_questions_total{outcome="answered"}'] == 1
    assert found["newsquote_wait_seconds_count"] == 4


def test_metrics_measure_the_stages_of_an_answer(client: FlaskClient) -> None:
    client.post("/api/query", json={"question": "How many troops were sent?"})
    found = metrics(client)
    stages = {match[1] for name in found if (match := re.match(r'newsquote_stage_seconds_count{stage="(\w+)"}', name))}
    assert stages == {"embedding", "retrieving", "reading", "ranking", "keeping"}
    assert found['newsquote_request_seconds_count{route="/api/query"}'] == 1


def test_metrics_say_what_the_archive_holds_and_how_far_the_engine_is(
    client: FlaskClient, components: Components
) -> None:
    client.post("/api/query", json={"question": "How many troops were sent?"})
    found = metrics(client)
    assert (found["newsquote_articles"], found["newsquote_engine_lag"]) == (3, 0)
    assert found["newsquote_sentences"] == 7
    list(Newsquote(components).add([Newsquote(components).article_from("One more troop came.", {})]))
    assert metrics(client)["newsquote_engine_lag"] == 1


def test_metrics_count_broken_quotes(app: OpenAPI, components: Components) -> None:
    client = app.test_client()
    components.guarantee.broken = 2
    assert metrics(client)["newsquote_broken_quotes_total"] == 0
    assert metrics(client)["newsquote_broken_quotes_total"] == 2


@pytest.mark.parametrize("wanted", [False, True])
def test_log_says_how_questions_were_answered_and_holds_them_only_if_wanted(
    components: Components, wanted: bool
) -> None:
    components.settings = components.settings.model_copy(update={"log_questions": wanted})
    client = create_app(Newsquote(components)).test_client()
    with capture_logs() as logs:
        client.post("/api/query", json={"question": "How many troops were sent?"})
    (answered,) = [entry for entry in logs if entry["event"] == "answered"]
    assert (answered["outcome"], answered.get("question", "")) == (
        "answered",
        "How many troops were sent?" if wanted else "",
    )
    assert wanted or "troops" not in str(logs)


def test_problem_names_the_request_as_the_log_does(app: OpenAPI) -> None:
    @app.get("/api/broken")
    def broken() -> str:
        raise BrokenQuote("It does not read so.")

    response = app.test_client().get("/api/broken")
    told = response.get_json(force=True)
    assert re.fullmatch("[0-9a-f]{16}", told["request_id"])
    assert response.headers["X-Request-Id"] == told["request_id"]
