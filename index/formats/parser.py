"""The process in which documents are parsed: it loads what parses them, and forks for each, with limits.

``apart.py`` starts it, sends documents on standard input, and gets an answer for each on standard output.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import resource
import select
import signal
import struct
import time
from io import BytesIO
from typing import IO, Any, NoReturn

from index.errors import BadArticle
from index.formats.documents import check_size
from index.formats.given import Extracted, Given, Limits

IDLE_S = 120.0
"""Seconds without a document after which the process ends: until then it holds some 100 MB."""
_MODULES = {kind: f"index.formats.{kind}" for kind in ("html", "pdf", "docx", "markdown")}
_HEAD = struct.Struct(">I")
_MOST_COMPLAINT_CHARS = 200
_AT_ONCE = 1 << 16
_TO_SAY_SO_BYTES = 50_000_000
"""More memory, for saying that there was not enough."""


def main() -> None:
    """Answer until there is nothing more to do."""
    signal.pthread_sigmask(signal.SIG_SETMASK, ())  # a server's processes block some, which is inherited
    source, target = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    while select.select([source], [], [], IDLE_S)[0]:
        head = source.read(_HEAD.size)
        if len(head) < _HEAD.size:
            return
        request = json.loads(source.read(*_HEAD.unpack(head)))
        content = source.read(request["size"])
        _send(target, _answer(request, content))
        del content


def _send(target: IO[bytes], answer: bytes) -> None:
    target.write(_HEAD.pack(len(answer)) + answer)
    target.flush()


def _answer(request: dict[str, Any], content: bytes) -> bytes:
    """Parse the document in a process of its own, and return its answer or, if it gives none, why."""
    module = importlib.import_module(_MODULES[request["kind"]])
    gc.freeze()  # the copies share it
    ours, theirs = os.pipe()
    child = os.fork()
    if child == 0:
        _work(module, request, content, theirs)
    os.close(theirs)
    answer = _read(ours, time.monotonic() + request["seconds"])
    os.close(ours)
    if answer is None:
        os.kill(child, signal.SIGKILL)
    status = os.waitpid(child, 0)[1]
    if answer is None:
        return _refused(f"reading it took longer than {request['seconds']:g} seconds")
    if os.WIFSIGNALED(status):
        return _refused(_died(os.WTERMSIG(status), request))
    return answer or _refused("cannot be read: the parser ended without a word")


def _read(pipe: int, until: float) -> bytes | None:
    """Return everything that comes; None if it does not end in time."""
    parts: list[bytes] = []
    while select.select([pipe], [], [], max(0.0, until - time.monotonic()))[0]:
        part = os.read(pipe, _AT_ONCE)
        if not part:
            return b"".join(parts)
        parts.append(part)
    return None


def _died(number: int, request: dict[str, Any]) -> str:
    if number == signal.SIGXCPU:
        return f"reading it took more than {request['processor_s']} seconds of processor time"
    return f"the parser failed on it ({signal.Signals(number).name})"


def _work(module: Any, request: dict[str, Any], content: bytes, pipe: int) -> NoReturn:
    """Parse with limits, write the answer, and end without any of Python's ends."""
    try:
        _limit(request)
        with os.fdopen(pipe, "wb") as target:
            target.write(_within_memory(module, request, content))
    finally:
        os._exit(0)


def _within_memory(module: Any, request: dict[str, Any], content: bytes) -> bytes:
    try:
        return _parsed(module, request, content)
    except MemoryError:
        most = resource.getrlimit(resource.RLIMIT_AS)[1]
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
        return _refused(f"reading it takes more than {request['memory_bytes']:,} bytes of memory")


def _limit(request: dict[str, Any]) -> None:
    nothing = os.open(os.devnull, os.O_RDWR)
    for standard in range(3):
        os.dup2(nothing, standard)
    memory, processor_s = request["memory_bytes"], request["processor_s"]
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory + _TO_SAY_SO_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (processor_s, processor_s + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _parsed(module: Any, request: dict[str, Any], content: bytes) -> bytes:
    limits = Limits(request["article_bytes"], len(content))
    known = {name: request[name] for name in ("name", "url", "encoding", "declared")}
    try:
        found: Extracted = module.extract(content, Given(file=BytesIO(), limits=limits, **known))
        check_size(found.text, limits.article_bytes)
        return json.dumps({"found": found.as_json()}).encode()
    except BadArticle as error:
        return _refused(error.message, error.field)
    except MemoryError:
        raise
    except RecursionError:
        return _refused("nested too deeply")
    except Exception as error:  # what is in a file may make a library fail in any way
        said = " ".join(str(error).split())
        plain = "".join(character for character in said if character.isprintable())[:_MOST_COMPLAINT_CHARS]
        return _refused(f"damaged, or not what its name says ({type(error).__name__}: {plain})")


def _refused(why: str, field: str = "text") -> bytes:
    return json.dumps({"refused": [field, why]}).encode()


if __name__ == "__main__":
    main()
