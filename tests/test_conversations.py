"""Conversations over the articles of ``seeds/`` with the real model: on one subject, and from one to another."""

from __future__ import annotations

import json

import pytest

from benchmarks.followups import CASES, held_with
from service.wiring import Components

pytestmark = pytest.mark.slow
LEAST = 0.9
"""The share of turns whose first quote must be the expected one."""


@pytest.mark.parametrize("kind", ["one subject", "change of subject"])
def test_conversations_find_what_is_meant(seeded: Components, kind: str) -> None:
    conversations = json.loads(CASES.read_text())[kind]
    asked = [turn for turns in conversations for turn in held_with(seeded, turns)]
    wrong = [turn for turn in asked if not turn.is_right]
    assert len(conversations) >= 20
    assert len(wrong) <= (1 - LEAST) * len(asked), wrong
