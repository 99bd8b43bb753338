"""What Prometheus is told: by the server's own story, and never of a witness."""

import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from ivr.callflow.line import Limits
from ivr.calls.figures import Counts
from ivr.calls.live import Live
from ivr.calls.metrics import Metrics, NoMetrics
from ivr.calls.places import Places
from ivr.calls.server import Server, Service
from ivr.calls.timed import Timed
from tests.asterisk_fixture import free_port
from tests.calls.asterisk_like import Channel
from tests.calls.playing import NOON, Desk, Played
from tests.calls.releases import publish
from tests.calls.test_server import port, wait_for

Samples = dict[tuple[str, ...], float]


def told(metrics_port: int) -> Samples:
    """Return what /metrics says: the value by name and labels."""
    with urllib.request.urlopen(f"http://127.0.0.1:{metrics_port}/metrics", timeout=60) as page:
        families = text_string_to_metric_families(page.read().decode())
    return {(one.name, *one.labels.values()): one.value for family in families for one in family.samples}


class Counted:
    """A server with its metrics."""

    def __init__(self, prompts: Path) -> None:
        self.places = Places(2, 1)
        self.today: dict[str, Counts] = {}
        live = Live(prompts, Limits())
        self.port = free_port()
        metrics = Metrics(lambda: self.places.public, lambda: self.today, lambda: live.name)
        metrics.serve(self.port)
        service = Service(live, Desk(), lambda: NOON, self.places, metrics=metrics)
        self.server = Server(0, service.take, self.places.connections, service.tend)

    def told(self) -> Samples:
        return told(self.port)


@pytest.fixture
def counted(tmp_path: Path) -> Iterator[Counted]:
    import threading

    publish(tmp_path, "000001-first")
    made = Counted(tmp_path)
    thread = threading.Thread(target=made.server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield made
    made.server.shutdown()
    thread.join()
    made.server.server_close()


def test_a_call_for_information_counts_while_it_lasts(counted: Counted) -> None:
    with Channel(port(counted.server), "line") as call:
        call.hears("STREAM FILE")
        assert counted.told()["calais_calls",] == 1
    wait_for(lambda: counted.told()["calais_calls",] == 0)


def test_a_call_to_the_witness_line_never_counts_and_one_that_goes_there_counts_no_more(counted: Counted) -> None:
    with Channel(port(counted.server), "witness") as witness, Channel(port(counted.server), "line-fr") as call:
        witness.hears("STREAM FILE")
        call.hears("STREAM FILE")
        assert counted.told()["calais_calls",] == 1
        call.answer(f"200 result={ord('9')} endpos=800")
        wait_for(lambda: counted.told()["calais_calls",] == 0)


def test_a_call_that_is_turned_away_counts_as_refused(counted: Counted) -> None:
    with Channel(port(counted.server), "line") as first:
        first.hears("STREAM FILE")
        with Channel(port(counted.server), "line") as second:  # nobody waits for real: it answers at once
            second.hears("IVR_DONE")
        wait_for(lambda: counted.told()["calais_refused_total",] == 1)


def test_the_canary_counts_nowhere_not_even_when_it_is_turned_away(counted: Counted) -> None:
    with Channel(port(counted.server), "canary-fr") as first:
        first.hears("STREAM FILE")
        first.answer(f"200 result={ord('2')} endpos=800")
        with Channel(port(counted.server), "canary-fr") as second:
            second.hears("IVR_DONE")
            second.ends()
        said = counted.told()
    assert said["calais_calls",] == said["calais_refused_total",] == said["calais_key_seconds_count",] == 0


def test_a_key_is_timed_until_the_next_prompt_but_not_on_the_way_to_the_witness_line(counted: Counted) -> None:
    with Channel(port(counted.server), "line-fr") as call:
        call.hears("STREAM FILE")
        call.answer(f"200 result={ord('2')} endpos=800")
        call.answer(f"200 result={ord('9')} endpos=800")
    said = counted.told()
    assert said["calais_key_seconds_count",] == 1
    assert 0 < said["calais_key_seconds_sum",] < 20


def test_the_seconds_of_a_key_end_when_the_next_prompt_begins() -> None:
    seconds: list[float] = []
    clock = iter((10.0, 10.25, 20.0, 20.5))
    phone = Timed(Played({"one": "1", "4 s": "2"}), seconds.append, lambda: next(clock))
    phone.play("one")
    phone.play("two")
    phone.wait(4)
    phone.say("three")
    phone.say("four")
    assert seconds == [0.25, 0.5]


def test_the_lag_of_the_beats_and_the_release_are_told(counted: Counted) -> None:
    wait_for(lambda: counted.told()["calais_lag_seconds_count",] > 2)
    said = counted.told()
    assert said["calais_release_info", "000001-first"] == 1
    assert said["process_resident_memory_bytes",] > 10_000_000
    assert said["calais_lag_seconds_bucket", "0.5"] > 0


def test_a_late_beat_is_told_by_how_much(monkeypatch: pytest.MonkeyPatch) -> None:
    metrics = Metrics(lambda: 0, dict, lambda: "")
    now = iter((100.0, 100.5, 103.0))
    monkeypatch.setattr("ivr.calls.metrics.time.monotonic", lambda: next(now))
    for _ in range(3):
        metrics.beat(0.5)
    assert metrics.registry.get_sample_value("calais_lag_seconds_sum") == 2.0
    assert metrics.registry.get_sample_value("calais_lag_seconds_bucket", {"le": "1.0"}) == 1


def test_what_was_asked_for_today_is_told_in_fives_and_few_are_not_told(counted: Counted) -> None:
    counted.today = {"fr": Counts(10, {"meals": 5, "rights": 0}, {"main": 5}), "ti": Counts()}
    said = {name: value for name, value in counted.told().items() if name[0].endswith("_today")}
    assert said == {
        ("calais_calls_today", "fr"): 10,
        ("calais_asked_today", "fr", "meals"): 5,
        ("calais_gave_up_today", "fr", "main"): 5,
    }


def test_nobody_but_this_machine_can_ask(counted: Counted) -> None:
    hexadecimal = f"{counted.port:04X}"
    listed = [line.split()[1] for line in Path("/proc/net/tcp").read_text().splitlines()[1:] if " 0A " in line]
    assert [one for one in listed if one.endswith(f":{hexadecimal}")] == [f"0100007F:{hexadecimal}"]


def test_a_port_that_is_taken_is_one_sentence(counted: Counted) -> None:
    with pytest.raises(NoMetrics, match="metrics_port"):
        Metrics(lambda: 0, dict, lambda: "").serve(counted.port)
