"""The files in which Newsquote is deployed, as far as that can be seen without running a container or systemd."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest
import yaml

from service.settings import PREFIX, Settings
from tests.test_installation import BUILT_FROM, MOVED

ROOT = Path(__file__).parents[1]
UNIT = ROOT / "deploy" / "newsquote.service"
MOST_EXPOSED = 20
"""Of systemd's 0 to 100; it calls 10 to 20 "OK"."""


def lint(program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a linter that is installed beside this Python, or anywhere."""
    found = shutil.which(program, path=str(Path(sys.executable).parent)) or shutil.which(program)
    if not found:
        pytest.skip(f"no {program} here")
    return subprocess.run([found, *arguments], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)


def instructions() -> list[tuple[str, str]]:
    """Return the Dockerfile's instructions and what follows each, lines joined and comments left out."""
    text = re.sub(r"^#.*\n", "", (ROOT / "Dockerfile").read_text(), flags=re.MULTILINE)
    lines = [line for line in text.replace("\\\n", " ").splitlines() if line.strip()]
    return [(name, rest.strip()) for name, _, rest in (line.partition(" ") for line in lines)]


def copied() -> list[str]:
    """Return the files and folders that are copied from the checkout into the image."""
    arguments = [shlex.split(rest) for name, rest in instructions() if name == "COPY"]
    return [path for words in arguments if not words[0].startswith("--") for path in words[:-1]]


def test_dockerfile_passes_its_linter() -> None:
    done = lint("hadolint", "--no-color", "Dockerfile")
    assert done.returncode == 0, done.stdout


def test_dockerfile_copies_what_a_wheel_is_built_from_and_the_health_check() -> None:
    assert set(copied()) == {*BUILT_FROM, "index", "service", *MOVED, "deploy/healthcheck.py"}
    assert all((ROOT / path).exists() for path in copied())


def test_build_context_holds_what_is_copied_and_nothing_else() -> None:
    rules = [line for line in (ROOT / ".dockerignore").read_text().splitlines() if line and not line.startswith("#")]
    assert rules[0] == "*"
    assert {rule[1:] for rule in rules if rule.startswith("!")} == set(copied())
    assert not any(fnmatch(path, rule) for rule in rules[1:] for path in copied())


def test_image_runs_as_nobody_special_and_keeps_data_in_a_volume() -> None:
    last = dict(instructions()[[name for name, _ in instructions()].index("FROM", 1) :])
    assert last["USER"] == "10001"
    assert last["VOLUME"] == "/data"
    assert (last["ENTRYPOINT"], last["CMD"]) == ('["newsquote"]', '["serve"]')
    assert '["python", "/opt/newsquote/healthcheck.py"]' in last["HEALTHCHECK"]


COMPOSE, MILVUS = "compose.yaml", "deploy/milvus.yaml"


def services(path: str = COMPOSE) -> dict[str, Any]:
    made: dict[str, Any] = yaml.safe_load((ROOT / path).read_text())["services"]
    return made


@pytest.mark.parametrize("path", [COMPOSE, MILVUS])
def test_compose_passes_its_linter(path: str) -> None:
    done = lint("compose-lint", "check", path)
    assert done.returncode == 0, done.stdout


def test_milvus_is_reached_by_newsquote_alone_which_waits_for_it() -> None:
    added = services(MILVUS)
    assert (added["milvus"]["networks"], added["milvus"].get("ports")) == (["inside"], None)
    assert added["newsquote"]["depends_on"] == {"milvus": {"condition": "service_healthy"}}
    assert added["newsquote"]["environment"]["NEWSQUOTE_MILVUS_URI"] == "http://milvus:19530"
    wanted = added["newsquote"]["build"]["args"]["EXTRAS"].split(",")
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    assert set(wanted) == {"postgresql", "milvus"}
    assert set(wanted) <= set(extras)


@pytest.mark.parametrize("name", ["newsquote", "database"])
def test_compose_gives_each_service_as_little_as_it_needs(name: str) -> None:
    service = services()[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert {"mem_limit", "pids_limit", "tmpfs"} <= set(service)
    assert not any(port for port in service.get("ports", ()) if not port.startswith("127.0.0.1:"))


def test_compose_waits_for_a_healthy_database() -> None:
    assert services()["newsquote"]["depends_on"] == {"database": {"condition": "service_healthy"}}
    assert "pg_isready" in services()["database"]["healthcheck"]["test"]


def test_compose_has_no_secret_and_stops_without_one() -> None:
    given = [item for service in services().values() for item in service["environment"].items()]
    secrets = [value for name, value in given if re.search("TOKEN|PASSWORD", name)]
    assert len(secrets) == 3
    assert all(re.fullmatch(r"\$\{\w+:\?[^}]+\}", value) for value in secrets)


@pytest.mark.parametrize("path", ["Dockerfile", COMPOSE, MILVUS, "deploy/newsquote.service", "deploy/healthcheck.py"])
def test_every_setting_that_is_named_exists(path: str) -> None:
    named = set(re.findall(rf"\b{PREFIX}([A-Z_]+)\b", (ROOT / path).read_text()))
    assert named
    assert named <= {name.upper() for name in Settings.model_fields}


def test_unit_is_valid_but_for_the_program_that_is_not_installed_here(tmp_path: Path) -> None:
    here = tmp_path / UNIT.name
    here.write_text(UNIT.read_text().replace("/opt/newsquote/bin/newsquote", sys.executable))
    done = lint("systemd-analyze", "verify", "--man=no", str(here))
    assert (done.returncode, done.stderr) == (0, "")


def test_unit_leaves_little_exposed() -> None:
    done = lint("systemd-analyze", "security", "--offline=yes", f"--threshold={MOST_EXPOSED}", "--no-pager", str(UNIT))
    assert done.returncode == 0, done.stdout
