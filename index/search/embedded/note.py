"""What is noted beside tantivy's files: how far they follow the store, and what they are."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from index.search.embedded.sums import sha256
from index.store.changes import Change

SEEN = "seen.json"
FORM = 4
"""Of what is written: 2 since an article is found by its words, as well as each of its sentences, 3 since each
document has what articles are filtered by, and 4 since furniture is left out of what was found."""


@dataclass(frozen=True, slots=True)
class Note:
    """The last change taken in, and the SHA-256 of each file by its name."""

    change: Change
    files: Mapping[str, str]

    @classmethod
    def read(cls, folder: Path) -> Note | None:
        """Return the note in the folder; None if there is none that can be read, or an earlier version wrote it."""
        try:
            found = json.loads((folder / SEEN).read_bytes())
            files = {str(name): str(expected) for name, expected in found["files"].items()}
            return None if found.get("form") != FORM else cls(Change(int(found["change"]), str(found["token"])), files)
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return None

    @classmethod
    def of(cls, folder: Path, change: Change, known: Mapping[str, str]) -> Note:
        """Return the note of what is in the folder now; of what is ``known``, only files that change are read again."""
        names = [path.name for path in sorted(folder.iterdir()) if path.suffix != ".lock" and path.stem != "seen"]
        fixed = {name: known[name] for name in names if name in known and not name.endswith(".json")}
        return cls(change, {name: fixed.get(name) or sha256(folder / name) for name in names})

    def write(self, folder: Path) -> None:
        """Put the note in the folder, in the place of the one before."""
        fresh = folder / "seen.new"
        noted = {"form": FORM, "change": self.change.number, "token": self.change.token, "files": dict(self.files)}
        fresh.write_text(json.dumps(noted, indent=1))
        fresh.replace(folder / SEEN)
