"""Run as a program: DOT on standard input, the picture on standard output; can be killed at any moment.

Ends with status 3 when pygraphviz is not installed, 1 when Graphviz does not take the text.
"""

from __future__ import annotations

import sys

NOT_INSTALLED = 3
REFUSED = 1


def main(arguments: list[str]) -> int:
    """Lay out standard input in the format ``arguments[1]``, with the graph attributes that follow it.

    ``arguments[0]`` is how many seconds of a processor's time that may take: a worker whose starter was itself killed
    ends then, at the latest.
    """
    _limit(int(arguments[0]))
    try:
        import pygraphviz
    except ImportError:
        return NOT_INSTALLED
    try:
        graph = pygraphviz.AGraph(sys.stdin.buffer.read().decode())
        for name, value in (attribute.split("=", 1) for attribute in arguments[2:]):
            graph.graph_attr[name] = value
        picture = graph.draw(format=arguments[1], prog="dot")
    except (ValueError, OSError, pygraphviz.DotError) as error:
        sys.stderr.write(f"{error}\n")
        return REFUSED
    sys.stdout.buffer.write(picture)
    return 0


def _limit(seconds: int) -> None:
    try:
        import resource
    except ImportError:  # not on Windows
        return
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
