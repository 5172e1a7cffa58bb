"""A page on another origin asks as SPARQL editors do, in a real browser: where it is allowed, and only there."""

from __future__ import annotations

import html
import re
import shutil
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import pytest

from tests.clients.conftest import needs
from tests.serving import serving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from aimsgraph.engine import Graph

NAMES = ("chromium", "chromium-browser", "google-chrome")
BROWSER = next(filter(None, map(shutil.which, NAMES)), "")
pytestmark = pytest.mark.skipif(not BROWSER, reason="there is no Chromium on this machine")

ROWS = "SELECT ?label WHERE { ?s a aims:Model ; rdfs:label ?label } ORDER BY ?label"

#: What an editor does: a form with its Accept header, then the query itself, whose media type makes the browser ask
#: first whether it may; the rows become a table.
PAGE = """<!doctype html><meta charset="utf-8"><title>Editor</title><table id="rows"></table><p id="said">waiting</p>
<script>
const endpoint = "%(endpoint)s", query = %(query)r, said = document.getElementById("said");
async function ask(type, body) {
  const headers = {Accept: "application/sparql-results+json", "Content-Type": type};
  const answer = await fetch(endpoint, {method: "POST", headers, body});
  return (await answer.json()).results.bindings.map((row) => row.label.value);
}
(async () => {
  try {
    const form = await ask("application/x-www-form-urlencoded", new URLSearchParams({query}));
    const direct = await ask("application/sparql-query", query);
    for (const label of form) document.getElementById("rows").insertRow().insertCell().textContent = label;
    said.textContent = JSON.stringify(form) === JSON.stringify(direct) ? "same" : "different";
  } catch (error) {
    said.textContent = "refused: " + error.name;
  }
})();
</script>"""


class Elsewhere:
    """A page on an origin of its own, which has two names."""

    page, origin, other = "", "", ""


@pytest.fixture(scope="module")
def elsewhere() -> Iterator[Elsewhere]:
    found = Elsewhere()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            content = found.page.encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as listening:
        found.origin, found.other = (
            f"http://{name}:{listening.server_port}" for name in ("localhost", "127.0.0.1")
        )
        threading.Thread(target=listening.serve_forever, args=(0.02,), daemon=True).start()
        try:
            yield found
        finally:
            listening.shutdown()


@pytest.fixture(scope="module")
def allowing(store: Path, elsewhere: Elsewhere) -> Iterator[str]:
    """A server that lets pages of one of the two read."""
    with serving(store, "auditor", elsewhere.origin) as found:
        address = str(found.base_url).rstrip("/")
        needs(address, "/sparql")
        yield address


def shown(elsewhere: Elsewhere, origin: str, address: str, folder: Path) -> str:
    """Have the browser open the page, and return what stands in it once it is done."""
    elsewhere.page = PAGE % {"endpoint": f"{address}/sparql", "query": ROWS}
    done = subprocess.run(
        [BROWSER, "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
         "--disable-background-networking", "--disable-component-update", "--no-proxy-server",
         f"--user-data-dir={folder}", "--virtual-time-budget=60000", "--dump-dom", f"{origin}/"],
        capture_output=True, text=True, check=True, timeout=120,
    )  # fmt: skip
    return done.stdout


def test_a_page_whose_origin_is_allowed_shows_the_rows(
    allowing: str, graph: Graph, elsewhere, tmp_path: Path
):
    page = shown(elsewhere, elsewhere.origin, allowing, tmp_path)
    assert '<p id="said">same</p>' in page
    cells = [html.unescape(cell) for cell in re.findall(r"<td>(.*?)</td>", page)]
    assert cells == [str(row["label"]) for row in graph.query(ROWS)]
    assert cells


def test_a_page_of_another_origin_sees_nothing(allowing: str, elsewhere, tmp_path: Path):
    page = shown(elsewhere, elsewhere.other, allowing, tmp_path)
    assert '<p id="said">refused: TypeError</p>' in page
    assert "<td>" not in page
