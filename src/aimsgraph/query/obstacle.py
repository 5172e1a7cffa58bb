"""What is raised while an answer is being written.

It loads nothing, for a worker is started with most questions: the classes of ``limit`` would take a fifth of its start.
"""

from __future__ import annotations


class LimitError(Exception):
    """An answer has more rows or bytes than allowed; the text says which."""


class UnfitError(Exception):
    """Something in an answer cannot be written in the form that was asked for."""
