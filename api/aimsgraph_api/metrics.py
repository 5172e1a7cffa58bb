"""What the server counts of itself, for Prometheus."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    PlatformCollector,
    ProcessCollector,
    generate_latest,
)

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from aimsgraph.model.finding import Validation

#: The content type of the text format.
MEDIA_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"
#: Why a question in SPARQL was ended before its answer was whole.
Ending = Literal["time", "memory", "rows", "bytes", "disconnected", "crashed"]
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
#: Seconds.
_DURATIONS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)


class Metrics:
    """The counts of one application; every label has few values, whatever is asked."""

    def __init__(self) -> None:
        self.registry: Final = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        PlatformCollector(registry=self.registry)
        self._requests = Counter(
            "aimsgraph_http_requests",
            "Requests answered.",
            ("method", "route", "status"),
            registry=self.registry,
        )
        self._seconds = Histogram(
            "aimsgraph_http_request_seconds", "How long requests took.", ("method", "route"),
            buckets=_DURATIONS, registry=self.registry,
        )  # fmt: skip
        self._under_way = self._gauge("aimsgraph_http_requests_under_way", "Requests being answered.")
        self._calculating = self._gauge("aimsgraph_calculations_running", "Calculations under way.")
        self._calculations_waiting = self._gauge(
            "aimsgraph_calculations_waiting", "Calculations that wait their turn."
        )
        self._running = self._gauge(
            "aimsgraph_questions_running", "Questions in SPARQL that a worker answers."
        )
        self._waiting = self._gauge(
            "aimsgraph_questions_waiting", "Questions in SPARQL that wait for a worker."
        )
        self._workers = self._gauge("aimsgraph_workers", "Worker processes that run.")
        self._ended = Counter(
            "aimsgraph_questions_ended", "Questions in SPARQL ended before their answer was whole.", ("reason",),
            registry=self.registry,
        )  # fmt: skip
        self._head = self._gauge("aimsgraph_store_head", "The number of the newest changeset.")
        self._statements = self._gauge(
            "aimsgraph_store_statements", "Statements in the store, each graph's counted."
        )
        self._findings = Gauge(
            "aimsgraph_findings", "Findings of the newest validation that was asked for.", ("severity",),
            registry=self.registry,
        )  # fmt: skip

    def _gauge(self, name: str, meaning: str) -> Gauge:
        return Gauge(name, meaning, registry=self.registry)

    # -- requests ----------------------------------------------------------------------------------------------

    def under_way(self) -> AbstractContextManager[object]:
        """Count a request as being answered for the length of a ``with`` block."""
        return self._under_way.track_inprogress()

    def answered(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count a request; ``route`` is the template of its path, and ``status`` 0 where no answer went out."""
        known = method if method in _METHODS else "other"
        self._requests.labels(known, route, str(status or "none")).inc()
        self._seconds.labels(known, route).observe(seconds)

    def calculations(self, *, running: int, waiting: int) -> None:
        """Say how many calculations are under way, and how many wait."""
        self._calculating.set(running)
        self._calculations_waiting.set(waiting)

    # -- questions in SPARQL -----------------------------------------------------------------------------------

    def questions(self, *, running: int, waiting: int, workers: int) -> None:
        """Say how many questions the workers answer, how many wait, and how many workers there are."""
        self._running.set(running)
        self._waiting.set(waiting)
        self._workers.set(workers)

    def ended(self, reason: Ending) -> None:
        """Count a question that was ended."""
        self._ended.labels(reason).inc()

    # -- the store ---------------------------------------------------------------------------------------------

    def store(self, *, head: int, statements: int) -> None:
        """Say which changeset is the newest, and how many statements there are."""
        self._head.set(head)
        self._statements.set(statements)

    def validated(self, report: Validation) -> None:
        """Say what a validation of the newest state found."""
        for severity in ("violation", "warning", "info"):
            self._findings.labels(severity).set(report.counts.get(severity, 0))

    def text(self) -> bytes:
        """Return everything in the text format of Prometheus."""
        return generate_latest(self.registry)
