"""Ctrl-C cancels before the point of no return, and comes too late after it."""

from __future__ import annotations

import os
import signal
import threading

import pytest

from aimsgraph.store.interrupt import commit_shield


def test_before_the_door_closes_an_interrupt_is_raised():
    with pytest.raises(KeyboardInterrupt), commit_shield():
        os.kill(os.getpid(), signal.SIGINT)


def test_after_the_door_closes_it_comes_too_late():
    before = signal.getsignal(signal.SIGINT)
    with commit_shield() as close:
        close()
        os.kill(os.getpid(), signal.SIGINT)
        finished = True
    assert finished
    assert signal.getsignal(signal.SIGINT) is before


def test_outside_the_main_thread_signals_are_left_alone():
    before = signal.getsignal(signal.SIGINT)
    seen: list[object] = []

    def work() -> None:
        with commit_shield() as close:
            close()
            seen.append(signal.getsignal(signal.SIGINT))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert seen == [before]
