"""An argument arrives at Asterisk as it was meant, or is refused."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ivr.calls.agi import LONGEST_COMMAND, quoted
from tests.wire.scripted import Scripted

ANYTHING = st.text(st.characters(codec="utf-8"))
AWKWARD = st.text(st.sampled_from(list('"\\ \t\r\n\0a(),${}')))


def arguments(command: str) -> list[str]:
    """Split a command as `parse_args` of Asterisk's res/res_agi.c does."""
    found: list[str] = []
    quote = escaped = inside = False
    for sign in command:
        if sign == '"' and not escaped:
            quote = not quote
            if quote and not inside:
                found.append("")
                inside = True
        elif sign in " \t" and not quote and not escaped:
            inside = False
        elif sign == "\\" and not escaped:
            escaped = True
            continue
        else:
            if not inside:
                found.append("")
                inside = True
            found[-1] += sign
        escaped = False
    return found


@given(ANYTHING | AWKWARD)
@example("")
@example("\\")
@example('"')
@example('\\"')
def test_an_argument_arrives_as_one_or_is_refused(argument: str) -> None:
    if any(sign in argument for sign in "\r\n\0"):
        with pytest.raises(ValueError, match="no line break"):
            quoted(argument)
    else:
        assert arguments(f"STREAM FILE {quoted(argument)} {quoted('#')}") == ["STREAM", "FILE", argument, "#"]


@given(AWKWARD, AWKWARD)
@settings(deadline=None)
def test_one_command_is_one_line_on_the_wire(name: str, value: str) -> None:
    with Scripted(b"200 result=1\n") as scripted:
        line = scripted.agi()
        try:
            line.command("SET VARIABLE", quoted(name), quoted(value))
        except ValueError:
            assert scripted.sent() == []
        else:
            assert [arguments(sent) for sent in scripted.sent()] == [["SET", "VARIABLE", name, value]]


def test_a_command_that_asterisk_would_cut_in_two_is_refused() -> None:
    with Scripted(b"200 result=1\n") as scripted:
        line = scripted.agi()
        with pytest.raises(ValueError, match="shorten"):
            line.set_variable("IVR_LANGUAGE", "x" * LONGEST_COMMAND)
        assert scripted.sent() == []
