"""A mail server on the loopback: it keeps what it gets, and fails on command."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_string, policy
from email.message import EmailMessage
from typing import Any


@dataclass
class MailServer:
    """What has arrived, in order, and how many of the next mails are refused for now."""

    port: int = 0
    arrived: list[EmailMessage] = field(default_factory=list)
    failures: int = 0
    hangs_up: bool = False
    """Whether it fails after it has taken a mail, without an answer."""


class Session(socketserver.StreamRequestHandler):
    state: MailServer

    def say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())

    def handle(self) -> None:
        self.say("220 loopback")
        while line := self.rfile.readline().decode().strip():
            verb = line.partition(" ")[0].upper()
            if verb == "QUIT":
                self.say("221 bye")
                return
            if verb == "DATA":
                if not self.take():
                    return
            else:
                self.say("250 ok")

    def take(self) -> bool:
        if self.state.failures:
            self.state.failures -= 1
            self.say("451 try again")
            return True
        self.say("354 go on")
        lines: list[str] = []
        while (line := self.rfile.readline().decode().rstrip("\r\n")) != ".":
            lines.append(line.removeprefix(".") if line.startswith("..") else line)
        found: Any = message_from_string("\n".join(lines), policy=policy.default)
        self.state.arrived.append(found)
        if self.state.hangs_up:
            self.state.hangs_up = False
            return False
        self.say("250 taken")
        return True


@contextmanager
def mail_server() -> Iterator[MailServer]:
    """Run a mail server until the block ends."""
    state = MailServer()
    handler = type("Handler", (Session,), {"state": state})
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        state.port = server.server_address[1]
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield state
        server.shutdown()
