"""Comments are found, and what only looks like one is not."""

import pytest

from designer.exchange.comments import has_comments


@pytest.mark.parametrize(
    "text",
    [
        "# first\na: 1\n",
        "\ufeff# first\na: 1\n",
        "a: 1 # beside\n",
        "a: [1, # within\n  2]\n",
        "a: 1\n# last",
        "a: 'x' # beside a text\n",
        "a: | # beside the mark\n  text\n",
        "a: |\n  text\n# after a block\nb: 1\n",
        "a: |\n  text\n# at the end\n",
        "# only a comment",
        "a: [ # and no YAML",
        "a: '# never closed",
    ],
)
def test_comments_are_found(text):
    """Wherever they stand."""
    assert has_comments(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a: 1\n",
        "color: '#b7791f'\n",
        'color: "#b7791f"\n',
        "a: x#y\n",
        "a: |\n  # a text\n  of lines # here\nb: 1\n",
        "a: >-\n  # folded\n",
        "ä: '#'\n😀: x#y\n",
        "? a#b\n: c#d\n",
        "a: x\n  y#z\n",
    ],
)
def test_values_are_no_comments(text):
    """A number sign within a value belongs to it."""
    assert not has_comments(text)
