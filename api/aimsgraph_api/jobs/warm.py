"""What the process from which jobs are forked has at hand before the first of them comes."""

from aimsgraph.validate import load_shapes
from aimsgraph_api.jobs import tasks as tasks
from aimsgraph_api.jobs import work as work

load_shapes()
