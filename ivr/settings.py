"""What differs between one installation and the next, read once from the environment and a settings file."""

import os
from ipaddress import IPv4Address
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, field_validator
from pydantic_settings import (
    BaseSettings,
    InitSettingsSource,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from ivr.content.yaml12 import YamlBroken, read
from ivr.problems import ToMend

CHECKOUT = Path(__file__).resolve().parent.parent

Port = Annotated[int, Field(ge=1, le=65535)]
Address = Annotated[str, Field(pattern=r"^[^@\s,]+@[^@\s,]+$")]
Hour = Annotated[int, Field(ge=0, le=23)]


def _listed(value: object) -> object:
    """Return `8,18` of the environment as a list."""
    return value.split(",") if isinstance(value, str) else value


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise ValueError("is no time zone: write one like Europe/Paris.") from None
    return name


def _file() -> dict[str, Any]:
    """Return what the file that `IVR_SETTINGS` names says; raise ToMend where it cannot be read."""
    named = os.environ.get("IVR_SETTINGS")
    try:
        found = read(Path(named)) if named else None
    except YamlBroken as error:
        raise ToMend(f"{named} (IVR_SETTINGS): {error.place}{': ' if error.place else ''}{error}") from None
    if not isinstance(found, dict | None):
        raise ToMend(f"{named} (IVR_SETTINGS): must be a list of `key: value` lines.")
    if strange := [key for key in found or {} if not isinstance(key, str)]:
        raise ToMend(f"{named} (IVR_SETTINGS): {strange[0]!r} is no name of a setting: see the README for them.")
    return found or {}


def _home(variable: str, otherwise: str) -> Path:
    return Path(os.environ.get(variable) or Path.home() / otherwise) / "calais-line"


class Settings(BaseSettings):
    """Every setting; the variable `IVR_SIP_PORT`, or `sip_port:` in the settings file, sets `sip_port`."""

    model_config = SettingsConfigDict(env_prefix="IVR_", frozen=True, extra="forbid")

    content: Path = Field(CHECKOUT / "content", description="The folder of menus, sections and translations.")
    prompts: Path = Field(CHECKOUT / "prompts", description="The folder of clips, releases and human takes.")
    asterisk_conf: Path = Field(CHECKOUT / "asterisk-conf", description="The folder of Asterisk's own files.")
    state: Path = Field(
        default_factory=lambda: _home("XDG_STATE_HOME", ".local/state"),
        description="What a running line keeps: sealed reports, notices, Asterisk's own state.",
    )
    cache: Path = Field(
        default_factory=lambda: _home("XDG_CACHE_HOME", ".cache"),
        description="What can be fetched again: the private Asterisk, piper's voices.",
    )
    memory: Path = Field(
        default_factory=lambda: Path(f"/dev/shm/calais-line-{os.getuid()}"),  # noqa: S108 - memory is the point
        description="A folder in memory (tmpfs) for recordings that are not sealed yet.",
    )
    sip_address: IPv4Address = Field(IPv4Address("127.0.0.1"), description="Where SIP and RTP listen.")
    sip_port: Port = Field(5060, description="The UDP port of SIP.")
    rtp_first: Port = Field(10000, description="The first UDP port of RTP.")
    rtp_last: Port = Field(12999, description="The last UDP port of RTP; every call takes two.")
    agi_port: Port = Field(4573, description="The TCP port, on loopback, of the FastAGI server.")
    metrics_port: Port | None = Field(
        None, description="The TCP port, on loopback, where Prometheus finds /metrics; without it there are none."
    )
    calls_at_once: int = Field(500, ge=1, description="More calls than this hear that the line is busy.")
    witness_places: int = Field(20, ge=0, description="How many of these are kept for calls to the witness line.")
    longest_call: int = Field(20 * 60, ge=60, description="Seconds after which a call ends, with a warning.")
    longest_report: int = Field(20 * 60, ge=10, description="Seconds that one recording may last.")
    readers: Path | None = Field(
        None,
        description="The list of those entrusted with reports (SECURITY.md). Without it the line opens "
        "on loopback only, and reports are sealed to two practice keys.",
    )
    second_place: str = Field(
        "", description="Where sealed reports are copied each night: a mounted folder, or host:folder for rsync."
    )
    mail_host: str = Field("", description="The mail server for the mails to readers; empty: no mail is sent.")
    mail_port: Port = Field(465, description="Its port.")
    mail_security: Literal["tls", "starttls", "plain"] = Field("tls", description="How to speak to it.")
    mail_sender: str = Field("", description="The address that mails come from.")
    mail_user: str = Field("", description="The name to log in with, if the server wants one.")
    mail_password: SecretStr = Field(SecretStr(""), description="The password to log in with.")
    mail_hours: Annotated[tuple[Hour, ...], NoDecode, BeforeValidator(_listed)] = Field(
        (8, 18), description="The hours of the day at which waiting reports are told."
    )
    in_charge: Annotated[tuple[Address, ...], NoDecode, BeforeValidator(_listed)] = Field(
        (), description="Who is told by mail when the line is down, and when it is back; else those entrusted."
    )
    done_days: int = Field(90, ge=1, description="Days after which a report that is marked done is deleted.")
    answer_days: int = Field(60, ge=1, description="Days after which a spoken answer is deleted.")
    accept_unsafe_memory: bool = Field(
        default=False, description="Record although the memory folder may reach a disk. Only for tests."
    )
    online_voices: bool = Field(
        default=False, description="Let engines speak that send the words to somebody else's computer (gtts)."
    )
    trunk: Path | None = Field(None, description="Your provider's file, made from asterisk-conf/trunk.conf.example.")
    call_back: Path | None = Field(
        None, description="The file of whom the line calls back (exact prefixes); without it nobody is called back."
    )
    rota: Path | None = Field(
        None, description="The file of those whom callers may speak with (exact numbers); without it nobody is called."
    )
    dtmf_mode: str = Field("auto", pattern="^(auto|auto_info|rfc4733|info|inband)$", description="How keys arrive.")
    script_entries: bool = Field(default=False, description="Also take calls for agi-line, served by `ivr agi`.")
    studio_by_trunk: bool = Field(
        default=False, description="Also take calls for the studio from the trunk; else from this machine alone."
    )
    old_after: int = Field(365, ge=1, description="Days after which a fact that nobody checked is said to be old.")
    witness_number: str = Field(
        "", pattern=r"^[0-9 .+()-]*$", description="The witness line's telephone number, said aloud; may be empty."
    )
    time_zone: Annotated[str, AfterValidator(_zone)] = Field(
        "Europe/Paris", description="The clock by which 'open now' is told."
    )

    @field_validator("*")
    @classmethod
    def _absolute(cls, value: object) -> object:
        """Return folders as absolute ones: Asterisk does not start in the folder from which a person did."""
        return value.absolute() if isinstance(value, Path) else value

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the library's own signature
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Let the environment win over the file that `IVR_SETTINGS` names."""
        return init_settings, env_settings, InitSettingsSource(settings_cls, _file())
