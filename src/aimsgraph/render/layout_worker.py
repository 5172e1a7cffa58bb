"""Run as a program: DOT on standard input, the picture on standard output; can be killed at any moment.

Ends with status 3 when pygraphviz is not installed, 1 when Graphviz does not take the text.
"""

from __future__ import annotations

import sys

NOT_INSTALLED = 3
REFUSED = 1


def main(arguments: list[str]) -> int:
    """Lay out standard input in the format ``arguments[0]``, with the graph attributes that follow it."""
    try:
        import pygraphviz
    except ImportError:
        return NOT_INSTALLED
    try:
        graph = pygraphviz.AGraph(sys.stdin.buffer.read().decode())
        for name, value in (attribute.split("=", 1) for attribute in arguments[1:]):
            graph.graph_attr[name] = value
        picture = graph.draw(format=arguments[0], prog="dot")
    except (ValueError, OSError, pygraphviz.DotError) as error:
        sys.stderr.write(f"{error}\n")
        return REFUSED
    sys.stdout.buffer.write(picture)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
