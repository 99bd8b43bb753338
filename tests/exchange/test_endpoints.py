"""Which endpoints a provider's file has, as Asterisk would find them."""

from pathlib import Path

import pytest

from ivr.exchange.trunk import endpoints, problems
from tests.asterisk_fixture import CHECKOUT


@pytest.mark.parametrize(
    ("told", "found"),
    [
        ("[one]\ntype = aor\n[one]\ntype=endpoint\n[two](keys)\ntype => endpoint ; ours\n", {"one", "two"}),
        ("[like](!)\ntype = endpoint\n[one](like)\n[two](keys, like)\n[three](keys)\n", {"one", "two"}),
        ("; [one]\n;type = endpoint\n;--\n[two]\ntype = endpoint\n--;\n[three]\ntype = identify\n", set()),
        ("[one]\ntype = identify\nendpoint = two\n", set()),
        ("[one]\ncontact = sip:HOST\\;transport=tls\ntype = endpoint\n", {"one"}),
        ("", set()),
    ],
)
def test_a_section_is_an_endpoint_by_its_own_type_or_by_a_template(told: str, found: set[str]) -> None:
    assert endpoints(told) == found


def test_the_example_has_the_endpoint_that_the_readme_names() -> None:
    assert endpoints((CHECKOUT / "asterisk-conf/trunk.conf.example").read_text()) == {"provider"}


def test_a_trunk_that_includes_another_file_may_have_any_endpoint(tmp_path: Path) -> None:
    trunk = tmp_path / "trunk.conf"
    trunk.write_text("#include other.conf\n")
    assert problems(trunk, [(tmp_path / "rota.yaml", "provider")]) == []


def test_without_a_trunk_the_line_can_call_nobody(tmp_path: Path) -> None:
    (problem,) = problems(None, [(tmp_path / "rota.yaml", "provider")])
    assert problem.sentence == "'provider' is no endpoint yet: name the provider's file in the setting `trunk`."
