"""Which keys lead where: the shortest way from the main menu to every menu and section."""

from ivr.callflow.line import MAIN, Choice, Line

Way = tuple[tuple[str, str], ...]  # menus, and the key that is pressed in each
MAIN_MENU = Choice(menu=MAIN)
LANGUAGES, WITNESS_LINE = Choice(), Choice(section="*")  # places too, though no menu leads there


def ways(line: Line) -> dict[Choice, Way]:
    """Return the way to each place, the nearest first; a section that follows another by itself has its way."""
    found: dict[Choice, Way] = {MAIN_MENU: ()}
    for place in (waiting := [MAIN_MENU]):
        for key, choice in choices(line, place):
            if choice not in found:
                found[choice] = found[place] + (((place.menu, key),) if key else ())
                waiting.append(choice)
    return found


def choices(line: Line, place: Choice) -> list[tuple[str, Choice]]:
    """Return where each key of a place leads; without a key, what follows by itself."""
    if place.menu:
        return list(line.menus[place.menu].choices.items())
    then = line.sections[place.section].then if place.section else ""
    return [("", Choice(section=then))] if then else []
