"""Work that may hang: its answer, its failure, or the end of the patience with it."""

from __future__ import annotations

import subprocess
import sys
import threading

import pytest

from tui_app.deadline import TimeIsUp, within


def test_the_answer_of_work_that_is_done_in_time_comes_back():
    assert within(20, lambda: threading.current_thread().name, "asking") == "asking"
    assert within(20, lambda: None, "asking") is None


def test_what_the_work_raises_is_raised_where_it_is_waited_for():
    def fail():
        raise TimeoutError("of its own")

    with pytest.raises(TimeoutError, match="of its own"):
        within(20, fail, "asking")


def test_work_that_hangs_is_given_up_on():
    over = threading.Event()
    with pytest.raises(TimeIsUp):
        within(0.01, over.wait, "asking")
    over.set()


def test_work_that_was_given_up_on_does_not_keep_a_program_from_ending():
    program = (
        "import threading\nfrom tui_app.deadline import TimeIsUp, within\n"
        "try:\n    within(0.01, threading.Event().wait, 'asking')\nexcept TimeIsUp:\n    print('given up')"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=20)
    assert done.stdout == "given up\n"
