"""What a person is told about an error."""

from designer.commands.errors import EditError
from designer.shell.notices import SHOWN_PROBLEMS, Severity, notice_for
from flexiflow.errors import ConfigError, ErrorContext, PackError, Problem


def test_what_why_and_fix_are_told():
    """An error of ours is told in its own words, with its place."""
    error = ConfigError(
        "No initial state",
        why="Nothing starts.",
        fix="Write one.",
        context=ErrorContext({"path": "a.yaml", "line": 3, "column": 1}),
    )
    notice = notice_for(error)

    assert (notice.what, notice.why, notice.fix) == (
        "No initial state",
        "Nothing starts.",
        "Write one.",
    )
    assert notice.details == ("a.yaml, line 3, column 1",)
    assert notice.severity is Severity.ERROR


def test_what_was_being_done_comes_first():
    """A person sees at once what did not work."""
    assert notice_for(ConfigError("No name"), what="Not saved").what == "Not saved: No name"


def test_a_single_problem_is_told_as_itself():
    """One problem needs no list."""
    notice = notice_for(PackError([Problem("Bad guard", "A typo.", "Mend it.", "a.yaml", 2, 5)]))

    assert notice.what == "Bad guard"
    assert notice.details == ("a.yaml, line 2, column 5",)


def test_many_problems_are_listed_and_the_rest_counted():
    """A list of fifty would hide the flow."""
    problems = [Problem(f"Problem {n}", path="a.yaml", line=n, column=1) for n in range(1, 10)]
    notice = notice_for(PackError(problems))

    assert len(notice.details) == SHOWN_PROBLEMS + 1
    assert notice.details[0] == "line 1, column 1: Problem 1"
    assert notice.details[-1] == "... and 5 more"


def test_problems_of_several_files_name_their_files():
    """Each line says where it is."""
    notice = notice_for(PackError([Problem("A", path="a.yaml"), Problem("B", path="b.yaml")]))

    assert notice.details == ("a.yaml: A", "b.yaml: B")


def test_an_edit_that_may_not_be_is_a_warning():
    """Nothing is broken; it was only not done."""
    notice = notice_for(EditError("There is a state Cart already."))

    assert notice.severity is Severity.WARNING
    assert notice.what == "There is a state Cart already."


def test_a_place_is_told_once():
    """Where what happened names the file, no line repeats it; further facts do get one."""
    facts = {"path": "/x/a.yaml"}
    said = notice_for(ConfigError("File not found: /x/a.yaml", context=ErrorContext(facts)))
    assert said.details == ()

    facts["line"], facts["column"] = 3, 1
    said = notice_for(ConfigError("Odd: /x/a.yaml", context=ErrorContext(facts)))
    assert said.details == ("/x/a.yaml, line 3, column 1",)


def test_the_systems_refusals_are_explained():
    """An OSError says why and where."""
    notice = notice_for(OSError(28, "No space left on device", "/x/a.yaml"), what="Not saved")

    assert notice.what == "Not saved"
    assert "No space left on device" in notice.why
    assert "/x/a.yaml" in notice.why


def test_our_own_faults_are_said_to_be():
    """A person can tell a fault of the program from one of the flow."""
    notice = notice_for(KeyError("x"), key="fault")

    assert "KeyError" in notice.what
    assert "fault of the program" in notice.fix
    assert notice.key == "fault"


def test_all_of_it_can_be_read_as_text():
    """A screen reader gets every line."""
    notice = notice_for(ConfigError("No name", why="It has none.", fix="Give it one."))

    assert notice.text == "No name\nWhy: It has none.\nFix: Give it one."
