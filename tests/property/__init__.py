"""Laws, with data made up anew; AIMSGRAPH_TRIES=10 tries each ten times as often, as the long job does."""

import os


def tries(count: int) -> int:
    """Return how many examples of a law to try."""
    return count * int(os.environ.get("AIMSGRAPH_TRIES", "1"))
