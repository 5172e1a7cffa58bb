"""A SPARQL endpoint made the straightforward way: FastAPI before an rdflib graph in memory.

    python bench/rdflib_endpoint.py FILE.nt PORT

It says ``ready`` on stdout once it listens. What ``load.py`` compares our server with.
"""

import sys
from threading import Lock

import uvicorn
from fastapi import FastAPI, Response
from rdflib import Graph


def endpoint(graph: Graph) -> FastAPI:
    """Return the application that answers ``/sparql?query=`` in JSON."""
    app = FastAPI()
    turn = Lock()  # rdflib's parser goes wrong when several threads use it

    @app.get("/sparql")
    def sparql(query: str) -> Response:
        with turn:
            answer = graph.query(query).serialize(format="json")
        return Response(answer, media_type="application/sparql-results+json")

    return app


def main() -> None:
    """Serve the file that the command line names."""
    graph = Graph(bind_namespaces="none")
    graph.parse(sys.argv[1], format="nt")
    config = uvicorn.Config(endpoint(graph), port=int(sys.argv[2]), log_level="warning")
    server = uvicorn.Server(config)
    config.load()
    print(f"ready, {len(graph):,} triples", flush=True)
    server.run()


if __name__ == "__main__":
    main()
