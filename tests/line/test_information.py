"""Real calls to the information line."""

from tests.running_line import RunningLine


def test_a_caller_hears_when_the_meals_are(line: RunningLine) -> None:
    with line.phone() as phone:
        phone.call("line")
        phone.hears("en/language-choice")
        phone.press("1")
        phone.hears("en/main.2")
        phone.press("2")
        phone.hears("en/daily.1")
        phone.press("1")
        phone.hears_whole("en/meals.evening")
        phone.hang_up()
