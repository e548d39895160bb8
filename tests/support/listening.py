"""A mail server and a webhook on the loopback interface, which keep what they are sent."""

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_string, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any


@contextmanager
def mail_server(answer: str = "250 taken") -> Iterator[tuple[int, list[EmailMessage]]]:
    """Its port and the messages it took; `answer`: what it says to a whole message."""
    taken: list[EmailMessage] = []
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection, connection.makefile("rwb") as stream:
                _converse(stream, taken, answer)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield listener.getsockname()[1], taken
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(timeout=10)


def _converse(stream: Any, taken: list[EmailMessage], answer: str) -> None:
    def say(text: str) -> None:
        stream.write(text.encode() + b"\r\n")
        stream.flush()

    say("220 listening")
    while line := stream.readline().decode().strip():
        word = line.split()[0].upper()
        if word == "DATA":
            say("354 go on")
            lines = []
            while (text := stream.readline().decode()).strip() != ".":
                lines.append(text)
            if answer.startswith("2"):
                parsed = message_from_string("".join(lines), policy=policy.default)
                taken.append(parsed)  # type: ignore[arg-type]
            say(answer)
        else:
            say("221 bye" if word == "QUIT" else "250 well")
            if word == "QUIT":
                return


@contextmanager
def webhook(status: int = 202) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Its address, with a secret in it, and the documents it was posted."""
    posted: list[dict[str, Any]] = []

    class Hook(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if status < 300:
                posted.append(json.loads(body))
            self.send_response(status)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Hook)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/hook?sig=the-hooks-secret", posted
    finally:
        server.shutdown()
        server.server_close()
        thread.join(timeout=10)
