"""The service's own components over one week's articles, kept between runs so that nothing is embedded twice."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from benchmarks import report
from benchmarks.news import Week
from index.embedding.embedder import DEFAULT_MODEL, Embedder
from index.store.ids import digest
from service.readers.reader import Reader
from service.settings import Settings
from service.wiring import Components

CACHE = Path(__file__).parent / ".cache"


def open_archive(
    week: Week, embedder: Embedder, reader: Reader | None = None, **settings: Any
) -> Components:  # of the settings' types
    """Return components with these ``settings`` and the week's articles taken in."""
    name = (
        week.name
        if embedder.model.startswith(f"{DEFAULT_MODEL}@")
        else f"{week.name}-{digest(embedder.model).hex()[:8]}"
    )
    components = Components(Settings.checked(data_dir=CACHE / name, **settings), embedder, reader)
    missing = [article for article in week.articles if article.id not in components.store.articles]
    for done, _ in enumerate(components.ingester.add(missing), start=1):
        report.progress(f"{week.name}, articles embedded", done, len(missing))
    components.engine.catch_up()
    return components
