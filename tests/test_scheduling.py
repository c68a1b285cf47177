"""A process of a run that dies costs the test it died in, and the rest still runs."""

from types import SimpleNamespace
from typing import Any

from tests.scheduling import Scheduling

TESTS = [f"tests/test_some.py::test_{number}" for number in range(12)]


class Process:
    """A process that runs tests, as far as handing out asks of it."""

    def __init__(self, name: str) -> None:
        self.gateway = SimpleNamespace(id=name)
        self.shutting_down = False
        self.sent: list[int] = []

    def send_runtest_some(self, indices: list[int]) -> None:
        """Take tests to run."""
        self.sent += indices

    def shutdown(self) -> None:
        """Run what there is, and end."""
        self.shutting_down = True


def joined(scheduling: Any, name: str) -> Process:
    """A process that has found the same tests as the others."""
    process = Process(name)
    scheduling.add_node(process)
    scheduling.add_node_collection(process, TESTS)
    return process


def run_one(scheduling: Any, process: Process) -> int:
    """Let a process do the next of its tests, which it begins only when it knows of another."""
    assert len(process.sent) > 1 or process.shutting_down
    scheduling.mark_test_complete(process, done := process.sent.pop(0))
    return done


def test_a_process_that_dies_gives_back_only_what_it_had_not_begun() -> None:
    option = SimpleNamespace(loadscopereorder=True)
    config = SimpleNamespace(getvalue=lambda _name: ["2*popen"], option=option)
    scheduling: Any = Scheduling(config, None)  # type: ignore[arg-type]
    first, second = joined(scheduling, "first"), joined(scheduling, "second")
    scheduling.schedule()
    done = [run_one(scheduling, first) for _ in range(3)]
    died_in = first.sent[0]

    assert scheduling.remove_node(first) == TESTS[died_in]
    third = joined(scheduling, "third")
    scheduling.schedule()
    while scheduling.has_pending:
        for process in second, third:
            done += [run_one(scheduling, process)] if process.sent else []
    assert sorted([*done, died_in]) == list(range(len(TESTS)))
