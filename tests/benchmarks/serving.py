"""Servers for a benchmark: Linkwork as ``linkwork serve`` runs it, and the floor, the same way."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from linkwork.server import THREADS
from tests.benchmarks.measuring import Connection, request
from tests.paths import ROOT

SECRET = "not a secret: whoever measures knows it, and nobody is there"
WORKERS = 2
START_SECONDS = 60
LINKWORK = ("-c", "from linkwork.cli import main; main()", "serve")


class Server:
    """A server in a process of its own, with its workers."""

    def __init__(self, port: int, process: "subprocess.Popen[bytes]") -> None:
        self.port = port
        self._process = process

    def peak_mb(self) -> float:
        """Return the most memory that any of its workers has had, in MB."""
        return max(map(peak_mb_of, _children_of(self._process.pid)))

    def memory_mb(self) -> float:
        """Return the most memory that any of its workers holds now, in MB."""
        return max(memory_mb_of(child) for child in _children_of(self._process.pid))

    def cpu_s(self) -> list[float]:
        """Return the processor time each of its workers has had, in seconds.

        Unlike the time an answer takes, it hardly depends on what else the machine is doing.
        """
        return [cpu_s_of(child) for child in _children_of(self._process.pid)]

    def wait_until_it_answers(self, path: str) -> None:
        """Return when the first page is answered; raise RuntimeError when it will not be."""
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until and self._process.poll() is None:
            try:
                if Connection(self.port).ask(request(path)).status == 200:
                    return
            except OSError:
                time.sleep(0.1)
        raise RuntimeError(f"No server answered on port {self.port}.")


@contextmanager
def linkwork(
    database_url: str, more: Mapping[str, str] | None = None, *, workers: int = WORKERS
) -> Iterator[Server]:
    """Serve Linkwork with the settings of a real installation, on a database that is there.

    ``more`` settings are those of its environment, by name.
    """
    port = _free_port()
    settings = {
        "DATABASE_URL": database_url,
        "LINKWORK_SECRET_KEY": SECRET,
        "LINKWORK_INSECURE_COOKIES": "yes",
        **(more or {}),
    }
    arguments = ["--port", str(port), "--workers", str(workers)]
    with _running(port, [*LINKWORK, *arguments], settings, "/health") as server:
        yield server


@contextmanager
def floor(file: Path) -> Iterator[Server]:
    """Serve the floor from its own file, by as many processes and threads."""
    port = _free_port()
    arguments = ["--bind", f"127.0.0.1:{port}", "--log-level", "warning"]
    arguments += ["--workers", str(WORKERS), "--threads", str(THREADS)]
    made = f"tests.benchmarks.floor:create('{file}')"
    with _running(port, ["-m", "gunicorn", *arguments, made], {}, "/") as server:
        yield server


@contextmanager
def _running(
    port: int, program: Sequence[str], settings: Mapping[str, str], path: str
) -> Iterator[Server]:
    process = subprocess.Popen([sys.executable, *program], cwd=ROOT, env={**os.environ, **settings})
    server = Server(port, process)
    try:
        server.wait_until_it_answers(path)
        yield server
    finally:
        process.terminate()
        process.wait(timeout=START_SECONDS)


def peak_mb_of(pid: int | str) -> float:
    """Return the most memory a process has had, in MB: its VmHWM."""
    return _mb_of(pid, "VmHWM:")


def memory_mb_of(pid: int | str) -> float:
    """Return the memory a process holds, in MB: its VmRSS."""
    return _mb_of(pid, "VmRSS:")


def _mb_of(pid: int | str, name: str) -> float:
    for line in Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines():
        if line.startswith(name):
            return int(line.split()[1]) / 1024
    raise RuntimeError(f"Process {pid} has no memory.")


def cpu_s_of(pid: int) -> float:
    """Return the processor time of a process and all its threads, in seconds."""
    threads = Path(f"/proc/{pid}/task").glob("*/schedstat")
    return sum(int(one.read_text(encoding="ascii").split()[0]) for one in threads) / 1e9


def _children_of(pid: int) -> list[int]:
    found = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii")
    return [int(child) for child in found.split()]


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port
