"""A server that is told to end lets what is under way come to its end."""

from __future__ import annotations

import json
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import closing
from typing import TYPE_CHECKING

import httpx
import pytest

if TYPE_CHECKING:
    from pathlib import Path


def started(demo_folder: Path) -> tuple[subprocess.Popen[str], int]:
    store = demo_folder / "aimsgraph-demo" / "meridian.store"
    command = [
        sys.executable, "-m", "aimsgraph", "serve", "--store", str(store), "--port", "0", "--log-format", "json",
    ]  # fmt: skip
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    said = process.stderr.readline()
    port = re.search(r"127\.0\.0\.1:(\d+)", said)
    assert port, said
    return process, int(port[1])


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_it_answers_what_it_was_asked_and_ends_well(demo_folder, how):
    process, port = started(demo_folder)
    try:
        with closing(socket.create_connection(("127.0.0.1", port), timeout=60)) as asking:
            answers = asking.makefile("rb")
            asking.sendall(b"GET /api/v1/health HTTP/1.1\r\nHost: localhost\r\n\r\n")
            while answers.readline() != b"\r\n":
                pass
            assert answers.read(15) == b'{"status":"ok"}'
            asking.sendall(b"GET /api/v1/validation HTTP/1.1\r\nHost: localhost\r\n\r\n")
            time.sleep(0.5)  # the request is with the server now, and takes longer than that
            process.send_signal(how)
            whole = answers.read()
        head, _, body = whole.partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200")
        assert json.loads(body)["findings"]
        assert process.wait(timeout=30) == 0
        told = [json.loads(line)["message"] for line in process.stderr]
        process.stderr.close()
        assert told == ["Ending: no new requests; those under way are answered.", "Ended."]
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", port))
    finally:
        process.kill()
        process.wait()


def test_who_asked_for_what_takes_longer_is_told_so_when_it_ends(demo_folder):
    process, port = started(demo_folder)
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60, trust_env=False) as client:
            ending = threading.Timer(1.0, process.send_signal, [signal.SIGTERM])
            client.get("/api/v1/health")
            ending.start()
            query = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
            answer = client.get("/sparql", params={"query": query})
        assert (answer.status_code, answer.json()["code"]) == (503, "not-ready")
        assert answer.json()["detail"] == "The server was told to end before this could be answered."
        assert process.wait(timeout=30) == 0
        told = [json.loads(line) for line in process.stderr]
        process.stderr.close()
        assert not [line for line in told if "traceback" in line]
        assert "A request was not answered to its end: the server ends." in [line["message"] for line in told]
    finally:
        process.kill()
        process.wait()


def test_a_thread_that_calculates_for_nobody_does_not_keep_the_process():
    program = (
        "import threading, time\n"
        "from aimsgraph.cli.server import end_within\n"
        "threading.Thread(target=time.sleep, args=[600]).start()\n"
        "end_within(0.1)\n"
    )
    assert subprocess.run([sys.executable, "-c", program], timeout=120).returncode == 0
