"""Reading YAML that anybody may have written: values, limits, and every kind of junk."""

import gc
import math
import os
import time
from datetime import date

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

import flexiflow.yaml_builder
import flexiflow.yaml_source
from flexiflow.errors import FlexiFlowError, PackError
from flexiflow.yaml_source import parse_yaml, read_text, scan_yaml

LOADERS = [yaml.SafeLoader]
if hasattr(yaml, "CSafeLoader"):
    LOADERS.append(yaml.CSafeLoader)


@pytest.fixture(params=LOADERS, ids=lambda loader: loader.__name__)
def loader(request, monkeypatch):
    """With libyaml's parser, and without it."""
    monkeypatch.setattr(flexiflow.yaml_source, "LOADER", request.param)
    return request.param


def refused(text, path=None):
    """The problems of a text, found quickly."""
    begin = time.perf_counter()
    with pytest.raises(PackError) as caught:
        parse_yaml(text, path)

    assert time.perf_counter() - begin < 30
    return caught.value.problems


VALUES = """
text: plain
quoted: "tab\\t\\u00e9"
single: 'it''s'
block: |
  one
    two
folded: >-
  one
  two
numbers: [1, -2, 0x1F, 0b11, 017, 1_000, 1.5, 1e3, 1.5e+3, .5, .inf, -.inf, 12:30, 1:30.5]
booleans: [true, False, yes, No, on, OFF, ~, null, ]
dates: [2001-12-14, 2001-12-14t21:59:43.10-05:00, 2001-12-14 21:59:43]
tagged: [!!str 12, !!int "3", !!float 3, !!bool "yes", !!null "", ! 12, ! [a], ! {a: 1}]
sequences: !!seq [a, !!map {b: c}]
anchors: &a {x: 1, y: [1, 2]}
alias: *a
merged: {<<: *a, z: 3, x: 9}
merges:
  <<: [{p: 1, q: 1}, {p: 2, r: 2}, *a]
  y: own
as_value: [<<, =, {k: <<}]
? long key
: value
7: integer key
2.5: float key
true: boolean key
nested: [[[]], {}, {a: {b: {c: d}}}]
"""


def test_values_mean_what_pyyaml_makes_of_them(loader):
    """Everything that the safe loader reads is read the same, but for stray special signs."""
    text = VALUES.replace("as_value: [<<, =, {k: <<}]\n", "").replace(", ! 12, ! [a], ! {a: 1}", "")
    assert parse_yaml(text) == yaml.load(text, Loader=loader)
    assert list(parse_yaml(text)) == list(yaml.load(text, Loader=loader))


def test_stray_special_signs_are_texts(loader):
    """Where PyYAML gives up, there is nothing to be afraid of."""
    data = parse_yaml(VALUES)
    assert data["as_value"] == ["<<", "=", {"k": "<<"}]
    assert data["tagged"][-3:] == [12, ["a"], {"a": 1}]


def test_merged_entries_come_first_and_own_ones_win(loader):
    """As in PyYAML, order included."""
    data = parse_yaml("a: &a {x: 1, y: 2}\nb: {z: 3, <<: *a, x: 4}\n")
    assert list(data["b"].items()) == [("x", 4), ("y", 2), ("z", 3)]


PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text(st.characters(blacklist_categories=["Cs"]))
    | st.sampled_from(
        ["on", "12:30", "2001-01-01", "<<", "=", "~", "- a", "a: b", "#c", "*a", "&a"]
    )
    | st.dates(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.text(st.characters(blacklist_categories=["Cs"])) | st.integers(), inner, max_size=4
        )
    ),
    max_leaves=20,
)


@given(PLAIN, st.sampled_from([None, True, False]))
@settings(max_examples=100, deadline=None)
def test_what_yaml_writes_is_read_like_pyyaml(data, flow_style):
    """Any plain data, however it is laid out."""
    text = yaml.safe_dump(data, default_flow_style=flow_style, allow_unicode=True)
    assert parse_yaml(text) == yaml.load(text, Loader=flexiflow.yaml_source.LOADER)


@given(st.text(alphabet="ab12:-?[]{},&*!|>'\"%@#~<= \n\t.é\x00\x85\ud800", max_size=40))
@settings(max_examples=500, deadline=None)
def test_any_text_is_read_like_pyyaml_or_refused(text):
    """Nothing but a PackError comes out, and no other value than PyYAML's."""
    try:
        found = parse_yaml(text)
    except PackError:
        return

    try:
        expected = yaml.load(text, Loader=flexiflow.yaml_source.LOADER)
    except yaml.YAMLError:
        return  # stray special signs, which are texts for us

    assert repr(found) == repr(expected)


@pytest.mark.parametrize("text", ["! 1", "!\n~", "! |", "! ''", "! x", "- ! 1.5"])
def test_a_lone_exclamation_mark_says_nothing(text):
    """As for PyYAML, a scalar behind it is what it looks like."""
    assert repr(parse_yaml(text)) == repr(yaml.load(text, Loader=yaml.CSafeLoader))


NINE_LEVELS = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{level}: &a{level} [{', '.join([f'*a{level - 1}'] * 9)}]\n" for level in range(1, 10)
)
MERGES = "a0: &a0 {k: 1}\n" + "".join(
    f"a{level}: &a{level} {{<<: [{', '.join([f'*a{level - 1}'] * 9)}], k{level}: 1}}\n"
    for level in range(1, 9)
)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("&a [*a]", "stands inside of what it names"),
        ("&a {b: [*a]}", "stands inside of what it names"),
        ("&a {<<: *a}", "stands inside of what it names"),
        (NINE_LEVELS, "too large when its aliases are followed"),
        (MERGES, "too large when its aliases are followed"),
        ("[" * 20_000, "nested too deep"),
        ("{a: " * 20_000, "nested too deep"),
        ("- " * 20_000, "nested too deep"),
        ("? " * 20_000, "nested too deep"),
        ("a: " + "9" * 200_000, "The number has 200,000 characters"),
        ("a: 0x" + "f" * 200_000, "The number has 200,002 characters"),
        ("a: 1" + ":1" * 100_000, "The number has 200,001 characters"),
        ("a: 1.5" + "0" * 200_000, "The number has 200,003 characters"),
        ("a: 2024-13-45", "Not a valid timestamp: '2024-13-45'"),
        ("a: 2001-01-01t00:00:00+99:99", "Not a valid timestamp"),
        ("!!int foo", "Not a valid int: 'foo'"),
        ("!!int ''", "Not a valid int: ''"),
        ("!!bool maybe", "Not a valid bool: 'maybe'"),
        ("a: 1\na: 2", "Duplicate key: 'a'"),
        ("{a: 1, 'a': 2}", "Duplicate key: 'a'"),
        ("b: &b {}\na: {<<: *b, <<: *b}", "Duplicate key: '<<'"),
        ("a: [1", "Invalid YAML syntax"),
        ("a: b: c", "Invalid YAML syntax"),
        ("a:\n\t- b", "Invalid YAML syntax"),
        ("a: \x00", "Invalid YAML syntax"),
        ("\ud800", "Invalid YAML syntax"),
        ("'unclosed", "Invalid YAML syntax"),
        ("%YAML 3.0\n---\na", "Invalid YAML syntax"),
        ("@reserved", "Invalid YAML syntax"),
    ],
)
def test_what_is_dangerous_or_broken_is_refused_with_a_sentence(loader, text, what):
    """No other exception, no hang, no memory; with libyaml's parser and without."""
    problem = refused(text, "f.yaml")[0]
    assert what in problem.what
    assert problem.path == "f.yaml"
    assert problem.why
    assert problem.fix


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a: 1\n---\nb: 2", "The file holds several YAML documents"),
        ("--- a\n--- b", "The file holds several YAML documents"),
        ("a: 1\n...\n---\n", "The file holds several YAML documents"),
        ("a: !!python/object/apply:os.system [x]", "The tag '!!python/object/apply:os.system'"),
        ("!local x", "The tag '!local' is not allowed"),
        ("!!str [a]", "The tag '!!str' is not allowed"),
        ("!!set [a]", "The tag '!!set' is not allowed"),
        ("!!omap x", "The tag '!!omap' is not allowed"),
        ("!!omap [a]", "An entry of a list of pairs is no mapping of one key"),
        ("!!pairs [{a: 1, b: 2}]", "An entry of a list of pairs is no mapping of one key"),
        ("!!binary é", "Not a valid binary: 'é'"),
        ("[a]: b", "A mapping key is a list or a mapping"),
        ("? {a: 1}\n: b", "A mapping key is a list or a mapping"),
        ("? !!set {a}\n: b", "A mapping key is a list or a mapping"),
        ("<<: 3", "A merge key needs a mapping"),
        ("<<: [{a: 1}, 3]", "A merge key needs a mapping"),
        ("*nowhere", "Unknown alias: '*nowhere'"),
        ("[&a 1, &a 2]", "Duplicate anchor: '&a'"),
    ],
)
def test_what_pyyaml_refuses_is_invalid_syntax(loader, text, says):
    """The reason says what it is, and the cause is an error of PyYAML's, of the kind it raises."""
    with pytest.raises(PackError) as caught:
        scan_yaml(text, "f.yaml", data_tags=True)

    with pytest.raises(yaml.YAMLError) as theirs:
        yaml.load(text, Loader=loader)

    (problem,) = caught.value.problems
    assert problem.what == caught.value.what == "Invalid YAML syntax"
    assert problem.why.startswith(says)
    assert problem.line
    assert problem.fix
    assert type(caught.value.__cause__) is type(theirs.value)


@pytest.mark.parametrize(
    ("text", "kind"),
    [("a: 2020-13-45", ValueError), ("!!int foo", ValueError), ("!!bool maybe", KeyError)],
)
def test_values_that_are_none_keep_pyyamls_error_as_cause(loader, text, kind):
    """PyYAML has no error of its own for these; what it raises is the cause."""
    with pytest.raises(PackError, match="Not a valid") as caught:
        parse_yaml(text)

    assert type(caught.value.__cause__) is kind
    with pytest.raises(kind):
        yaml.load(text, Loader=loader)


@pytest.mark.parametrize("text", ["a: " + "9" * 2_000, "a: 1\na: 2", "&a [*a]", "[" * 70])
def test_what_only_we_refuse_has_no_cause(loader, text):
    """Limits, duplicate keys and data without an end are no fault of the YAML."""
    with pytest.raises(PackError) as caught:
        parse_yaml(text)

    assert caught.value.__cause__ is None
    assert caught.value.what != "Invalid YAML syntax"


@pytest.mark.parametrize(
    "text",
    [
        "!!set {b, c: , d: 5}",
        "!!set {}",
        "!!set\n? a\n? 5\n",
        "b: &b {x: 1}\na: !!set {<<: *b, y}",
        "!!omap [b: 1, a: {c: 2}, b: 3]",
        "!!pairs [b: 1, b: 2]",
        "!!omap []",
        "a: !!binary aGk=",
        "!!binary |\n  aGk=\n  aGk=\n",
        "? !!binary aGk=\n: 1",
        "!!timestamp '2001-12-14'",
        "!!timestamp 2001-12-14t21:59:43.10-05:00",
        "&a !!set {x}",
        "[&a !!omap [x: 1], *a, *a]",
    ],
)
def test_plain_data_behind_a_tag_means_what_it_means_to_pyyaml(loader, text):
    """Sets, pairs, bytes and dates are no objects of a program: configs may hold them."""
    assert scan_yaml(text, data_tags=True).data == yaml.load(text, Loader=loader)


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("!!set {a}", "!!set"),
        ("!!omap [a: 1]", "!!omap"),
        ("!!pairs [a: 1]", "!!pairs"),
        ("!!binary YQ==", "!!binary"),
        ("!!timestamp 2001-01-01", "!!timestamp"),
    ],
)
def test_such_tags_are_no_values_of_a_flow(loader, text, tag):
    """PyYAML reads them, so it is no matter of syntax."""
    with pytest.raises(PackError) as caught:
        parse_yaml(text)

    assert caught.value.what == f"The tag '{tag}' is not allowed"
    assert caught.value.__cause__ is None


def test_half_a_character_is_refused(loader):
    """Escapes that no file could hold; one parser refuses them itself."""
    assert refused('"\\ud83d"')[0].what in (
        "The text holds half a character",
        "Invalid YAML syntax",
    )


def test_a_refusal_says_where(loader):
    """Line, column and the way there."""
    (problem,) = refused("a:\n  b: [1, *c]\n")
    assert (problem.line, problem.column, problem.at) == (2, 10, "a.b[1]")
    (problem,) = refused("a: {b: 1,\n c: 2, b: 3}")
    assert (problem.line, problem.column, problem.at) == (2, 8, "a.b")
    (problem,) = refused("a: 1\nb: [")
    assert problem.line in (2, 3)


def test_all_duplicate_keys_are_found():
    """And the first thing that cannot be read besides."""
    problems = refused("a: 1\na: 2\nb: {c: 1, c: 2}\nd: !x 3\n")
    assert [problem.line for problem in problems] == [2, 3, 4]


def test_of_very_many_problems_the_first_are_shown():
    """The others are counted."""
    problems = refused("a: 1\n" + "a: 1\n" * 150)
    assert len(problems) == 101
    assert problems[-1].what == "... and 50 more problems"


def test_values_are_counted_also_without_aliases(monkeypatch):
    """A million is the limit; a smaller one is quicker to reach."""
    assert flexiflow.yaml_builder.MAX_NODES == 1_000_000
    monkeypatch.setattr(flexiflow.yaml_builder, "MAX_NODES", 1_000)
    assert len(parse_yaml("[" + "1," * 999 + "]")) == 999
    assert "too large" in refused("[" + "1," * 1_000 + "]")[0].what


def test_a_text_beyond_the_limit_is_refused_unread():
    """32 MiB, before parsing."""
    assert refused("x" * (32 * 1024 * 1024 + 1))[0].what == "The file is larger than 32 MiB"


def test_a_byte_order_mark_is_no_content(loader):
    """Some editors write one."""
    assert parse_yaml("\ufeffa: 1") == {"a": 1}


def test_infinities_are_numbers():
    """YAML knows them; a duration does not."""
    assert math.isnan(parse_yaml(".nan"))
    assert parse_yaml("2001-12-14") == date(2001, 12, 14)


def test_the_garbage_collector_goes_on_afterwards():
    """It is paused while loading, and only where it was on."""
    assert gc.isenabled()
    parse_yaml("a: 1")
    refused("a: [")
    assert gc.isenabled()
    gc.disable()
    try:
        parse_yaml("a: 1")
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_a_file_is_read(tmp_path):
    """As text, line ends untouched."""
    path = tmp_path / "f.yaml"
    path.write_bytes("a: é\r\n".encode())
    assert read_text(path) == read_text(str(path)) == "a: é\r\n"


def test_what_is_no_readable_file(tmp_path):
    """Missing, folder, pipe, not UTF-8, too large, and names that no system takes."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    binary = tmp_path / "binary"
    binary.write_bytes(b"a: 1\nb: \xff\xfe")
    large = tmp_path / "large"
    with large.open("wb") as file:
        file.truncate(40 * 1024 * 1024)

    for path, what in (
        (tmp_path / "none", "File not found"),
        (tmp_path, "Not a file but a folder"),
        (pipe, "Not an ordinary file"),
        ("/dev/zero", "Not an ordinary file"),
        ("/dev/tty", "Not an ordinary file"),
        (binary, "Invalid YAML syntax"),
        (large, "The file is larger than 32 MiB"),
        ("nul\0character", "File cannot be read"),
        ("x" * 5000, "File cannot be read"),
        (binary / "below", "File cannot be read"),
    ):
        with pytest.raises(FlexiFlowError, match=what) as caught:
            read_text(path)

        assert caught.value.context.items["path"] == str(path)

    with pytest.raises(PackError) as caught:
        read_text(binary)

    assert caught.value.problems[0].line == 2
    assert caught.value.problems[0].column == 4


def test_the_null_device_is_an_empty_file():
    """It ends at once, so there is nothing to fear."""
    assert read_text(os.devnull) == ""


def test_a_file_that_grows_meanwhile_is_refused(tmp_path, monkeypatch):
    """The size is checked again after reading."""
    path = tmp_path / "f.yaml"
    path.write_text("a: 1234567")
    monkeypatch.setattr(flexiflow.yaml_source, "MAX_BYTES", 4)
    monkeypatch.setattr(flexiflow.yaml_source, "_ordinary", lambda path: path)
    with pytest.raises(PackError, match="larger"):
        read_text(path)


def test_missing_files_keep_the_systems_error_as_cause(tmp_path):
    """Whoever wants a FileNotFoundError finds it."""
    with pytest.raises(PackError) as caught:
        read_text(tmp_path / "none")

    assert isinstance(caught.value.__cause__, FileNotFoundError)
