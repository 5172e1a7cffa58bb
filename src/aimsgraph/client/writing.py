"""What changes the graph of a server; each write is a changeset under the name that the key stands for."""

from __future__ import annotations

from aimsgraph.client.routes import Routes, told
from aimsgraph.model.changeset import Edit


class Writing(Routes):
    """The writes. None is tried again by itself: who gets no answer looks at the history first."""

    def update(
        self, text: str, *, message: str | None = None, expected: str | None = None, dry_run: bool = False
    ) -> Edit:
        """Carry out a SPARQL update as one changeset, or, in a dry run, say what it would do.

        With ``expected`` (the hash of a changeset) it is written upon that head only.

        :raises QueryRefusedError, QueryInvalidError: with the place of every operation that is at fault.
        :raises NotPermittedError, StoreMovedError, TimeLimitError, LimitExceededError: nothing was written.
        """
        response = self._connection.send(
            "POST", "/sparql/update", told(message=message, dry_run=dry_run or None), data=text.encode(),
            headers={"Content-Type": "application/sparql-update"} | _upon(expected),
        )  # fmt: skip
        return self._read(Edit, response)


def _upon(expected: str | None) -> dict[str, str]:
    return {} if expected is None else {"If-Match": f'"{expected}"'}
