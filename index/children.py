"""How a process of our own is begun that reads what others wrote, and is told as little as possible."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

_ROOT = Path(__file__).parents[1]
_PASSED_ON = ("PATH", "HOME", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "SYSTEMROOT", "TMPDIR")
"""Of the environment: it needs none of our settings, some of which are secret."""


def surroundings() -> dict[str, Any]:
    """Return where it runs, and with what, as ``subprocess`` takes it."""
    kept = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    return {
        "env": {**kept, "PYTHONPATH": str(_ROOT)},
        "cwd": "/",
        "start_new_session": True,  # Ctrl-C is for this process, which then ends that one
    }
