"""What reading documents costs, and what a process of its own adds to that: ``python -m benchmarks.parsing``.

Reads the pages, PDFs and Word file of ``tests/data/``, and a PDF of a hundred pages made of one of them. Each figure is
the best of some rounds: other load on the machine only slows it down.
"""

from __future__ import annotations

import importlib
import os
import time
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

from pypdf import PdfReader, PdfWriter

from benchmarks import report
from index.formats.apart import Parsers
from index.formats.given import Given, Limits

DATA = Path(__file__).parents[1] / "tests" / "data"
LIMITS = Limits(article_bytes=2_000_000, file_bytes=50_000_000)
ROUNDS = 15
ENOUGH_S = 5.0
"""After so many seconds there is no further round."""
COLD_ROUNDS = 5
LONG_PAGES = 100


def best_ms(work: Callable[[], object], rounds: int = ROUNDS) -> float:
    """Return the milliseconds of the fastest of some rounds."""
    took: list[float] = []
    while len(took) < rounds and sum(took) < ENOUGH_S:
        started = time.perf_counter()
        work()
        took.append(time.perf_counter() - started)
    return round(1000 * min(took), 1)


def documents() -> dict[str, tuple[str, bytes]]:
    """Return what is read, by what it is, with the kind of its parser."""
    pdf = (DATA / "documents" / "harbour-chromium.pdf").read_bytes()
    return {
        "web page, 7 kB": ("html", (DATA / "pages" / "broadsheet.html").read_bytes()),
        "PDF, 2 pages": ("pdf", pdf),
        f"PDF, {LONG_PAGES} pages": ("pdf", long_pdf(pdf)),
        "Word, 1 page": ("docx", (DATA / "documents" / "harbour.docx").read_bytes()),
        "Markdown, 1 kB": ("markdown", b"# Moon\n\n" + b"It *began* on Monday, and [ended](http://x.org).\n\n" * 20),
    }


def long_pdf(pdf: bytes) -> bytes:
    """Return a PDF of many pages, which are those of another over and over."""
    writer, target = PdfWriter(), BytesIO()
    for _ in range(LONG_PAGES // 2):
        writer.append(PdfReader(BytesIO(pdf)))
    writer.write(target)
    return target.getvalue()


def memory_mib(pid: int) -> float:
    """Return the resident memory of a process, in MiB."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return round(pages * os.sysconf("SC_PAGE_SIZE") / 2**20, 1)


def main() -> None:
    """Measure, and write the results."""
    rows, figures = [], dict[str, object]()
    for name, (kind, content) in documents().items():
        given = Given("measured", BytesIO(), LIMITS)
        module = importlib.import_module(f"index.formats.{kind}")
        here = best_ms(lambda m=module, c=content, g=given: m.extract(c, g))  # type: ignore[misc]
        cold = best_ms(lambda k=kind, c=content, g=given: cold_start(k, c, g), COLD_ROUNDS)  # type: ignore[misc]
        parsers = Parsers()
        apart = best_ms(lambda k=kind, c=content, g=given, p=parsers: p.parse(k, c, g))  # type: ignore[misc]
        (memory,) = [memory_mib(process._process.pid) for process in parsers._idle]
        parsers.close()
        rows.append((name, here, apart, round(apart - here, 1), cold, memory))
        figures[name] = {"here_ms": here, "apart_ms": apart, "cold_ms": cold, "idle_mib": memory}
    head = ("", "parsed here, ms", "apart, ms", "more, ms", "the first one, ms", "memory of the idle process, MiB")
    report.write("parsing", "Parsing apart", report.table(head, rows), figures)


def cold_start(kind: str, content: bytes, given: Given) -> None:
    """Parse with a process that has yet to be started."""
    parsers = Parsers()
    parsers.parse(kind, content, given)
    parsers.close()


if __name__ == "__main__":
    main()
