"""A real PostgreSQL server, made for a test."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest


def _programs() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"))
    if not found and not shutil.which("pg_ctl"):
        pytest.skip("no PostgreSQL here: sudo apt-get install postgresql")
    return found[-1].parent if found else Path(shutil.which("pg_ctl") or "").parent


@contextmanager
def serving_postgresql() -> Iterator[str]:
    """Yield the URL of an empty database; the server listens on a socket in a folder of its own."""
    programs = _programs()
    user = {} if os.geteuid() else {"user": "postgres"}  # it refuses to run as root
    with TemporaryDirectory(prefix="newsquote-pg-") as folder:
        if user:
            os.chown(folder, pwd.getpwnam("postgres").pw_uid, -1)

        def run(program: str, *arguments: str) -> None:
            command = [str(programs / program), *arguments]
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=folder, **user)  # type: ignore[call-overload]

        data = f"{folder}/data"
        run("initdb", "-D", data, "-A", "trust", "-U", "newsquote", "-E", "UTF8", "--locale=C.UTF-8")
        run("pg_ctl", "-D", data, "-w", "-l", f"{folder}/log", "-o", f"-k {folder} -c listen_addresses=''", "start")
        try:
            yield f"postgresql+psycopg://newsquote@/postgres?host={folder}"
        finally:
            run("pg_ctl", "-D", data, "-m", "immediate", "stop")
