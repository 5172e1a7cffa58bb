"""Work that takes longer than a request should: each piece in a process of its own, which can be killed."""
