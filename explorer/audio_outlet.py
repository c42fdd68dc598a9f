"""Where sound leaves the program: the machine's own audio device, fed bit by bit; without one, a sentence says why."""

from typing import TYPE_CHECKING

from .words import tr

if TYPE_CHECKING:
    from PyQt6.QtMultimedia import QAudioDevice

RATE, CHANNELS, WIDTH = 48_000, 2, 2  # samples a second, and bytes of each
FRAME = CHANNELS * WIDTH  # bytes
AHEAD = 0.25  # seconds that are handed over before they are heard, so that a busy window makes no gap


class NoOutlet(RuntimeError):
    """There is nothing to hear with; the message is part of a sentence."""


class Outlet:
    """Plays interleaved 16-bit stereo at 48 kHz as soon as it is written. Raises NoOutlet."""

    def __init__(self) -> None:
        try:
            from PyQt6.QtMultimedia import QAudioFormat, QAudioSink, QMediaDevices
        except ImportError as error:  # a library of the system that Qt wants for it
            raise NoOutlet(tr("Qt cannot play sound here ({reason})", reason=str(error).split(":")[0])) from None
        device: QAudioDevice = QMediaDevices.defaultAudioOutput()
        form = QAudioFormat()
        form.setSampleRate(RATE)
        form.setChannelCount(CHANNELS)
        form.setSampleFormat(QAudioFormat.SampleFormat.Int16)
        if device.isNull():
            raise NoOutlet(tr("there is no audio device"))
        if not device.isFormatSupported(form):
            raise NoOutlet(tr("the audio device takes no stereo at 48 kHz"))
        self._sink = QAudioSink(device, form)
        self._sink.setBufferSize(round(AHEAD * RATE) * FRAME)
        self._into = self._sink.start()
        if self._into is None:
            raise NoOutlet(tr("the audio device cannot be opened"))

    def free(self) -> int:
        """Bytes that it would take now."""
        return self._sink.bytesFree()

    def waiting(self) -> int:
        """Bytes that it has taken and not played yet."""
        return max(self._sink.bufferSize() - self._sink.bytesFree(), 0)

    def write(self, data: bytes) -> int:
        """How many of these bytes it has taken."""
        return max(self._into.write(data), 0) if self._into is not None else 0

    def close(self) -> None:
        """Silence at once."""
        self._into = None
        self._sink.reset()
