"""Where files lie: those that ship beside the code, and those that are kept.

In a checkout, ``templates/`` and ``seeds/`` stand at its root; a wheel has them inside this package (pyproject.toml).
"""

from __future__ import annotations

from pathlib import Path

from platformdirs import user_data_path

_PACKAGE = Path(__file__).parent
IS_INSTALLED = (_PACKAGE / "templates").is_dir()
"""Whether this runs from an installed wheel, and not from a checkout."""

TEMPLATES = (_PACKAGE if IS_INSTALLED else _PACKAGE.parent) / "templates"
SEEDS = _PACKAGE / "seeds" if IS_INSTALLED else Path("seeds")
DATA_DIR = user_data_path("newsquote", appauthor=False) if IS_INSTALLED else Path("data")
"""The default data folder: one of the user's that outlives an installation, or ``data`` where a checkout is used."""
