"""SIPp as the crowd: so many new calls a second, each of the same length; it tells which were answered."""

import csv
import subprocess
from pathlib import Path

SCENARIO = Path(__file__).with_name("call.xml")


class Sipp:
    """One run of SIPp; `calls` calls in all, `rate` new ones a second, each of so many `seconds`."""

    def __init__(
        self,
        exchange: tuple[str, int],
        extension: str,
        *,
        rate: float,
        calls: int,
        seconds: float,
        keypad: int,
        folder: Path,
    ) -> None:
        """Begin to call; the calls' sound goes to the port `keypad`, SIPp's own files to `folder`."""
        self._answered = folder / f"{extension}.answered"
        self._statistics = folder / f"{extension}.csv"
        self._read = 0
        for file in (self._answered, self._statistics):
            file.unlink(missing_ok=True)
        options = {
            "-sf": SCENARIO,
            "-s": extension,
            "-i": exchange[0],
            "-r": f"{rate:.3f}",
            "-m": calls,
            "-l": 2 * calls,
            "-d": round(seconds * 1000),
            "-log_file": self._answered,
            "-stf": self._statistics,
            "-fd": 1,
        }
        words = [str(word) for option in options.items() for word in option]
        words += ["-key", "keypad", str(keypad), "-trace_logs", "-trace_stat", "-nostdin", "-nd"]
        self.process = subprocess.Popen(
            ["sipp", f"{exchange[0]}:{exchange[1]}", *words],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    @property
    def over(self) -> bool:
        """Whether all calls have ended."""
        return self.process.poll() is not None

    def answered(self) -> list[int]:
        """Return the ports at which Asterisk awaits the sound of the calls that were answered since the last look."""
        if not self._answered.exists():
            return []
        with self._answered.open("rb") as file:
            file.seek(self._read)
            lines = file.read().rpartition(b"\n")[0]
        self._read += len(lines) + bool(lines)
        return [int(line) for line in lines.split()]

    def failed(self) -> int:
        """Return how many calls failed; all that never came to their end count."""
        with self._statistics.open(encoding="ascii") as file:
            last = list(csv.DictReader(file, delimiter=";"))[-1]
        return int(last["TotalCallCreated"]) - int(last["SuccessfulCall(C)"])

    def stop(self) -> None:
        """End it, also in the middle."""
        self.process.kill()
        self.process.wait()
