"""What was held back, whole, so that it can be taken in after all: with its own id and its own time of receipt."""

import msgspec

from tracking.event import Event
from tracking.protocols.parsed import Arrival


class Held(msgspec.Struct, frozen=True, omit_defaults=True):
    """An event that was held back; also_holds as in Arrival."""

    event: Event
    also_holds: str | None = None


def pack(arrival: Arrival) -> bytes:
    """Serialise an arrival that is held back; it carries neither address nor browser of its sender."""
    return _ENCODER.encode(Held(arrival.event, arrival.also_holds))


def unpack(packed: bytes) -> Held:
    """Give back what `pack` took; raises msgspec.DecodeError for anything else."""
    return _DECODER.decode(packed)


def input_of(raw: bytes | memoryview, packed: bytes | memoryview | None) -> bytes:
    """Give what was refused as it is shown: whole where it is held, else the beginning that was kept."""
    return msgspec.json.encode(unpack(bytes(packed)).event) if packed else bytes(raw)


_ENCODER = msgspec.msgpack.Encoder()
_DECODER = msgspec.msgpack.Decoder(Held)
