"""Configs as diagrams."""

import itertools
import string
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flexiflow.explanation import ConfigExplanation, Diagnostic, PackInfo
from flexiflow.mermaid_text import RESERVED
from flexiflow.statepack import TransitionSpec
from flexiflow.visualize import _generate_mermaid, _sanitize_id, visualize
from tests.helpers.diagram_parsers import dot_error, mermaid_errors

BUILTIN = ["AwaitingConfirmation", "ErrorHandling", "InitialState", "ProcessingRequest"]
FLOWS = Path(__file__).parents[2] / "resources" / "examples"
HEADER = """\
flowchart LR

%% Edge labels: on_message [guard]
"""
POLICY = "%% initial_state_resolution: [packs, builtin]"


def explanation(*packs, **fields):
    """An explanation of packs given as (name, keys, transitions)."""
    infos = [PackInfo(name, sorted(keys), specs, []) for name, keys, specs in packs]
    order = [info.name for info in infos]
    return ConfigExplanation(
        "(dict)", packs=infos, pack_order=order, builtin_states=BUILTIN, **fields
    )


def arrow(source, message, target, guard=None):
    return TransitionSpec(source, message, target, guard)


def lines_of(result):
    return _generate_mermaid(result).split("\n")


def edges_of(result):
    return [line for line in lines_of(result) if "-->" in line]


class TestFormats:
    @pytest.mark.parametrize(
        "format_name",
        ["svg", "", None, "Mermaid", ["mermaid"], {"dot": 1}, {"mermaid"}, b"dot", Path("dot"), 3],
    )
    def test_unknown_format(self, format_name):
        """It is refused before anything else."""
        with pytest.raises(ValueError, match="Unsupported format") as caught:
            visualize(object(), format=format_name)
        assert str(caught.value) == f"Unsupported format: {format_name!r}. Use 'mermaid'."

    def test_format_whose_code_fails(self):
        """It is no format like any other; one that equals a format is that."""

        class Fails:
            __eq__ = __repr__ = __str__ = __hash__ = lambda *_: 1 / 0

        with pytest.raises(ValueError, match="Unsupported format: <Fails>"):
            visualize(object(), format=Fails())

        class Named(str):
            __slots__ = ()

        assert visualize(explanation(), format=Named("mermaid")) == visualize(explanation())
        assert visualize(explanation(), format="dot").startswith("digraph")

    def test_format_is_a_keyword(self):
        """The format cannot be given by position."""
        with pytest.raises(TypeError):
            visualize({}, "mermaid")

    def test_explanation_is_used_as_it_is(self):
        """Whoever has one needs no second."""
        result = explanation(("door", ["Open"], []))
        assert visualize(result) == _generate_mermaid(result)

    def test_config(self):
        """Anything that explain takes."""
        pack = {"pack": "p", "states": {"A": None}}
        text = visualize({"name": "c", "packs": [pack], "initial_state": "A"})
        assert '  A["A"]' in text

    def test_no_imports(self):
        """Diagrams can be made without importing anything."""
        text = visualize({"name": "c", "packs": ["nowhere_at_all:P"]}, imports=False)
        assert "%% error: Pack loading failed: Module not found: 'nowhere_at_all'" in text


class TestMermaid:
    def test_sample(self):
        """Header, groups, unknown states, transitions and styles, a blank line between."""
        door = ("door", ["Shut", "Open"], [
            arrow("Shut", "push", "Open", "unlocked"),
            arrow("Open", "burn", "Ash"),
        ])  # fmt: skip
        assert visualize(explanation(door)) == (
            HEADER
            + """\
%% pack_order: door
%% initial_state_resolution: [packs, builtin]

subgraph door["pack: door"]
  Open["Open"]
  Shut["Shut"]
end

subgraph unknown["unknown states"]
  unknown_Ash["Ash"]:::unknown
end

Shut -->|"push [unlocked]"| Open
Open -->|"burn"| unknown_Ash

%% Styling for unknown states
classDef unknown stroke-dasharray: 5 5, stroke: #999"""
        )

    def test_nothing(self):
        """Without packs there is the header alone."""
        assert visualize(explanation()) == HEADER + POLICY
        bare = explanation(initial_state_resolution=[])
        assert visualize(bare) == HEADER.rstrip("\n")

    def test_missing_file(self, tmp_path):
        """The header, and the error as a comment between it and the rest."""
        path = tmp_path / "none.yaml"
        assert visualize(path) == (f"{HEADER}{POLICY}\n\n%% error: Config file not found: {path}")

    def test_errors_stand_after_the_header(self):
        """One comment line each, in a block of their own."""
        result = explanation(
            ("p", ["A"], []), errors=[Diagnostic("error", "one\ntwo"), Diagnostic("error", "three")]
        )
        blocks = visualize(result).split("\n\n")
        assert blocks[2] == "%% error: one two\n%% error: three"
        assert blocks[3].startswith("subgraph p")

    def test_several_packs(self):
        """Groups and transitions in the packs' order, states sorted, duplicates kept."""
        result = explanation(
            ("z", ["B", "A"], [arrow("B", "x", "A"), arrow("B", "x", "A")]),
            ("a", ["C"], [arrow("C", "y", "B")]),
        )
        assert "%% pack_order: z, a" in lines_of(result)
        groups = [line for line in lines_of(result) if line.startswith("subgraph")]
        assert groups == ['subgraph z["pack: z"]', 'subgraph a["pack: a"]']
        assert edges_of(result) == ['B -->|"x"| A', 'B -->|"x"| A', 'C -->|"y"| B']

    def test_pack_without_states(self):
        """It gets no group, but its transitions are drawn."""
        result = explanation(("p", [], [arrow("InitialState", "x", "ErrorHandling")]))
        assert not any(line.startswith("subgraph") for line in lines_of(result))
        assert edges_of(result) == ['InitialState -->|"x"| ErrorHandling']

    def test_builtin_states_have_no_line(self):
        """They are known all the same."""
        result = explanation(("p", ["A"], [arrow("A", "x", "InitialState")]))
        assert not any("unknown" in line or '"InitialState"' in line for line in lines_of(result))

    def test_both_ends_may_be_unknown(self):
        """Each unknown state stands once, sorted."""
        result = explanation(("p", [], [arrow("Z", "x", "Y"), arrow("Y", "x", "Z")]))
        nodes = [line for line in lines_of(result) if ":::" in line]
        assert nodes == [
            '  unknown_Y["Y"]:::unknown',
            '  unknown_Z["Z"]:::unknown',
        ]
        assert edges_of(result)[0] == 'unknown_Z -->|"x"| unknown_Y'

    def test_policy(self):
        """In its own order."""
        result = explanation(initial_state_resolution=["builtin", "packs"])
        assert "%% initial_state_resolution: [builtin, packs]" in lines_of(result)

    def test_transitions_that_are_none(self):
        """A pack without any, said in another way."""
        assert visualize(explanation(("p", ["A"], None))).endswith("end")

    def test_quotes_in_a_message(self):
        """They are escaped by a backslash."""
        result = explanation(("p", ["A"], [arrow("A", 'say "hi"', "A")]))
        assert edges_of(result) == ['A -->|"say \\"hi\\""| A']

    def test_what_would_end_a_label(self):
        """Quotes, brackets and bars of guards become entities, line breaks become blanks."""
        guard = 'x["k"] == "v" | `b`\nand a<b and "#lt;" in c'
        result = explanation(("p", ["A"], [arrow("A", "m\r\nn", "A", guard)]))
        (edge,) = edges_of(result)
        assert edge == (
            'A -->|"m n [x#91;#quot;k#quot;#93; == #quot;v#quot; #124; #96;b#96; '
            'and a#lt;b and #quot;#35;lt;#quot; in c]"| A'
        )

    def test_plain_guards_stay(self):
        """Comparisons need no entities."""
        result = explanation(("p", ["A"], [arrow("A", "m", "A", "a < 5 and b > 3 & c # d")]))
        assert edges_of(result) == ['A -->|"m [a < 5 and b > 3 & c # d]"| A']

    def test_special_characters_in_names(self):
        """They stay in the texts; quotes become entities."""
        result = explanation(("my pack", ["session idle", 'state-"x".v2'], []))
        assert 'subgraph my_pack["pack: my pack"]' in lines_of(result)
        assert '  session_idle["session idle"]' in lines_of(result)
        assert '  state__x__v2["state-#quot;x#quot;.v2"]' in lines_of(result)

    def test_names_stay_as_they_are(self):
        """In quotes, brackets and bars mean nothing; edges keep their entities."""
        result = explanation(("p[1]", ["n[0]", "a|b", "x`y`"], [arrow("n[0]", "m", "a|b")]))
        lines = lines_of(result)
        assert 'subgraph p_1_["pack: p[1]"]' in lines
        assert '  n_0_["n[0]"]' in lines
        assert '  a_b["a|b"]' in lines
        assert '  x_y_["x`y`"]' in lines

    @pytest.mark.parametrize(
        ("name", "label"),
        [
            ('q"q', "q#quot;q"),
            ("l\nb", "l b"),
            ("%%{init: {}}%%", "#37;%{init: {}}%%"),
            ("#lt;", "#35;lt;"),
            ("&amp;", "#amp;amp;"),
            ("`m`", "#96;m`"),
            ("<b>", "#lt;b>"),
            ("a < b", "a < b"),
            ("50%%", "50%%"),
        ],
    )
    def test_what_would_break_a_name(self, name, label):
        """Quotes, entities, tags, directives and markdown at its start."""
        result = explanation(("p", [name], []))
        assert any(line.endswith(f'["{label}"]') for line in lines_of(result))

    def test_directives_are_none(self):
        """What Mermaid would take for one is broken up wherever it stands."""
        text = '%%{init: {"theme": "dark"}}%%'
        other = text.replace('"', "")
        result = explanation(
            (text, [text], [arrow(text, other, text, text)]), errors=[Diagnostic("error", text)]
        )
        result.initial_state_resolution = [text]
        assert "%%{" not in visualize(result)
        assert '%% error: %% {init: {"theme": "dark"}}%%' in lines_of(result)
        assert "#37;%{init" in edges_of(result)[0]

    def test_line_breaks_in_pack_names(self):
        """They do not break the comment either."""
        assert "%% pack_order: a b" in lines_of(explanation(("a\nb", [], [])))


class TestIds:
    @pytest.mark.parametrize(
        ("name", "sanitized"),
        [
            ("session idle", "session_idle"),
            ("state-name.v2", "state_name_v2"),
            ("", "node"),
            ("---", "___"),
            ("É_1", "É_1"),
        ],
    )
    def test_sanitizing(self, name, sanitized):
        """Everything but letters, digits and underscores becomes an underscore."""
        assert _sanitize_id(name) == sanitized

    def nodes(self, *keys, name="p"):
        result = explanation((name, keys, []))
        return [line.strip() for line in lines_of(result) if line.startswith("  ")]

    def test_names_that_look_alike(self):
        """Only a clash gets a number."""
        assert self.nodes("a b", "a-b", "a_b", "a.c") == [
            'a_b["a b"]',
            'a_b_2["a-b"]',
            'a_c["a.c"]',
            'a_b_3["a_b"]',
        ]

    def test_numbers_avoid_other_names(self):
        """A number is not one that another state has anyway."""
        assert self.nodes("a b", "a-b", "a_b_2") == ['a_b["a b"]', 'a_b_3["a-b"]', 'a_b_2["a_b_2"]']

    def test_words_of_mermaid(self):
        """Words of its grammar get a number."""
        assert self.nodes("end", "default", "End") == [
            'End["End"]',
            'default_2["default"]',
            'end_2["end"]',
        ]

    def test_words_of_mermaid_beside_other_letters(self):
        """Its lexer finds them there too; the id gets an underscore, and the name stays."""
        assert self.nodes("classé", "日end", "2end", "endless", "été") == [
            '_2end["2end"]',
            '_class_["classé"]',
            'endless["endless"]',
            'été["été"]',
            '__end["日end"]',
        ]
        assert self.nodes("hasOwnProperty") == ['hasOwnProperty_2["hasOwnProperty"]']

    def test_letters_that_mermaid_does_not_know(self):
        """They become underscores."""
        assert self.nodes("x²", "é") == ['x_["x²"]', 'é["é"]']

    def test_pack_like_a_state(self):
        """The state keeps its name."""
        result = explanation(("Open", ["Open"], []))
        assert 'subgraph Open_2["pack: Open"]' in lines_of(result)
        assert '  Open["Open"]' in lines_of(result)

    def test_packs_of_one_name(self):
        """Each gets a group of its own."""
        result = explanation(("p", ["A"], []), ("p", ["B"], []))
        groups = [line for line in lines_of(result) if line.startswith("subgraph")]
        assert groups == ['subgraph p["pack: p"]', 'subgraph p_2["pack: p"]']

    def test_state_called_unknown(self):
        """It gives way to the group of unknown states, and only then."""
        assert self.nodes("unknown") == ['unknown["unknown"]']
        result = explanation(("p", ["unknown", "unknown_Ash"], [arrow("unknown", "x", "Ash")]))
        assert '  unknown_2["unknown"]' in lines_of(result)
        assert edges_of(result) == ['unknown_2 -->|"x"| unknown_Ash']
        assert '  unknown_Ash_2["unknown_Ash"]' in lines_of(result)


class TestDot:
    def test_sample(self):
        """Clusters, unknown states dashed, a point for the start."""
        door = ("door", ["Shut", "Open"], [
            arrow("Shut", "push", "Open", "unlocked"),
            arrow("Open", 'burn "all" \\N', "Ash"),
            arrow("Open", "off", "InitialState"),
        ])  # fmt: skip
        result = explanation(door, name="my door", initial_state="Shut")
        result.errors.append(Diagnostic("error", "a\nb"))
        assert visualize(result, format="dot").split("\n") == [
            'digraph "my door" {',
            "  // error: a b",
            "  rankdir=LR;",
            '  node [shape=box, style=rounded, fontname="sans-serif"];',
            '  edge [fontname="sans-serif", fontsize=10];',
            "  subgraph cluster_0 {",
            '    label="pack: door";',
            '    s0 [label="Open"];',
            '    s1 [label="Shut"];',
            "  }",
            '  s2 [label="Ash", style="rounded,dashed", color="#999999"];',
            '  s3 [label="InitialState"];',
            '  start [shape=point, width=0.15, label=""];',
            "  start -> s1;",
            '  s1 -> s0 [label="push [unlocked]"];',
            '  s0 -> s2 [label="burn \\"all\\" \\\\N"];',
            '  s0 -> s3 [label="off"];',
            "}",
        ]

    def test_nothing(self):
        """A config without packs is an empty graph."""
        text = visualize(explanation(("p", [], [])), format="dot")
        assert text.startswith('digraph "config" {')
        assert "->" not in text
        assert dot_error(text) is None

    def test_builtin_start(self):
        """A starting state that no pack has is drawn too."""
        text = visualize(explanation(initial_state="InitialState"), format="dot")
        assert 's0 [label="InitialState"];' in text
        assert dot_error(text) is None


def odd_explanations():
    """Diagrams of names, messages and guards that hardly anybody would choose.

    Messages are without quotes: the escape of those is fixed, and Mermaid reads only some of it.
    """
    words = [
        *("end", "graph", "subgraph", "default", "class", "unknown", "node", "click", "style"),
        *("_self", "a b", "a-b", 'q"q', "b[r]", "p|p", "(r)", "{c}", "<t>", "#lt;", "&amp;", "`m`"),
        *("l\nb", "é", "x²", "१", "\U0001d4b3", "中", "o", "x", "--> z", "%% c", ";", "\\", "a\\"),
        *("/", ":::u", "@{s}", "1. x", "- x", " ", "n[0]", "`", "%%{init: {}}%%", "x%%{y", "%%%{"),
    ]
    for count, offset in itertools.product((1, 3, len(words)), (0, 7, 19)):
        chosen = (words[offset:] + words[:offset])[:count]
        arrows = [
            arrow(source, message.replace('"', ""), target, guard)
            for source, message, target, guard in zip(
                chosen, reversed(chosen), chosen[1:] + chosen[:1], [None, *words], strict=False
            )
        ]
        half = chosen[: len(chosen) // 2 + 1]
        yield explanation((words[offset], half, arrows), ("unknown", [], []), ("end", ["Own"], []))


def test_mermaid_reads_every_diagram():
    """Mermaid's own parser takes diagrams of all shared flows and of the oddest names."""
    diagrams = [visualize(path) for path in sorted(FLOWS.glob("*.yaml"))]
    diagrams += [visualize(odd) for odd in odd_explanations()]
    diagrams.append(visualize(explanation(("p", ["A"], [arrow("A", 'say "hi"', "A")]))))
    errors = mermaid_errors(diagrams)
    failed = [f"{error}\n{text}" for error, text in zip(errors, diagrams, strict=True) if error]
    assert not failed, failed[0]


def test_mermaid_reads_its_words_beside_anything():
    """Each of its words with letters and digits around it: states, packs, unknown ones."""
    patterns = [
        *(
            "{}é",
            "é{}",
            "2{}",
            "12{}",
            "日{}",
            "{}日",
            "é{}é",
            "2{}s",
            "é{}s",
            "{} é",
            "a2{}",
            "_2{}",
        ),
        *("2_{}", "é_{}", "é2{}", "2{}é", "日__{}é", "{}", "é {}", "{}.2", "{}_2"),
    ]
    names = [pattern.format(word) for word in sorted(RESERVED) for pattern in patterns]
    diagrams = []
    for name in names:
        arrows = [arrow("zz", "m", name), arrow(name, "m", "zz"), arrow("zz", "m", f"日{name}")]
        diagrams.append(visualize(explanation((name, [name, "zz"], arrows))))

    errors = mermaid_errors(diagrams)
    assert [name for name, error in zip(names, errors, strict=True) if error] == []


def test_graphviz_reads_every_diagram():
    """Graphviz draws diagrams of all shared flows and of the oddest names."""
    diagrams = [visualize(path, format="dot") for path in sorted(FLOWS.glob("*.yaml"))]
    diagrams += [visualize(odd, format="dot") for odd in odd_explanations()]
    for text in diagrams:
        assert dot_error(text) is None, text


NAMES = st.text(st.sampled_from(string.printable + 'é中²"|[]`#;&<>'), min_size=1, max_size=6)


@settings(max_examples=60, deadline=None)
@given(st.lists(NAMES, min_size=1, max_size=8, unique=True), st.data())
def test_ids_are_never_shared(keys, data):
    """Different states have different ids, whatever they are called."""
    ends = st.sampled_from(keys)
    arrows = data.draw(st.lists(st.builds(arrow, ends, NAMES, ends, st.none() | NAMES), max_size=6))
    provided = data.draw(st.sets(ends))
    result = explanation(("p", provided, arrows), ("end", [], []))
    nodes = [line.strip().split("[")[0] for line in lines_of(result) if line.startswith("  ")]
    ids = nodes + [
        line.split("[")[0][9:] for line in lines_of(result) if line.startswith("subgraph")
    ]
    assert len(set(ids)) == len(ids)
    assert len(edges_of(result)) == len(arrows)
