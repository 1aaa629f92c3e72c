from __future__ import annotations

import re
from pathlib import Path

import pytest

from index.errors import SettingsError
from service.settings import PREFIX, Settings

README = Path(__file__).parents[2] / "README.md"


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_environment_wins_over_the_file(elsewhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (elsewhere / ".env").write_text("NEWSQUOTE_PORT=9000\nNEWSQUOTE_HOST=::1\nOTHER=1\n")
    monkeypatch.setenv("NEWSQUOTE_PORT", "9001")
    settings = Settings.from_env()
    assert (settings.port, settings.host) == (9001, "::1")


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("NEWSQUOTE_PROT", "9000", "NEWSQUOTE_PROT='9000': there is no such setting"),
        ("NEWSQUOTE_PORT", "many", "NEWSQUOTE_PORT='many': Input should be a valid integer"),
        ("NEWSQUOTE_PORT", "70000", "NEWSQUOTE_PORT='70000': Input should be less than or equal to 65535"),
        ("NEWSQUOTE_PRECISION", "2", "NEWSQUOTE_PRECISION='2': Input should be less than or equal to 1"),
        ("NEWSQUOTE_RECENCY_WEIGHT", "nan", "NEWSQUOTE_RECENCY_WEIGHT='nan': Input should be a finite number"),
        ("NEWSQUOTE_PUBLIC_URL", "news.example", "NEWSQUOTE_PUBLIC_URL='news.example': String should match"),
        ("NEWSQUOTE_LOG_LEVEL", "LOUD", "NEWSQUOTE_LOG_LEVEL='LOUD': String should match"),
    ],
)
def test_unknown_name_or_bad_value_stops_the_start(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, message: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError, match=re.escape(message)):
        Settings.from_env()


def test_retired_name_warns_and_is_ignored(elsewhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (elsewhere / ".env").write_text("NEWSQUOTE_DENSE_WEIGHT=heavy\nNEWSQUOTE_PORT=9000\n")
    monkeypatch.setenv("NEWSQUOTE_RANK_CONSTANT", "20")
    with pytest.warns(UserWarning, match="is no longer a setting and is ignored") as warned:
        assert Settings.from_env() == Settings.checked(port=9000)
    assert {str(warning.message).split()[0] for warning in warned} == {
        "NEWSQUOTE_DENSE_WEIGHT",
        "NEWSQUOTE_RANK_CONSTANT",
    }


def test_unknown_name_in_the_file_stops_the_start(elsewhere: Path) -> None:
    (elsewhere / ".env").write_text("NEWSQUOTE_PROT=9000\n")
    with pytest.raises(SettingsError, match="NEWSQUOTE_PROT"):
        Settings.from_env()


def test_hosts_come_with_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEWSQUOTE_ALLOWED_HOSTS", "news.example.org, localhost,")
    assert Settings.from_env().allowed_hosts == ("news.example.org", "localhost")


def test_networks_and_ports_come_with_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEWSQUOTE_FETCH_NETWORKS", "10.1.0.0/16,fd00::/8")
    monkeypatch.setenv("NEWSQUOTE_FETCH_PORTS", "8080, 8443")
    settings = Settings.from_env()
    assert list(map(str, settings.fetch_networks)) == ["10.1.0.0/16", "fd00::/8"]
    assert settings.fetch_ports == (8080, 8443)
    monkeypatch.setenv("NEWSQUOTE_FETCH_PORTS", "0")
    with pytest.raises(SettingsError, match="NEWSQUOTE_FETCH_PORTS"):
        Settings.from_env()


@pytest.mark.parametrize(
    ("host", "expected"),
    [("127.0.0.1", True), ("::1", True), ("[::1]", True), ("localhost", True), ("0.0.0.0", False), ("::", False)],
)
def test_is_local_means_only_this_machine_reaches_it(host: str, expected: bool) -> None:
    assert Settings.checked(host=host).is_local is expected


def test_secrets_are_not_shown() -> None:
    assert "hunter2" not in repr(Settings.checked(admin_token="hunter2", secret_key="hunter2"))


def test_readme_lists_every_setting_with_its_default_and_description() -> None:
    rows = re.findall(r"^\| `NEWSQUOTE_(\w+)` \| (.*?) \| (.*) \|$", README.read_text(), re.MULTILINE)
    listed = {name: (default, described) for name, default, described in rows}
    assert set(listed) == {name.upper() for name in Settings.model_fields}
    for name, field in Settings.model_fields.items():
        default = ",".join(field.default) if isinstance(field.default, tuple) else field.default
        shown, described = listed[name.upper()]
        assert shown == ("" if default in {None, ""} else f"`{default}`"), PREFIX + name.upper()
        assert described.startswith(str(field.description)), PREFIX + name.upper()


def test_empty_seeds_mean_none_and_not_the_working_directory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEWSQUOTE_SEEDS", "")
    assert Settings.from_env().seeds is None
