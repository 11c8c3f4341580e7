"""Places in a YAML text, by the way that leads there."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flexiflow.yaml_places import Places, Position, breadcrumb, locate, split_breadcrumb

TEXT = """\
# a comment
pack: p
states:
  A: {entry: [{set: {x: 1}}]}
  "b c": 'quoted'
list:
  - [1, two]
  - key: |
      line one
      line two
    other: >
      folded
      text
on: yes
base: &base {m: 1, n: 2}
merged: {<<: *base, o: 3}
merges: {<<: [{p: 1}, *base]}
"""


@pytest.mark.parametrize(
    ("at", "line", "column", "written"),
    [
        ("", 2, 1, ""),
        ("pack", 2, 7, "p"),
        ("states.A.entry[0].set.x", 4, 25, "1"),
        ("states['b c']", 5, 10, "quoted"),
        ("list[0][1]", 7, 9, "two"),
        ("list[-1].key", 8, 10, "line one\nline two\n"),
        (("on",), 14, 5, "yes"),
        ((True,), 14, 5, "yes"),
        ("merged.m", 15, 17, "1"),
        ("merged.o", 16, 24, "3"),
        ("merges.n", 15, 23, "2"),
        ("merges.p", 17, 19, "1"),
    ],
)
def test_a_value_is_found(at, line, column, written):
    """By breadcrumb or by way, through merge keys too."""
    assert locate(TEXT, at) == Position(line, column, written)


@pytest.mark.parametrize(
    ("at", "line", "column"),
    [("pack", 2, 1), ("states.A", 4, 3), ("states['b c']", 5, 3), ((True,), 14, 1)],
)
def test_a_key_is_found(at, line, column):
    """The place of the key instead of its value."""
    found = locate(TEXT, at, key=True)
    assert (found.line, found.column) == (line, column)


@pytest.mark.parametrize(
    ("at", "line", "column"),
    [
        ("states.A.nothing.more", 4, 6),
        ("list[7]", 7, 3),
        ("list[-5]", 7, 3),
        ("pack.x", 2, 7),
        ("list.x", 7, 3),
        ((3.5,), 2, 1),
        (("merges", "x"), 17, 9),
    ],
)
def test_a_way_that_ends_early_finds_the_last_node_on_it(at, line, column):
    """A missing entry is shown at the mapping that lacks it."""
    found = locate(TEXT, at)
    assert (found.line, found.column) == (line, column)


@pytest.mark.parametrize("text", ["", "a: [", "\x00"])
def test_a_text_without_nodes_has_its_beginning(text):
    """Nothing to find, nothing raised."""
    assert locate(text, "a.b") == Position(1, 1)


@pytest.mark.parametrize(
    ("text", "line", "column", "place"),
    [
        ("g: context.a + foo", 1, 13, (1, 16)),
        ("g: 'context.a + foo'", 1, 13, (1, 17)),
        ('g: "context.a + foo"', 1, 13, (1, 17)),
        ('g: "c\\x6fntext.a + foo"', 1, 13, (1, 4)),
        ("g: |\n  context.a +\n    foo\n", 2, 3, (3, 5)),
        ("g: |\n  context.a +\n    foo\n", 9, 1, (1, 4)),
        ("g: |\n  a\n\n  b\n", 2, 1, (1, 4)),
        ("g: >\n  context.a +\n  foo\n", 1, 13, (1, 4)),
        ("g: context.a +\n  foo", 1, 3, (1, 6)),
        ("g: [1]", 1, 3, (1, 4)),
        ("ü😀: é😀 + foo", 1, 6, (1, 10)),
    ],
)
def test_a_place_inside_a_scalar(text, line, column, place):
    """Exact where characters stand as written, else the scalar's beginning."""
    way = next(iter(text.split(":")))
    found = Places(text).find_inside((way,), line, column)
    assert (found.line, found.column) == place


STEPS = st.lists(
    st.integers(0, 99)
    | st.text(st.characters(blacklist_categories=["Cs"]), min_size=0, max_size=8),
    max_size=5,
)


@given(STEPS)
def test_a_breadcrumb_can_be_read_back(way):
    """Whatever keys are called."""
    assert split_breadcrumb(breadcrumb(way)) == tuple(way)


def test_breadcrumbs_read_well():
    """The common ones are plain."""
    assert breadcrumb(("transitions", 3, "guard")) == "transitions[3].guard"
    assert breadcrumb(()) == ""
    assert breadcrumb((True, "a.b", "")) == "[True]['a.b']['']"


def test_keys_that_mean_nothing_are_no_match():
    """A key that looks like a date and is none, one with a tag, and one that is a list."""
    text = "2024-13-45: 1\n!!int '3': 2\n[a]: 3\n4: 5\n"
    assert locate(text, (4,)).line == 4
    assert locate(text, (3,)) == Position(1, 1)


def test_merge_keys_of_merge_keys_are_searched_once():
    """Each mapping merges the one before it twice: what a search passes doubles at each."""
    lines = ["m0: &m0 {deep: 1}"]
    lines += [f"m{n}: &m{n} {{<<: [*m{n - 1}, *m{n - 1}], k{n}: 1}}" for n in range(1, 2_000)]
    places = Places("\n".join(lines) + "\n")
    begin = time.perf_counter()
    assert places.find(("m1999", "deep"), key=True) == Position(1, 10, "deep")
    assert places.find(("m1999", "nowhere")).line == 2_000
    assert time.perf_counter() - begin < 5


def test_the_first_of_merged_mappings_wins():
    """Deeper ones of the first come before those of the second."""
    places = Places("a: &a {x: 1}\nb: &b {<<: *a}\nc: &c {x: 2, y: 3}\nd: {<<: [*b, *c, *a]}\n")
    assert places.find(("d", "x")).line == 1
    assert places.find(("d", "y")).line == 3


def test_a_long_text_that_begins_like_a_number_costs_no_time():
    """YAML's patterns for numbers take minutes for it."""
    assert locate("a: 1" + ":1" * 1_000_000 + "z\nb: x", "b").line == 2
