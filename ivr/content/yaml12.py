"""YAML as people expect it: version 1.2's plain scalars (`18:00` and `no` are words), no key twice."""

import re
from pathlib import Path
from typing import Any

import yaml

Document = dict[Any, Any] | list[Any] | str | int | float | bool | None


class YamlBroken(ValueError):
    """A file cannot be read as YAML; `place` says at which line."""

    def __init__(self, place: str, sentence: str) -> None:
        super().__init__(sentence)
        self.place = place


class _Loader(yaml.CSafeLoader):
    """The C loader with the plain scalars of YAML 1.2's core schema."""


_Loader.yaml_implicit_resolvers = {}
for _tag, _pattern, _first in (
    ("bool", r"^(?:true|True|TRUE|false|False|FALSE)$", "tTfF"),
    (
        "int",
        r"^[-+]?(?:0|[1-9][0-9]{0,17})$",
        "-+0123456789",
    ),  # longer ones are words, and refused where a number is due
    ("float", r"^[-+]?[0-9]+\.[0-9]+(?:[eE][-+]?[0-9]+)?$", "-+0123456789"),
    ("null", r"^(?:~|null|Null|NULL|)$", ["~", "n", "N", ""]),
):
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(_pattern), list(_first))


def _mapping(loader: _Loader, node: yaml.MappingNode) -> dict[Any, Any]:
    mapping: dict[Any, Any] = {}
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        if not isinstance(key, str | int | float | bool):
            raise YamlBroken(_line(key_node.start_mark), "this key is not a word or a number: write a plain one.")
        if key in mapping:
            raise YamlBroken(_line(key_node.start_mark), f"the key {key!r} is used twice: keep one of the two.")
        mapping[key] = loader.construct_object(value_node, deep=True)
    return mapping


_Loader.add_constructor("tag:yaml.org,2002:map", _mapping)


def _line(mark: yaml.Mark | None) -> str:
    return f"line {mark.line + 1}" if mark else ""


def read(file: Path) -> Document:
    """Return a file's document; raise `YamlBroken` with the line and what is wrong."""
    try:
        text = file.read_bytes()
        document: Document = yaml.load(text, Loader=_Loader)  # noqa: S506 - a safe loader
        _refuse_aliases(text)
    except yaml.MarkedYAMLError as error:
        what = error.problem or error.context or "something"
        raise YamlBroken(
            _line(error.problem_mark or error.context_mark), f"is not YAML ({what}): mend this line."
        ) from None
    except (LookupError, AttributeError):
        raise YamlBroken("", "a value does not fit the tag (!!) before it: write it without a tag.") from None
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        if isinstance(error, YamlBroken):
            raise
        why = " ".join(str(error).split())
        raise YamlBroken("", f"is not YAML text in UTF-8 ({why}): save it again as UTF-8.") from None
    except OSError as error:
        raise YamlBroken("", f"cannot be read: {error.strerror}.") from None
    return document


def _refuse_aliases(text: bytes) -> None:
    """Raise `YamlBroken` where a value stands for another: a few lines of that can fill the memory."""
    if b"*" not in text:
        return
    for event in yaml.parse(text, Loader=_Loader):
        if isinstance(event, yaml.AliasEvent):
            place = _line(event.start_mark)  # type: ignore[arg-type] # the C parser's own mark, the same
            raise YamlBroken(place, f"the value *{event.anchor} stands elsewhere: write it out here.")
