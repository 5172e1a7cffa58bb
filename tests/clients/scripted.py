"""A server of nobody's that answers as it is told."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass
class Scripted:
    """A server that gives one answer after the other, the last one for ever, and notes what it was asked."""

    answers: list[tuple[int, dict[str, str], bytes]]
    asked: list[tuple[str, str, dict[str, str], bytes]] = field(default_factory=list)
    address: str = ""
    linger: float = 0.0

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        body = handler.rfile.read(int(handler.headers.get("Content-Length") or 0))
        self.asked.append((handler.command, handler.path, dict(handler.headers), body))
        status, headers, content = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if status == 0:
            handler.close_connection = True
            return
        handler.send_response(status)
        chunked = "Transfer-Encoding" in headers
        sized = {} if chunked else {"Content-Length": str(len(content))}
        for name, value in {**sized, **headers}.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(content)
        if chunked or int(headers.get("Content-Length", 0)) > len(content):
            time.sleep(self.linger)
            handler.close_connection = True


@contextmanager
def scripted(*answers: tuple[int, dict[str, str], bytes]) -> Iterator[Scripted]:
    """Give ``answers`` (status, headers, body) in turn; status 0 hangs up, too large a Content-Length breaks off."""
    server = Scripted(list(answers))

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            server.answer(self)

        do_POST = do_GET  # noqa: N815

        def log_message(self, *_: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as listening:
        server.address = f"http://127.0.0.1:{listening.server_port}"
        threading.Thread(target=listening.serve_forever, args=(0.02,), daemon=True).start()
        try:
            yield server
        finally:
            listening.shutdown()
