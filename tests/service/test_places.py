from __future__ import annotations

from pathlib import Path

from service import places
from service.settings import Settings

ROOT = Path(__file__).parents[2]


def test_checkout_uses_the_folders_at_its_root() -> None:
    """``tests/test_installation.py`` shows where an installed wheel has them."""
    assert not places.IS_INSTALLED
    assert places.TEMPLATES == ROOT / "templates"
    defaults = Settings.checked()
    assert defaults.seeds == Path("seeds")
    assert defaults.data_dir == Path("data")
