"""Which test goes to which process: one at a time to whichever is free, but a demo to one only.

What is made once for many tests would otherwise be made once in each process.
"""

import re

from xdist.scheduler import LoadScopeScheduling

OF_A_DEMO = re.compile(r"tests/demo/[^\[]+\[(\d{4}-\d\d-\d\d)")


class Scheduling(LoadScopeScheduling):
    """Hands out the tests of the demo of one day together, and any other by itself."""

    def _split_scope(self, nodeid: str) -> str:
        day = OF_A_DEMO.match(nodeid)
        return f"demo of {day[1]}" if day else nodeid
