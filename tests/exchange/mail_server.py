"""A mail server of a few lines that keeps what it is given, or misbehaves as it is told.

with mail_server() as server: ...       server.smtp for the settings, server.messages
mail_server(rejects=550)                refuses every recipient with that code
mail_server(stalls=True)                takes the connection and says nothing
mail_server(drops=True)                 hangs up in the middle of a message
mail_server(dribbles=True)              greets one letter a time, for ever
"""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from linkwork.config import Smtp

SENDER = "linkwork@moorvale.example"
PAUSE = 0.05


@dataclass
class MailServer:
    """What it does, and what it got: recipient and text of each message."""

    port: int = 0
    rejects: int = 0
    stalls: bool = False
    drops: bool = False
    dribbles: bool = False
    messages: list[tuple[str, str]] = field(default_factory=list)
    closing: threading.Event = field(default_factory=threading.Event)

    @property
    def smtp(self) -> Smtp:
        """The settings that lead here."""
        return Smtp(host="127.0.0.1", port=self.port, sender=SENDER, security="none")

    def talk(self, line: socket.socket) -> None:
        """Speak SMTP on one connection."""
        if self.stalls:
            self.closing.wait(30)
            return
        while self.dribbles and not self.closing.is_set():
            line.sendall(b"2")
            time.sleep(PAUSE)
        lines = line.makefile("rb")
        self._say(line, 220)
        to = ""
        while command := lines.readline().decode().strip():
            verb = command[:4].upper()
            if verb == "RCPT":
                to = command.split("<")[1].split(">")[0]
                self._say(line, self.rejects or 250)
            elif verb == "DATA":
                if self.drops:
                    return
                self._say(line, 354)
                self.messages.append((to, _text(lines)))
                self._say(line, 250)
            else:
                self._say(line, 221 if verb == "QUIT" else 250)

    @staticmethod
    def _say(line: socket.socket, code: int) -> None:
        line.sendall(f"{code} Rosa Quill lives here\r\n".encode())


def _text(lines: Iterator[bytes]) -> str:
    read = []
    for one in lines:
        if one == b".\r\n":
            break
        read.append(one)
    return b"".join(read).decode()


@contextmanager
def mail_server(**how: bool | int) -> Iterator[MailServer]:
    """Run a mail server until the end of the block."""
    server = MailServer(**how)  # type: ignore[arg-type]
    ear = socket.create_server(("127.0.0.1", 0))
    server.port = ear.getsockname()[1]
    threads: list[threading.Thread] = []

    def answer(line: socket.socket) -> None:
        with line, suppress(OSError):
            server.talk(line)

    def listen() -> None:
        with suppress(OSError):
            while True:
                line, _ = ear.accept()
                threads.append(threading.Thread(target=answer, args=(line,)))
                threads[-1].start()

    listener = threading.Thread(target=listen)
    listener.start()
    try:
        yield server
    finally:
        server.closing.set()
        with suppress(OSError):
            ear.shutdown(socket.SHUT_RDWR)
        ear.close()
        for thread in [listener, *threads]:
            thread.join(10)


def closed_port() -> int:
    """A port of this machine where nobody answers."""
    with socket.create_server(("127.0.0.1", 0)) as ear:
        return int(ear.getsockname()[1])
