"""The wheel: what is in it, and that its program works in an environment that has nothing else of ours.

It is built through the sdist, so that has all that a wheel is made from. The environment sees the libraries that these
tests run with, as they take minutes to install.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import tomllib
import urllib.request
import venv
import zipfile
from dataclasses import dataclass
from email import message_from_bytes
from pathlib import Path
from typing import Any

import pytest

from service import VERSION
from tests.test_processes import call

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
MOVED = {"templates": "service/templates", "seeds": "service/seeds"}
"""Folders of a checkout that stand elsewhere in a wheel."""
BUILT_FROM = ("pyproject.toml", "MANIFEST.in", "README.md", "LICENSE", "requirements.txt")
NAME = f"newsquote-{VERSION}"
QUESTION = "How many North Korean troops were sent?"


def shipped() -> set[str]:
    """Return what a wheel should hold, as paths in a checkout: all of four folders."""
    found = (path for folder in ("index", "service", *MOVED) for path in (ROOT / folder).rglob("*") if path.is_file())
    return {path.relative_to(ROOT).as_posix() for path in found if path.parent.name != "__pycache__"}


def in_wheel(path: str) -> str:
    """Return where a wheel holds what stands at ``path`` in a checkout."""
    folder, _, rest = path.partition("/")
    return f"{MOVED.get(folder, folder)}/{rest}"


def folders() -> set[str]:
    """Return the folders of code, and those that move, as a wheel's packages."""
    code = {path.rpartition("/")[0].replace("/", ".") for path in shipped() if path.endswith("/__init__.py")}
    return code | {folder.replace("/", ".") for folder in MOVED.values()}


def test_every_folder_of_code_is_listed_as_a_package() -> None:
    assert set(PROJECT["tool"]["setuptools"]["packages"]) == folders()


def test_driver_of_postgresql_is_the_one_that_is_tested() -> None:
    assert PROJECT["project"]["optional-dependencies"]["postgresql"][0] in (ROOT / "requirements-dev.txt").read_text()


@pytest.mark.parametrize("extra", ["mcp", "milvus"])
def test_extra_is_what_its_requirements_name(extra: str) -> None:
    lines = (ROOT / f"requirements-{extra}.txt").read_text().splitlines()
    assert PROJECT["project"]["optional-dependencies"][extra] == [line for line in lines if not line.startswith("#")]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build from a copy, in which stands what must not be shipped; return the folder of wheel and sdist."""
    source = tmp_path_factory.mktemp("source")
    for folder in ("index", "service", *MOVED):
        shutil.copytree(ROOT / folder, source / folder)
    for name in BUILT_FROM:
        shutil.copy(ROOT / name, source)
    for stray in ("data/newsquote.db", "tests/test_stray.py", "benchmarks/.cache/stray.json", "service/web/.stray"):
        (source / stray).parent.mkdir(parents=True, exist_ok=True)
        (source / stray).write_text("stray")
    build = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(source / "dist"), str(source)]
    done = subprocess.run(build, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return source / "dist"


@pytest.fixture(scope="module")
def wheel(built: Path) -> Path:
    return built / f"{NAME}-py3-none-any.whl"


@pytest.mark.slow
def test_wheel_holds_the_four_folders_and_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        held = {name for name in archive.namelist() if not name.startswith(f"{NAME}.dist-info/")}
    assert held == {in_wheel(path) for path in shipped()}


@pytest.mark.slow
def test_sdist_holds_what_the_wheel_is_built_from(built: Path) -> None:
    with tarfile.open(built / f"{NAME}.tar.gz") as archive:
        held = {member.name.removeprefix(f"{NAME}/") for member in archive if member.isfile()}
    written = {name for name in held if name.startswith("newsquote.egg-info/") or name in {"PKG-INFO", "setup.cfg"}}
    assert held - written == shipped() | set(BUILT_FROM)


@pytest.mark.slow
def test_wheel_names_its_program_and_the_libraries_of_requirements(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        about = message_from_bytes(archive.read(f"{NAME}.dist-info/METADATA"))
        programs = archive.read(f"{NAME}.dist-info/entry_points.txt").decode()
    needed = re.findall(r"^\w[^\s#]*", (ROOT / "requirements.txt").read_text(), re.MULTILINE)
    assert sorted(line for line in about.get_all("Requires-Dist", []) if "extra" not in line) == sorted(needed)
    assert programs.split() == ["[console_scripts]", "newsquote", "=", "service.cli:main"]


@dataclass(frozen=True)
class Installation:
    """An environment with the wheel in it, a home folder to use it in, and a folder to start it from."""

    bin: Path
    home: Path
    elsewhere: Path

    @property
    def environment(self) -> dict[str, str]:
        home = {"HOME": str(self.home), "XDG_DATA_HOME": str(self.home / "share"), "TMPDIR": str(self.home)}
        kept = {name: os.environ[name] for name in ("PATH", "OMP_NUM_THREADS") if name in os.environ}
        return kept | home | {"NEWSQUOTE_LOG_LEVEL": "ERROR"}

    def run(self, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [self.bin / program, *arguments],
            cwd=self.elsewhere,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )


@pytest.fixture(scope="module")
def installation(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Installation:
    root = tmp_path_factory.mktemp("installation")
    venv.create(root / "env", with_pip=False, symlinks=True)
    libraries = Path(sysconfig.get_path("purelib", vars={"base": str(root / "env")}))
    (libraries / "libraries.pth").write_text(sysconfig.get_path("purelib"))
    installed = root / "env" / "bin"
    pip = [sys.executable, "-m", "pip", "--quiet", "--python", str(installed / "python")]
    subprocess.run([*pip, "install", "--no-index", "--no-deps", str(wheel)], check=True, timeout=120)
    for folder in ("home", "elsewhere"):
        (root / folder).mkdir()
    return Installation(installed, root / "home", root / "elsewhere")


@pytest.mark.slow
def test_packages_are_those_of_the_wheel(installation: Installation) -> None:
    where = "import index, service; print(index.__file__, service.__file__, sep='\\n')"
    found = installation.run("python", "-c", where).stdout.split()
    assert len(found) == 2
    assert all(Path(path).is_relative_to(installation.bin.parent) for path in found)


@pytest.mark.slow
def test_program_is_called_newsquote(installation: Installation) -> None:
    assert installation.run("newsquote", "ask").stderr.startswith("Usage: newsquote ask [OPTIONS] QUESTION")


CONFINE = """
mount --bind "$HOME" "$HOME" && mount -o remount,ro,bind / && ! touch "$1" 2>/dev/null \
    && exec setpriv --inh-caps=-all --bounding-set=-all --no-new-privs "$@"
"""
"""Read-only but for the home folder, without capabilities: as in a container (compose.yaml)."""


@dataclass(frozen=True)
class Served:
    """What the installed program gave over HTTP, and whether it could write in its home folder alone."""

    page: str
    style: bytes
    answer: Any
    health: list[int]
    status: int
    is_confined: bool


@pytest.fixture(scope="module")
def served(installation: Installation) -> Served:
    prefix = ["unshare", "--mount", *([] if os.geteuid() == 0 else ["--map-root-user"]), "sh", "-c", CONFINE, "sh"]
    tried = [*prefix, str(installation.bin / "python"), "-c", ""]
    is_confined = bool(shutil.which("unshare")) and can_run(tried, installation.environment)
    program = [*(prefix if is_confined else []), str(installation.bin / "newsquote"), "serve", "--port", "0"]
    process = subprocess.Popen(
        program, cwd=installation.elsewhere, env=installation.environment, stderr=subprocess.PIPE, text=True
    )
    assert process.stderr is not None
    try:
        lines = iter(process.stderr.readline, "")
        address = next(found[1] for line in lines if (found := re.search(r"is listening on (http://\S+)", line)))
        page, style = read(address).decode(), read(f"{address}/static/style.css")
        answer = call("POST", f"{address}/api/query", {"question": QUESTION})
        health = [check_health(address)]
    finally:
        process.terminate()
        process.communicate(timeout=30)
    health.append(check_health(address))
    return Served(page, style, answer, health, process.returncode, is_confined)


def can_run(command: list[str], environment: dict[str, str]) -> bool:
    return subprocess.run(command, env=environment, capture_output=True, check=False).returncode == 0


def read(address: str) -> bytes:
    with urllib.request.urlopen(address, timeout=60) as response:
        content: bytes = response.read()
        return content


def check_health(address: str) -> int:
    """Return what the check of the image exits with, under a name that the server knows."""
    port = {"NEWSQUOTE_PORT": address.rpartition(":")[2], "NEWSQUOTE_ALLOWED_HOSTS": "localhost, news.example.org"}
    check = [sys.executable, str(ROOT / "deploy" / "healthcheck.py")]
    return subprocess.run(check, env=port, capture_output=True, timeout=30, check=False).returncode


@pytest.mark.slow
def test_installed_program_serves_its_seeds_pages_and_models(served: Served) -> None:
    assert "10,000" in served.answer["answer"]["text"]
    assert '<link rel="stylesheet"' in served.page
    assert served.style == (ROOT / "service" / "web" / "static" / "style.css").read_bytes()
    assert (served.health, served.status) == ([0, 1], 0)


@pytest.mark.slow
def test_installed_program_answers_at_the_command_line_from_the_users_own_data(
    installation: Installation, served: Served
) -> None:
    asked = installation.run("newsquote", "ask", "--json", QUESTION)
    assert asked.returncode == 0, asked.stderr
    assert json.loads(asked.stdout)["quotes"][0]["text"] == served.answer["quotes"][0]["text"]
    assert (installation.home / "share" / "newsquote" / "newsquote.db").is_file()
    assert list(installation.elsewhere.iterdir()) == []


@pytest.mark.slow
def test_program_needs_no_capability_and_nowhere_to_write_but_its_home(served: Served) -> None:
    if not served.is_confined:
        pytest.skip("no namespace can be made here in which all is read-only")
    assert served.status == 0
