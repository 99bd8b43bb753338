"""A real softphone, baresip, for what the tests' own telephone does not speak: TLS and SRTP."""

import subprocess
import wave
from dataclasses import dataclass
from pathlib import Path

import numpy as np

CONFIGURATION = """\
poll_method epoll
sip_listen 127.0.0.1:0
sip_cafile {authority}
audio_player aubridge,heard
audio_source aufile,{says}
audio_alert aufile,/dev/null
module_path /usr/lib/baresip/modules
module g711.so
module aufile.so
module aubridge.so
module sndfile.so
snd_path {heard}
module srtp.so
module_tmp account.so
module_app menu.so
"""


@dataclass(frozen=True)
class Softphone:
    """A softphone with a folder of its own; `authority` is the certificate by which it knows whom it calls."""

    folder: Path
    authority: Path
    encrypted: bool = True

    def call(self, address: str, seconds: int) -> str:
        """Call, listen for so long, hang up; return what it printed."""
        self.folder.mkdir()
        says = self.folder / "says.wav"
        with wave.open(str(says), "wb") as file:
            file.setparams((1, 2, 8000, 0, "NONE", ""))
            file.writeframes(bytes(16000 * seconds))
        told = CONFIGURATION.format(authority=self.authority, heard=self.folder, says=says)
        (self.folder / "config").write_text(told)
        mediaenc = ";mediaenc=srtp-mand" if self.encrypted else ""
        account = f"<sip:caller@127.0.0.1;transport=tls>;regint=0;audio_codecs=pcma{mediaenc}\n"
        (self.folder / "accounts").write_text(account)
        words = ["baresip", "-f", str(self.folder), "-e", f"/dial {address}", "-t", str(seconds)]
        return subprocess.run(
            words, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=seconds + 20
        ).stdout

    def samples(self) -> np.ndarray:
        """Return what was heard, 8000 Hertz, 16 bit."""
        (heard,) = self.folder.glob("*-dec.wav")
        with wave.open(str(heard)) as file:
            assert file.getframerate() == 8000
            return np.frombuffer(file.readframes(file.getnframes()), dtype="<i2")
