"""The project's own telephone: SIP and RTP in plain sockets, for tests that call a real Asterisk."""

from .heard import Heard, HeardClip
from .phone import CallRefused, NotHeard, Phone

__all__ = ["CallRefused", "Heard", "HeardClip", "NotHeard", "Phone"]
