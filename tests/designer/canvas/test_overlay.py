"""What of a run changes from one moment to the next."""

from designer.canvas.overlay import NO_OVERLAY, Overlay


def test_equal_moments_touch_nothing() -> None:
    """Nothing is drawn again."""
    moment = Overlay(active="a", taken="t", possible=frozenset({"u"}), visits={"a": 1})

    assert moment.touched(moment) == set()


def test_a_step_touches_what_it_left_and_reached() -> None:
    """Both states, both transitions, what became possible and what no longer is."""
    before = Overlay(active="a", taken="t", possible=frozenset({"u"}), visits={"a": 1})
    after = Overlay(active="b", taken="u", possible=frozenset({"v"}), visits={"a": 1, "b": 1})

    assert before.touched(after) == {"a", "b", "t", "u", "v"}


def test_another_note_touches_the_active_state() -> None:
    """It stands under its name."""
    assert Overlay(active="a").touched(Overlay(active="a", note="attempt 2")) == {"a"}


def test_the_end_of_a_run_touches_all_it_showed() -> None:
    """Counts too."""
    moment = Overlay(active="a", taken="t", visits={"b": 2})

    assert moment.touched(NO_OVERLAY) == {"a", "t", "b"}
