"""Whether a stretch of sound holds speech: told from its loudness alone, nothing is recognised or kept."""

from typing import Final

_FRAME: Final = 160  # 20 milliseconds of 8000 Hertz
_FULL_SCALE: Final = 32768.0
_QUIETEST_SPEECH: Final = -50.0  # decibels below full scale; a telephone's own noise lies near -60
_ABOVE_THE_FLOOR: Final = 8.0  # decibels: syllables rise out of the noise, a hum or a tone does not
ENOUGH: Final = 15  # frames in a part: 0.3 seconds, one short word


def speech_frames(sound: bytes) -> int:
    """Count the frames of 20 ms that sound like speech; `sound` is 8000 Hertz, 16 bit signed, mono."""
    import numpy as np  # noqa: PLC0415 - slow to import, and most verbs hear nothing

    samples = np.frombuffer(sound[: len(sound) // (2 * _FRAME) * 2 * _FRAME], dtype="<i2")
    if not samples.size:
        return 0
    power = np.square(samples.astype(np.float32) / _FULL_SCALE).reshape(-1, _FRAME).mean(axis=1)
    levels = 10 * np.log10(power + 1e-10)
    tenth = levels.size // 10
    floor = float(np.partition(levels, tenth)[tenth])
    return int(np.count_nonzero(levels > max(_QUIETEST_SPEECH, floor + _ABOVE_THE_FLOOR)))
