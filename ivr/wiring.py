"""Turns the settings into what each room takes; a room is loaded when it is wired, for most verbs need few."""

import sys
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from ivr import dialling
from ivr.callflow.line import Limits
from ivr.problems import ToMend
from ivr.reports import keys, practice
from ivr.reports.memory import Memory
from ivr.reports.seal import Places
from ivr.settings import Settings

if TYPE_CHECKING:
    from ivr.calls.figures import Figures
    from ivr.calls.publications import Publications
    from ivr.calls.server import Service
    from ivr.exchange.instance import Exchange, Wiring
    from ivr.exchange.status import Look
    from ivr.exchange.watched import Process
    from ivr.prompts.telephone import Desk
    from ivr.reports.rounds import Plan

BEATS_WITHIN = 3.0  # seconds without a beat, after which a process counts as frozen
IVR = Path(sys.executable).with_name("ivr")


@dataclass(frozen=True)
class Shelf:
    """Where the reports are, the list of those entrusted with them, and the second place."""

    reports: Path
    readers: Path | None
    second: str


class LineRefused(ToMend):
    """The line must not open like this; the sentence says what to change."""


def limits(settings: Settings) -> Limits:
    """Return the longest times of a call and of a recording."""
    return Limits(call=settings.longest_call, report=settings.longest_report)


def service(settings: Settings) -> "Service":
    """Return what a server, or a script of one call, needs."""
    from ivr.calls.live import Live
    from ivr.calls.places import Places as CallPlaces
    from ivr.calls.server import Service
    from ivr.reports.desk import Desk

    zone = ZoneInfo(settings.time_zone)
    desk = Desk(settings.memory, receipts_socket(settings))
    if settings.witness_places >= settings.calls_at_once:
        raise LineRefused("No place is left for the information line: set `witness_places` below `calls_at_once`.")
    room = CallPlaces(settings.calls_at_once, settings.witness_places)
    studio = publications(settings)
    called = dialling.people(settings)
    on_duty = {"on_duty": called.on_duty} if called else {}
    live = Live(settings.prompts, limits(settings), studio.board.current, **on_duty)
    return Service(live, desk, lambda: datetime.now(zone), room, studio, called, dialling.back(settings))


def figures(settings: Settings) -> "Figures":
    """Return the figures, as the one process that counts them writes them."""
    from ivr.calls.figures import Figures

    zone = ZoneInfo(settings.time_zone)
    return Figures(Memory(settings.memory).figures, kept_figures(settings), lambda: datetime.now(zone).date())


def kept_figures(settings: Settings) -> Path:
    """Return the folder of the days that are over."""
    return settings.state / "figures"


def serving(settings: Settings) -> "Service":
    """Return what the server needs: it counts, and tells Prometheus where a setting wants that. Raise NoMetrics."""
    counted = figures(settings)
    ready = replace(service(settings), figures=counted)
    if settings.metrics_port is None:
        return ready
    from ivr.calls.metrics import Metrics

    metrics = Metrics(lambda: ready.places.public, counted.today, lambda: ready.live.name)
    metrics.serve(settings.metrics_port)
    return replace(ready, metrics=metrics)


def publications(settings: Settings) -> "Publications":
    """Return the notices, and the volunteers who may publish them."""
    from ivr.calls.board import Board
    from ivr.calls.publications import Publications
    from ivr.calls.recordings import Recordings
    from ivr.calls.volunteers import Volunteers

    board, volunteers = Board(settings.state / "notices"), Volunteers(settings.state / "volunteers")
    recordings = Recordings(Memory(settings.memory).studio, settings.state / "studio")
    return Publications(board, volunteers, studio_mails(settings), recordings)


def studio_mails(settings: Settings) -> Path:
    """Return the outbox of the studio's mails."""
    return settings.state / "studio-mails"


def canary(settings: Settings) -> Path:
    """Return where the canary keeps what it heard last."""
    return settings.state / "canary"


def canary_mails(settings: Settings) -> Path:
    """Return the outbox of the canary's mails."""
    return settings.state / "canary-mails"


def old_before(settings: Settings) -> date:
    """Return the day before which a check of the facts counts as old."""
    return datetime.now(ZoneInfo(settings.time_zone)).date() - timedelta(days=settings.old_after)


def takes(settings: Settings) -> tuple[Path, Path]:
    """Return the folders of human takes, the best first: what was brought as a file, and what came by telephone."""
    return settings.prompts / "recorded", settings.state / "takes"


def takes_by_telephone(settings: Settings) -> "Desk":
    """Return where takes by telephone come from and go to."""
    from ivr.prompts.telephone import Desk

    return Desk(settings.state / "studio" / "good", settings.state / "takes")


def fetched_voices(settings: Settings) -> Path:
    """Return the folder of the voices that `ivr voices fetch` fetched."""
    return settings.cache / "voices"


def read_by_builds(settings: Settings) -> tuple[Path, ...]:
    """Return the folders whose files decide what a build makes."""
    return settings.content, *takes(settings), takes_by_telephone(settings).good, fetched_voices(settings)


def decides_builds(settings: Settings) -> tuple[object, ...]:
    """Return what else does."""
    return settings.witness_number, old_before(settings), settings.online_voices


def receipts_socket(settings: Settings) -> Path:
    """Return the socket of the receipts."""
    return Memory(settings.memory).door / "receipts.socket"


def places(settings: Settings) -> Places:
    """Return where the sealer works."""
    return Places(settings.memory, settings.state / "reports", settings.state / "mails")


def shelf(settings: Settings) -> Shelf:
    """Return what the verbs on reports work with."""
    return Shelf(places(settings).reports, settings.readers, settings.second_place)


def plan(settings: Settings) -> "Plan":
    """Return what is done with reports by the clock."""
    from ivr.reports.notify import Post
    from ivr.reports.rounds import Plan

    post = Post(
        settings.mail_host,
        settings.mail_port,
        settings.mail_sender,
        settings.mail_security,
        settings.mail_user,
        settings.mail_password.get_secret_value(),
    )
    return Plan(
        places(settings).reports,
        places(settings).mails,
        keys.readers(readers(settings)),
        post if settings.mail_host else None,
        settings.mail_hours,
        settings.done_days,
        settings.answer_days,
        settings.second_place,
        studio_mails(settings),
        canary_mails(settings),
        settings.in_charge,
    )


def readers(settings: Settings) -> Path:
    """Return the list of those entrusted; on loopback without one, two practice keys are made."""
    refuse_to_practise_in_public(settings)
    return settings.readers or practice.readers(settings.state / "practice")


def refuse_to_practise_in_public(settings: Settings) -> None:
    """Raise LineRefused where others than this machine could call, and nobody is entrusted with reports."""
    if not settings.readers and (settings.trunk or not settings.sip_address.is_loopback):
        raise LineRefused("Nobody is entrusted with reports: name at least two people in the setting `readers`.")


def asterisk_root(settings: Settings) -> Path:
    """Return the folder of the private Asterisk."""
    return settings.cache / "asterisk-root"


def exchange(settings: Settings) -> "Exchange":
    """Return the Asterisk of this line; raise AsteriskFailed where there is none."""
    from ivr.exchange import asterisk
    from ivr.exchange.instance import Exchange

    found = asterisk.find(asterisk_root(settings))
    return Exchange(found, settings.state / "asterisk", settings.memory)


def look(settings: Settings) -> "Look":
    """Return where the state of the line is looked at."""
    from ivr.exchange.status import Look

    return Look(
        exchange(settings),
        asterisk_root(settings),
        settings.agi_port,
        settings.prompts,
        places(settings).reports,
        settings.state / "studio" / "waiting",
        takes_by_telephone(settings),
        canary(settings),
    )


def asterisk_wiring(settings: Settings) -> "Wiring":
    """Return what fills the words of `asterisk-conf/`."""
    from ivr.exchange.instance import Wiring

    return Wiring(
        sip_address=str(settings.sip_address),
        sip_port=settings.sip_port,
        here=here(settings),
        rtp_first=settings.rtp_first,
        rtp_last=settings.rtp_last,
        agi_port=settings.agi_port,
        prompts=settings.prompts,
        ivr=IVR,
        trunk=settings.trunk or settings.state / "no-trunk.conf",
        longest_call=settings.longest_call,
        longest_report=settings.longest_report,
        dtmf_mode=settings.dtmf_mode,
        script_entries=settings.script_entries,
        studio_by_trunk=settings.studio_by_trunk,
    )


def prepare(exchange: "Exchange", settings: Settings) -> None:
    """Write what Asterisk reads. Raise ConfigurationFailed."""
    calls_back = dialling.back(settings) is not None
    exchange.prepare(settings.asterisk_conf, asterisk_wiring(settings), dialling.rota(settings), calls_back=calls_back)


def here(settings: Settings) -> str:
    """Return the second address at which SIP listens, so that telephones on this machine can call a public line too.

    Where the first one is 127.0.0.1 already, or every address, the second is one that nobody calls.
    """
    taken = settings.sip_address.is_unspecified or str(settings.sip_address) == "127.0.0.1"
    return "127.0.0.2" if taken else "127.0.0.1"


def processes(exchange: "Exchange") -> "tuple[Process, ...]":
    """Return what runs while the line is open, in the order in which it is started."""
    from ivr.exchange.watched import Process

    watched = {"sealer": "seal", "receipts": "receipts", "server": "serve"}
    ours = [Process(name, (str(IVR), verb), beats_within=BEATS_WITHIN) for name, verb in watched.items()]
    rounds = Process("rounds", (str(IVR), "rounds"))  # a night's copying may take longer than a beat
    return (*ours, rounds, exchange.process())
