"""Which test goes to which process: one at a time to whichever is free, but a demo to one only.

What is made once for many tests would otherwise be made once in each process.
"""

import re

from xdist.scheduler import LoadScopeScheduling
from xdist.workermanage import WorkerController

OF_A_DEMO = re.compile(r"tests/demo/[^\[]+\[(\d{4}-\d\d-\d\d)")


class Scheduling(LoadScopeScheduling):
    """Hands out the tests of the demo of one day together, and any other by itself."""

    def _split_scope(self, nodeid: str) -> str:
        day = OF_A_DEMO.match(nodeid)
        return f"demo of {day[1]}" if day else nodeid

    def remove_node(self, node: WorkerController) -> str | None:
        """Give back what a process that died had not begun, and name the test it died in.

        Beside that, xdist would give back what is done and what the process died in. Nobody
        answers for a test that is done, so that the run waits for it without end.
        """
        left = self.assigned_work[node]
        died_in = next(
            (name for unit in left.values() for name, done in unit.items() if not done), None
        )
        for scope, unit in list(left.items()):
            left[scope] = {
                name: False for name, done in unit.items() if not done and name != died_in
            }
            if not left[scope]:
                del left[scope]
        super().remove_node(node)
        return died_in

    def _reschedule(self, node: WorkerController) -> None:
        """Keep two tests with each process: it begins one when it knows of the next."""
        super()._reschedule(node)
        while self.workqueue and not node.shutting_down and self._waiting_at(node) < 2:
            self._assign_work_unit(node)

    def _waiting_at(self, node: WorkerController) -> int:
        return self._pending_of(self.assigned_work[node])
