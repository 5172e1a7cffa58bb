"""What the server logs on stderr, as text or as one JSON object a line."""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from aimsgraph_api.settings import Settings

LogFormat = Literal["text", "json"]
LOGGER: Final = logging.getLogger("aimsgraph")
#: What a record may carry beside its message.
FIELDS: Final = ("request_id", "method", "route", "status", "seconds")


class JsonLines(logging.Formatter):
    """Writes a record as one line: time (UTC), level, logger, message, what else it carries, and the traceback."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        line |= {name: value for name in FIELDS if (value := getattr(record, name, None)) is not None}
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=True)


class Text(logging.Formatter):
    """Writes a record for a person; the request is named where there is one, and the traceback follows."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line or lines."""
        asked = getattr(record, "request_id", None)
        end = f" (request {asked})" if asked else ""
        text = f"{record.levelname.lower()}: {record.getMessage()}{end}"
        return f"{text}\n{self.formatException(record.exc_info)}" if record.exc_info else text


def configure(settings: Settings) -> None:
    """Send what aimsgraph and its HTTP server log to stderr in the form of the settings."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines() if settings.log_format == "json" else Text())
    for name, level in (("aimsgraph", logging.INFO), ("uvicorn", logging.WARNING)):
        logger = logging.getLogger(name)
        logger.handlers, logger.propagate = [handler], False
        logger.setLevel(level)
