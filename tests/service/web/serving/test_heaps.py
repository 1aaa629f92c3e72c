from __future__ import annotations

import platform
import re
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = """
import ctypes, sys, threading
from service.web.serving import heaps

libc = ctypes.CDLL(None)
libc.fopen.restype, libc.fclose.argtypes = ctypes.c_void_p, [ctypes.c_void_p]
libc.malloc_info.argtypes = [ctypes.c_int, ctypes.c_void_p]
if sys.argv[1] == "shared":
    heaps.share()
all_are_here = threading.Barrier(20)

def work():
    libc.malloc(100)
    all_are_here.wait()

threads = [threading.Thread(target=work) for _ in range(20)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
file = libc.fopen(sys.argv[2].encode(), b"w")
libc.malloc_info(0, file)
libc.fclose(file)
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="is about GNU's C library")
def test_twenty_threads_share_two_heaps(tmp_path: Path) -> None:
    counts = {}
    for how in ("shared", "not"):
        told = tmp_path / how
        subprocess.run([sys.executable, "-c", PROGRAM, how, str(told)], check=True)
        counts[how] = len(re.findall("<heap nr=", told.read_text()))
    assert counts["shared"] <= 2 < counts["not"]
