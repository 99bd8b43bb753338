"""Messages that no telephone sends, in the manner of RFC 4475, and RTP that no telephone sends."""

import random
import struct
from collections.abc import Iterator

from tests.attack.stranger import Stranger

LINE = "sip:line@127.0.0.1"
SWAPS: dict[str, tuple[str, str]] = {
    "no version": (" SIP/2.0\r\n", "\r\n"),
    "a version to come": (" SIP/2.0\r\n", " SIP/7.0\r\n"),
    "a version without end": (" SIP/2.0\r\n", f" SIP/2.{'0' * 4000}\r\n"),
    "spaces in the address": (f"INVITE {LINE}", f"INVITE  {LINE} ;x "),
    "an address of no scheme": (f"INVITE {LINE}", "INVITE nobodyKnowsThisScheme:totallyopaque"),
    "an address of nothing": (f"INVITE {LINE}", "INVITE sip:"),
    "half an escape": (f"INVITE {LINE}", "INVITE sip:l%ine%@127.0.0.1"),
    "an escaped NUL": (f"INVITE {LINE}", "INVITE sip:null-%00-null@127.0.0.1"),
    "an address that begins in brackets": (f"INVITE {LINE}", f"INVITE <{LINE}>"),
    "an address of IPv6 without end": (f"INVITE {LINE}", "INVITE sip:line@[2001:db8::"),
    "a port that is none": (f"INVITE {LINE}", f"INVITE {LINE}:999999"),
    "headers in the address": (f"INVITE {LINE}", f"INVITE {LINE}?Route=%3Csip:127.0.0.1%3E&To=x"),
    "a very long name": (f"INVITE {LINE}", f"INVITE sip:{'l' * 8000}@127.0.0.1"),
    "a thousand parameters": (f"INVITE {LINE}", f"INVITE {LINE}{';a=b' * 1000}"),
    "another method in CSeq": ("cseq: 1 INVITE", "cseq: 1 OPTIONS"),
    "a CSeq of nothing": ("cseq: 1 INVITE", "cseq:"),
    "a CSeq too large": ("cseq: 1 INVITE", "cseq: 36893488147419103232 INVITE"),
    "a CSeq below nothing": ("cseq: 1 INVITE", "cseq: -1 INVITE"),
    "no hops left": ("max-forwards: 70", "max-forwards: 0"),
    "hops without number": ("max-forwards: 70", "max-forwards: many"),
    "hops too many": ("max-forwards: 70", "max-forwards: 99999999999999999999"),
    "a length below nothing": ("content-length: ", "content-length: -"),
    "a length too large": ("content-length: ", "content-length: 9999999"),
    "a length that is a word": ("content-length: ", "content-length: x"),
    "two lengths": ("content-length: ", "content-length: 1\r\ncontent-length: "),
    "a header without colon": ("max-forwards: 70", "max-forwards 70"),
    "a header of no name": ("max-forwards: 70", ": 70"),
    "a header folded for ever": ("max-forwards: 70", f"subject: x{chr(13)}{chr(10)} y" * 300),
    "a quote without end": ("from: ", 'from: "unterminated '),
    "a tag without value": (";tag=", ";tag;tag=;tag="),
    "a bracket without end": ("contact: <", "contact: <<<"),
    "stars for a contact": ("contact: ", "contact: *\r\ncontact: *, "),
    "a via without branch": ("branch=z9hG4bK", "branch="),
    "a via of no protocol": ("via: SIP/2.0/UDP ", "via: SIP/2.0/CARRIER-PIGEON "),
    "a hundred vias": (
        "via: ",
        "via: SIP/2.0/UDP 127.0.0.1:9;branch=z9hG4bKx\r\n" + "via: SIP/2.0/UDP 127.0.0.1:9\r\n" * 99 + "via: ",
    ),
    "options that nobody has": ("max-forwards: 70", "require: nothingSupportsThis, norThis\r\nproxy-require: x"),
    "a body of another kind": ("application/sdp", "multipart/mixed;boundary="),
    "a body of a kind without end": ("application/sdp", "a/" + "b" * 4000),
    "a body in gzip": ("content-type: ", "content-encoding: gzip\r\ncontent-type: "),
    "a date of never": ("max-forwards: 70", "date: Fri, 32 Foo 9999 99:99:99 XYZ"),
    "a login of garbage": ("max-forwards: 70", 'authorization: Digest username="", realm=, nonce=\\'),
    "a session too short": (
        "max-forwards: 70",
        "session-expires: 0;refresher=x\r\nmin-se: 4294967296\r\nsupported: timer",
    ),
    "it replaces garbage": ("max-forwards: 70", "replaces: ;;;=;to-tag=;from-tag"),
    "a rack of garbage": ("max-forwards: 70", "rack: 99999999999 -1 FOO\r\nrseq: -1\r\nsupported: 100rel"),
    "no sound port": ("m=audio 9 ", "m=audio 0 "),
    "a sound port too large": ("m=audio 9 ", "m=audio 999999 "),
    "a sound port below nothing": ("m=audio 9 ", "m=audio -9 "),
    "a thousand sounds": ("a=sendrecv", "a=sendrecv\r\n" + "m=audio 9 RTP/AVP 8\r\n" * 1000),
    "a codec of number 999": ("RTP/AVP 8", "RTP/AVP 999"),
    "no codec": ("RTP/AVP 8 101", "RTP/AVP"),
    "a map of nothing": ("a=rtpmap:8 PCMA/8000", "a=rtpmap:"),
    "a map of no speed": ("a=rtpmap:8 PCMA/8000", "a=rtpmap:8 PCMA/0"),
    "packets of no time": ("a=ptime:20", "a=ptime:-20"),
    "packets of all time": ("a=ptime:20", "a=ptime:99999999999"),
    "no address for sound": ("c=IN IP4 127.0.0.1\r\n", ""),
    "an address for sound that is none": ("c=IN IP4 127.0.0.1", "c=IN IP4 999.999.999.999"),
    "sound in IPv6": ("c=IN IP4 127.0.0.1", "c=IN IP6 ::::"),
    "fax for sound": ("m=audio 9 RTP/AVP", "m=image 9 udptl t38"),
    "keys of a kind without end": ("telephone-event/8000", "telephone-event/" + "8" * 3000),
    "encryption of garbage": (
        "a=sendrecv",
        "a=crypto:99999999999 AES inline:====|2^99|:\r\na=fingerprint:x y\r\na=ice-ufrag:",
    ),
}
WHOLE: dict[str, bytes] = {
    "nothing": b"",
    "a line's end": b"\r\n",
    "a sign of life": b"\r\n\r\n",
    "zeros": bytes(1000),
    "a method alone": b"INVITE",
    "no headers": f"INVITE {LINE} SIP/2.0\r\n\r\n".encode(),
    "lines that end in one sign": f"OPTIONS {LINE} SIP/2.0\nVia: x\nTo: y\n\n".encode(),
    "a page of the web": b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
    "an answer to nothing": b"SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP 127.0.0.1;branch=z9hG4bKx\r\nCSeq: 1 INVITE\r\n\r\n",
    "an answer of a number too large": b"SIP/2.0 4294967301 better not break the receiver\r\n\r\n",
    "an answer without reason": b"SIP/2.0 100\r\n\r\n",
    "an answer that sends elsewhere": b"SIP/2.0 302 Moved\r\nContact: <sip:0033@127.0.0.1>\r\nCSeq: 1 INVITE\r\n\r\n",
    "a STUN request": struct.pack("!HHI12x", 1, 0xFFFF, 0x2112A442),
    "a TLS greeting": bytes.fromhex("16030100a5010000a10303") + bytes(150),
    "a name in every byte": bytes(range(256)) * 20,
    "the largest packet": b"INVITE " + b"A" * 65000,
    "headers without end": f"INVITE {LINE} SIP/2.0\r\n".encode() + b"X: y\r\n" * 9000,
}


def sip(stranger: Stranger, count: int) -> Iterator[tuple[str, bytes]]:
    """Yield bad messages by name, then `count` good ones with a few bytes changed, then `count` of random bytes."""
    yield from WHOLE.items()
    for name, (good, bad) in SWAPS.items():
        text = stranger.call(LINE).packet()
        assert good.encode() in text, name
        yield name, text.replace(good.encode(), bad.encode(), 1)
    for header in ("via", "from", "to", "call-id", "cseq", "contact"):
        whole = stranger.call(LINE)
        yield f"no {header}", stranger.call(LINE, (header, "")).packet()
        yield f"{header} twice", stranger.call(LINE, (header, whole[header]), (header, whole[header])).packet()
    chance = random.Random(4475)
    for number in range(count):
        packet = bytearray(stranger.call(LINE).packet())
        for _ in range(chance.randint(1, 12)):
            packet[chance.randrange(len(packet))] = chance.randrange(256)
        yield f"changed {number}", bytes(packet)
        yield f"cut {number}", stranger.call(LINE).packet()[: chance.randrange(600)]
        yield f"random {number}", chance.randbytes(chance.randint(1, 1400))


def rtp(source: int, count: int) -> Iterator[bytes]:
    """Yield packets that are no sound or lie about themselves, and `count` random ones; none is a whole key."""
    head = struct.pack("!HII", 1, 160, source)
    for first in (0x00, 0x40, 0x80, 0x8F, 0x90, 0xA0, 0xBF, 0xFF):  # versions, sources, extension, padding
        for kind in (8, 0, 9, 13, 72, 101, 127, 0xFF):
            yield bytes([first, kind]) + head
            yield bytes([first, kind]) + head + b"\xff"
            yield bytes([first, kind]) + head + bytes([0xBE, 0xDE, 0xFF, 0xFF]) + b"\xff" * 20
    yield from (b"", b"\x80", bytes(1400), bytes(65000), struct.pack("!HHI12x", 1, 0, 0x2112A442))
    for event in (17, 99, 255):  # no key
        yield bytes([0x80, 101]) + head + struct.pack("!BBH", event, 0x80, 0xFFFF)
    chance = random.Random(3550)
    for _ in range(count):
        yield bytes(
            [chance.choice([0x80, 0x81, 0x90, 0xA0]), chance.choice([8, 0, 9, 96, 200, 201, 203])]
        ) + chance.randbytes(chance.randint(0, 400))


def rtcp() -> Iterator[bytes]:
    """Yield reports on quality that lie about their length, count and kind."""
    for kind in (200, 201, 202, 203, 204, 205, 206, 207, 255):
        for first in (0x80, 0x9F, 0xBF, 0x00):
            for words in (0, 1, 6, 0xFFFF):
                yield struct.pack("!BBHI", first, kind, words, 7) + b"\xff" * 40
    yield from (b"", b"\x80", b"\x80\xc8", bytes(1400))
