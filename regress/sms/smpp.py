"""SMPP 3.4 (Issue 1.2), as much of it as a message centre needs: PDUs, texts, the parts of long messages.

Words. A PDU is one message of the protocol: a header of four numbers and a body. ESME: who sends through the centre (here
Kannel). A UDH is a header in front of a part's text that numbers the part; the optional parameters sar_* say the same.
"""
import struct
from dataclasses import dataclass, field

GENERIC_NACK, BIND_RECEIVER, BIND_TRANSMITTER, SUBMIT_SM, DELIVER_SM, UNBIND = 0x80000000, 1, 2, 4, 5, 6
BIND_TRANSCEIVER, ENQUIRE_LINK, RESPONSE = 9, 0x15, 0x80000000
BINDS = (BIND_RECEIVER, BIND_TRANSMITTER, BIND_TRANSCEIVER)

# command_status
ROK, RINVMSGLEN, RINVCMDID, RINVDSTADR, RBINDFAIL, RTHROTTLED, RSYSERR = 0, 1, 3, 0x0B, 0x0D, 0x58, 8

# optional parameters
SAR_REF, SAR_TOTAL, SAR_PART, MESSAGE_PAYLOAD, RECEIPTED_ID, MESSAGE_STATE = 0x020C, 0x020E, 0x020F, 0x0424, 0x001E, 0x0427

# esm_class: a receipt; a UDH is in front of the text
ESM_RECEIPT, ESM_UDH = 0x04, 0x40

GSM = ("@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
       "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà")
GSM_ESCAPED = {0x0A: "\f", 0x14: "^", 0x28: "{", 0x29: "}", 0x2F: "\\", 0x3C: "[", 0x3D: "~", 0x3E: "]", 0x40: "|", 0x65: "€"}


class Malformed(Exception):
    """A PDU that cannot be read."""


def from_gsm(data):
    """The text of GSM 03.38 septets, one in each byte."""
    text, escaped = [], False
    for byte in data:
        if escaped:
            text.append(GSM_ESCAPED.get(byte, " "))
            escaped = False
        elif byte == 0x1B:
            escaped = True
        else:
            text.append(GSM[byte & 0x7F])
    return "".join(text)


def decode(data, coding):
    """The text of a part by its data_coding: 8 UCS-2 (here UTF-16, which handsets take), 3 Latin 1, 1 ASCII, else GSM 03.38."""
    if coding == 8:
        return data.decode("utf-16-be", "surrogatepass")
    if coding in (1, 3):
        return data.decode("latin-1")
    return from_gsm(data)


def encode(text):
    """(data_coding, bytes) of a text: GSM 03.38 where it fits, else UCS-2."""
    if all(c in GSM and c != "\x1b" for c in text):
        return 0, bytes(GSM.index(c) for c in text)
    return 8, text.encode("utf-16-be")


@dataclass
class Pdu:
    """One PDU; `body` is a dictionary of its fields for those whose layout is known."""
    command: int
    status: int = ROK
    sequence: int = 0
    body: bytes = b""

    def bytes(self):
        return struct.pack(">IIII", 16 + len(self.body), self.command, self.status, self.sequence) + self.body


def read_pdu(read):
    """The next PDU; read(n) gives exactly n bytes or raises EOFError."""
    length, command, status, sequence = struct.unpack(">IIII", read(16))
    if not 16 <= length <= 65536:
        raise Malformed(f"length {length}")
    return Pdu(command, status, sequence, read(length - 16))


class Reader:
    """A cursor over a body."""

    def __init__(self, data):
        self.data, self.at = data, 0

    def byte(self):
        if self.at >= len(self.data):
            raise Malformed("the body ends too early")
        self.at += 1
        return self.data[self.at - 1]

    def take(self, count):
        if self.at + count > len(self.data):
            raise Malformed("the body ends too early")
        self.at += count
        return self.data[self.at - count:self.at]

    def string(self):
        end = self.data.find(b"\0", self.at)
        if end < 0:
            raise Malformed("a text without its end")
        text = self.data[self.at:end].decode("latin-1")
        self.at = end + 1
        return text

    def options(self):
        """{tag: bytes} of the optional parameters, up to the end."""
        found = {}
        while self.at < len(self.data):
            tag, length = struct.unpack(">HH", self.take(4))
            found[tag] = self.take(length)
        return found


def cstring(text):
    return text.encode("latin-1") + b"\0"


def option(tag, value):
    return struct.pack(">HH", tag, len(value)) + value


@dataclass
class Short:
    """What submit_sm and deliver_sm carry: one part of a message."""
    source: str
    destination: str
    data: bytes = b""  # behind the UDH
    coding: int = 0
    esm_class: int = 0
    registered: int = 0
    reference: int = 0
    part: int = 1
    parts: int = 1
    udh: bytes = b""  # without its length; empty: none
    options: dict = field(default_factory=dict)
    validity: str = ""

    @property
    def text(self):
        return decode(self.data, self.coding)

    def body(self):
        data = bytes([len(self.udh)]) + self.udh + self.data if self.udh else self.data
        esm = self.esm_class | (ESM_UDH if self.udh else 0)
        return (cstring("") + b"\0\1" + cstring(self.source) + b"\0\1" + cstring(self.destination) + bytes([esm, 0, 0]) + cstring("") + cstring("")
                + bytes([self.registered, 0, self.coding, 0, len(data)]) + data + b"".join(option(t, v) for t, v in self.options.items()))


def read_udh(short, data):
    """Takes the UDH off the data: concatenation with a reference of 8 (element 0) or 16 bits (element 8)."""
    if not data or len(data) < data[0] + 1:
        raise Malformed("a UDH longer than the text")
    short.udh, short.data = data[1:data[0] + 1], data[data[0] + 1:]
    at = 0
    while at + 1 < len(short.udh):
        kind, length = short.udh[at], short.udh[at + 1]
        value = short.udh[at + 2:at + 2 + length]
        if kind == 0 and length == 3:
            short.reference, short.parts, short.part = value
        elif kind == 8 and length == 4:
            short.reference, short.parts, short.part = struct.unpack(">HBB", value)
        at += 2 + length


def read_short(body):
    """The Short of a submit_sm or deliver_sm."""
    reader = Reader(body)
    reader.string()
    reader.take(2)
    source = reader.string()
    reader.take(2)
    short = Short(source, reader.string())
    short.esm_class = reader.byte()
    reader.take(2)
    reader.string()
    short.validity = reader.string()
    short.registered = reader.byte()
    reader.byte()
    short.coding = reader.byte()
    reader.byte()
    data = reader.take(reader.byte())
    short.options = reader.options()
    data = short.options.get(MESSAGE_PAYLOAD, data)
    if short.esm_class & ESM_UDH:
        read_udh(short, data)
    else:
        short.data = data
    if SAR_TOTAL in short.options:
        short.reference = int.from_bytes(short.options[SAR_REF], "big")
        short.parts, short.part = short.options[SAR_TOTAL][0], short.options[SAR_PART][0]
    return short


def split(source, destination, text, reference, sar=False):
    """The parts of a text as a handset sends it: one, or several with a UDH, or with sar_* parameters."""
    coding, data = encode(text)
    one, each = (140, 134) if coding == 8 else (160, 153)
    if len(data) <= one:
        return [Short(source, destination, data, coding)]
    pieces = [data[i:i + each] for i in range(0, len(data), each)]
    parts = []
    for number, piece in enumerate(pieces, 1):
        short = Short(source, destination, piece, coding, reference=reference, part=number, parts=len(pieces))
        if sar:
            short.options = {SAR_REF: reference.to_bytes(2, "big"), SAR_TOTAL: bytes([len(pieces)]), SAR_PART: bytes([number])}
        else:
            short.udh = bytes([0, 3, reference & 255, len(pieces), number])
        parts.append(short)
    return parts
