"""Parsers that die, hang or grow, in processes of their own."""

from __future__ import annotations

import os
import signal
import time
import zlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from threading import BoundedSemaphore

import pytest

from index import deadline
from index.errors import TookTooLong
from index.formats.apart import PARSERS, Parsers
from index.formats.given import Given, Limits
from tests.index.formats.reading import DATA, LIMITS, article, complaints

HARBOUR = (DATA / "documents" / "harbour-chromium.pdf").read_bytes()


def pdf_of(stream: bytes) -> bytes:
    """Return a PDF of one page with this content, packed."""
    packed = zlib.compress(stream, 9)
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>",
        b"<</Length %d/Filter/FlateDecode>>stream\n%b\nendstream" % (len(packed), packed),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    body, table = b"%PDF-1.7\n", b"0000000000 65535 f \n"
    for number, one in enumerate(objects, start=1):
        table += b"%010d 00000 n \n" % len(body)
        body += b"%d 0 obj\n%b\nendobj\n" % (number, one)
    return body + b"xref\n0 6\n%btrailer<</Root 1 0 R/Size 6>>\nstartxref\n%d\n%%%%EOF" % (table, len(body))


HUGE = pdf_of(b"BT /F 9 Tf " + b"(x) Tj 0 1 Td " * 3_000_000 + b"ET")
"""Some hundred kilobytes that stand for 42 million."""


@pytest.mark.parametrize(
    ("limits", "said"),
    [
        (replace(LIMITS, parse_s=0.5), "reading it took longer than 0.5 seconds"),
        (replace(LIMITS, parse_processor_s=1), "reading it took more than 1 seconds of processor time"),
        (replace(LIMITS, parse_memory_bytes=150_000_000), "reading it takes more than 150,000,000 bytes of memory"),
    ],
)
def test_parser_beyond_its_limits_is_one_clear_error_and_the_next_file_is_read(limits: Limits, said: str) -> None:
    assert complaints("huge.pdf", HUGE, limits) == [f"huge.pdf: {said}"]
    assert article("fine.pdf", HARBOUR).title == "Harbour to close for eleven weeks"


@pytest.fixture(autouse=True)
def _unhurried() -> Iterator[None]:
    """Give each test all the time again."""
    yield
    deadline.stop()


def children() -> list[int]:
    """Return the parsing processes of this process."""
    listed = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
    return [int(pid) for pid in listed if b"index.formats.parser" in Path(f"/proc/{pid}/cmdline").read_bytes()]


def test_process_is_used_again_and_started_anew_when_it_was_killed() -> None:
    article("fine.pdf", HARBOUR)
    (first,) = children()
    article("fine.pdf", HARBOUR)
    assert children() == [first]
    os.kill(first, signal.SIGKILL)
    article("fine.pdf", HARBOUR)
    (second,) = children()
    assert second != first


def test_process_killed_at_work_costs_no_file() -> None:
    article("fine.pdf", HARBOUR)
    (process,) = children()
    os.kill(process, signal.SIGSTOP)  # so that it is at work for sure
    with ThreadPoolExecutor(1) as pool:
        read = pool.submit(article, "fine.pdf", HARBOUR)
        while PARSERS._idle:
            time.sleep(0.001)
        os.kill(process, signal.SIGKILL)
        assert read.result(timeout=30).title == "Harbour to close for eleven weeks"


def test_parser_has_no_longer_than_the_answer() -> None:
    article("fine.pdf", HARBOUR)
    (process,) = children()
    os.kill(process, signal.SIGSTOP)  # it would hang for as long as a parser may take
    deadline.start(0.5)
    begun = time.monotonic()
    with pytest.raises(TookTooLong):
        article("fine.pdf", HARBOUR)
    assert time.monotonic() - begun < LIMITS.parse_s
    deadline.stop()
    assert article("fine.pdf", HARBOUR).title == "Harbour to close for eleven weeks"


def test_nobody_waits_longer_for_a_parser_than_for_the_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(PARSERS, "_free", BoundedSemaphore(1))
    PARSERS._free.acquire()  # all are at work
    deadline.start(0.1)
    with pytest.raises(TookTooLong):
        article("fine.pdf", HARBOUR)


def test_parser_is_told_none_of_our_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEWSQUOTE_ADMIN_TOKEN", "s3cret")
    parsers = Parsers()
    try:
        given = Given("a.pdf", (DATA / "documents" / "harbour-chromium.pdf").open("rb"), LIMITS)
        with given.file:
            parsers.parse("pdf", given.whole(), given)
        environments = [Path(f"/proc/{pid}/environ").read_bytes() for pid in children()]
        assert environments
        assert [found for found in environments if b"s3cret" in found] == []
    finally:
        parsers.close()


def test_many_threads_read_at_once() -> None:
    with ThreadPoolExecutor(6) as pool:
        titles = {found.title for found in pool.map(lambda _: article("fine.pdf", HARBOUR), range(12))}
    assert titles == {"Harbour to close for eleven weeks"}


def test_closed_parsers_leave_no_process() -> None:
    article("fine.pdf", HARBOUR)
    PARSERS.close()
    assert children() == []


def test_forked_process_has_parsers_of_its_own() -> None:
    article("fine.pdf", HARBOUR)
    ours = children()
    child = os.fork()
    if child == 0:
        try:
            is_fine = article("fine.pdf", HARBOUR).title is not None and children() != ours
            PARSERS.close()
            os._exit(0 if is_fine else 1)
        finally:
            os._exit(2)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert article("fine.pdf", HARBOUR).title == "Harbour to close for eleven weeks"
    assert children() == ours
