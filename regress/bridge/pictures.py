"""Real pictures, made here: JPEG with EXIF, PNG, GIF, WebP, MP4 boxes; bombs and hostile EXIF. Nothing but the standard library."""
import base64
import struct
import zlib

# the smallest lossless WebP there is: one pixel
WEBP = base64.b64decode("UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA==")
GIF = base64.b64decode("R0lGODlhAQABAIAAAAUEBAAAACwAAAAAAQABAAACAkQBADs=")

# 64 by 64 in one colour, as libheif and libavif pack it
AVIF = base64.b64decode(
    "AAAAIGZ0eXBhdmlmAAAAAGF2aWZtaWYxbWlhZk1BMUIAAADybWV0YQAAAAAAAAAoaGRscgAAAAAAAAAAcGljdAAAAAAAAAAAAAAAAGxpYmF2aWYAAAAADnBpdG0AAAAAAAEAAAAeaWxv"
    "YwAAAABEAAABAAEAAAABAAABGgAAACAAAAAoaWluZgAAAAAAAQAAABppbmZlAgAAAAABAABhdjAxQ29sb3IAAAAAamlwcnAAAABLaXBjbwAAABRpc3BlAAAAAAAAAEAAAABAAAAAEHBp"
    "eGkAAAAAAwgICAAAAAxhdjFDgQAMAAAAABNjb2xybmNseAABAA0AAYAAAAAXaXBtYQAAAAAAAAABAAEEAQKDBAAAAChtZGF0EgAKCRgVf/2CAhoDCDIRGwAaaaaEALTbVyQxS3YaPmw=")
HEIC = base64.b64decode(
    "AAAAHGZ0eXBoZWljAAAAAG1pZjFoZWljbWlhZgAAAkVtZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAAAAAAAAAAAAAAAA5waXRtAAAAAAABAAAANGlsb2MAAAAAREAAAgAB"
    "AAAAAAJpAAEAAAAAAAAAHAACAAAAAAKFAAEAAAAAAAAAEgAAADhpaW5mAAAAAAACAAAAFWluZmUCAAAAAAEAAGh2YzEAAAAAFWluZmUCAAAAAAIAAGh2YzEAAAABhGlwcnAAAAFfaXBj"
    "bwAAAHhodmNDAQNwAAAAAAAAAAAAHvAA/P34+AAADwMgAAEAGEABDAH//wNwAAADAJAAAAMAAAMAHroCQCEAAQArQgEBA3AAAAMAkAAAAwAAAwAeoCCBBZbqSSmubgQEDAgAAAMACAAA"
    "AwAIQCIAAQAHRAHBcrAiQAAAABRpc3BlAAAAAAAAAEAAAABAAAAAEHBpeGkAAAAAAwgICAAAAHJodmNDAQQIAAAAAAAAAAAAHvAA/Pz4+AAADwMgAAEAF0ABDAH//wQIAAADAJ/4AAAD"
    "AAAeugJAIQABACZCAQEECAAAAwCf+AAAAwAAHsCCBBZbqSSmubAgAAADACAAAAMAISIAAQAHRAHBcrAiQAAAABRpc3BlAAAAAAAAAEAAAABAAAAADnBpeGkAAAAAAQgAAAAnYXV4QwAA"
    "AAB1cm46bXBlZzpoZXZjOjIwMTU6YXV4aWQ6MQAAAAAdaXBtYQAAAAAAAAACAAEDgQKDAAIEhAWGhwAAABppcmVmAAAAAAAAAA5hdXhsAAIAAQABAAAANm1kYXQAAAAYKAGvE4DmqHDT"
    "//lBRX+3Pq/5FkrSeb98AAAADigBrifD9Cn1D90y9X/H")


def segment(marker, body):
    return bytes((0xFF, marker)) + struct.pack(">H", len(body) + 2) + body


class _Bits:
    def __init__(self):
        self.done, self.value, self.count = bytearray(), 0, 0

    def put(self, value, count):
        self.value, self.count = self.value << count | value, self.count + count
        while self.count >= 8:
            self.count -= 8
            self.done.append(self.value >> self.count)
            self.value &= (1 << self.count) - 1

    def bytes(self):
        self.put((1 << -self.count % 8) - 1, -self.count % 8)
        return bytes(self.done).replace(b"\xff", b"\xff\x00")


def jpeg(width=64, height=48, exif=None, more=b"", tail=b"", shade=lambda x, y: (x * 16 + y * 24) % 200 - 100):
    """A baseline JPEG in grey, a shade for each block of 8 by 8: codes of DC differences (8 of 4 bits), and the end of the block."""
    bits = _Bits()
    before = 0
    for y in range((height + 7) // 8):
        for x in range((width + 7) // 8):
            level = shade(x, y)
            difference, before = level - before, level
            size = abs(difference).bit_length()
            bits.put(size, 4)
            bits.put(difference if difference >= 0 else difference + (1 << size) - 1, size)
            bits.put(0, 1)
    dc = bytes([0, 0, 0, 12] + [0] * 12) + bytes(range(12))  # size n has the code n, in 4 bits
    ac = bytes([1] + [0] * 15) + b"\x00"  # only the end of the block
    return (b"\xff\xd8" + segment(0xE0, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0") + (segment(0xE1, b"Exif\0\0" + exif) if exif is not None else b"") + more
            + segment(0xDB, b"\0" + bytes([8] * 64)) + segment(0xC0, struct.pack(">BHHB", 8, height, width, 1) + b"\x01\x11\0")
            + segment(0xC4, b"\0" + dc) + segment(0xC4, b"\x10" + ac) + segment(0xDA, b"\x01\x01\0\0\x3f\0") + bits.bytes() + b"\xff\xd9" + tail)


def _rationals(degrees):
    """Degrees, minutes, seconds in thousandths."""
    thousandths = round(abs(degrees) * 3600000)
    return struct.pack(">6I", thousandths // 3600000, 1, thousandths // 60000 % 60, 1, thousandths % 60000, 1000)


def exif(longitude=None, latitude=None, orientation=1, maker=b"Bureau Phone 7\0"):
    """The TIFF structure of EXIF: maker, orientation, and where it was taken."""
    gps = longitude is not None
    # header 8, IFD0 2 + 3 * 12 + 4 (GPS among them), then the maker's name, the IFD of GPS, its rationals
    name_at = 8 + 2 + 3 * 12 + 4
    gps_at = name_at + len(maker)
    data_at = gps_at + 2 + 4 * 12 + 4
    entries = [struct.pack(">HHII", 0x010F, 2, len(maker), name_at), struct.pack(">HHIHH", 0x0112, 3, 1, orientation, 0)]
    if gps:
        entries.append(struct.pack(">HHII", 0x8825, 4, 1, gps_at))
    out = b"MM\0*" + struct.pack(">I", 8) + struct.pack(">H", len(entries)) + b"".join(entries) + b"\0" * 4
    out = out.ljust(name_at, b"\0") + maker
    if gps:
        refs = (b"N" if latitude >= 0 else b"S", b"E" if longitude >= 0 else b"W")
        out += (struct.pack(">H", 4) + struct.pack(">HHI", 1, 2, 2) + refs[0] + b"\0\0\0" + struct.pack(">HHII", 2, 5, 3, data_at)
                + struct.pack(">HHI", 3, 2, 2) + refs[1] + b"\0\0\0" + struct.pack(">HHII", 4, 5, 3, data_at + 24) + b"\0" * 4
                + _rationals(latitude) + _rationals(longitude))
    return out


def tiff(longitude, latitude, width=64, height=48):
    """A grey TIFF in one strip, with the GPS entries of EXIF in the same structure."""
    block = exif(longitude, latitude)
    entries = [(256, 3, 1, width << 16), (257, 3, 1, height << 16), (258, 3, 1, 8 << 16), (259, 3, 1, 1 << 16), (262, 3, 1, 1 << 16), (273, 4, 1, 0),
               (277, 3, 1, 1 << 16), (278, 3, 1, height << 16), (279, 4, 1, width * height), (0x8825, 4, 1, struct.unpack(">I", block[42:46])[0])]
    pixels_at = len(block)
    directory_at = pixels_at + width * height
    entries[5] = (273, 4, 1, pixels_at)
    directory = struct.pack(">H", len(entries)) + b"".join(struct.pack(">HHII", *entry) for entry in entries) + b"\0" * 4
    return b"MM\0*" + struct.pack(">I", directory_at) + block[8:] + bytes(range(64)) * (width * height // 64) + directory


def hostile_exif():
    """EXIF with lengths, counts and offsets that lie: whatever is read of it, the picture is kept without it."""
    good = exif(116.4, 39.9)
    yield b""
    yield good[:9]
    yield good[:20]
    for count in (0xFFFF, 0x7FFF):
        yield good[:8] + struct.pack(">H", count) + good[10:]
    for offset in (0xFFFFFFFF, 0x7FFFFFFF, 0xFFFFFFF0, 8, 0):
        yield good[:4] + struct.pack(">I", offset) + good[8:]
        # where GPS is said to be, and its rationals
        yield good.replace(struct.pack(">HHI", 0x8825, 4, 1) + good[42:46], struct.pack(">HHII", 0x8825, 4, 1, offset))
        at = good.index(struct.pack(">HHI", 2, 5, 3)) + 8
        yield good[:at] + struct.pack(">I", offset) + good[at + 4:]
    at = good.index(struct.pack(">HHI", 2, 5, 3)) + 4
    for count in (0xFFFFFFFF, 0x20000000, 0x1FFFFFFF, 1, 0):
        yield good[:at] + struct.pack(">I", count) + good[at + 4:]
    # no denominator, and beyond the pole
    yield good[:-48] + struct.pack(">6I", 39, 0, 54, 0, 0, 0) + good[-24:]
    yield good[:-48] + struct.pack(">6I", 3900000000, 1, 0, 1, 0, 1) + good[-24:]
    # an IFD that goes on with itself
    yield good[:8 + 2 + 36] + struct.pack(">I", 8) + good[8 + 2 + 40:]
    yield b"II*\0" + b"\xff" * 60000


def chunk(name, body):
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png(width=64, height=48, more=b"", depth=8):
    line = b"\0" + b"\x40" * ((width * depth + 7) // 8)
    packer = zlib.compressobj(9)
    data = b"".join([packer.compress(line * 512) for _ in range(height // 512)] + [packer.compress(line * (height % 512)), packer.flush()])
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, 0, 0, 0, 0)) + more + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def webp(more=b""):
    """The pixel with pieces beside it: VP8X says that there are EXIF and XMP."""
    vp8l = WEBP[12:]
    body = b"WEBP" + b"VP8X" + struct.pack("<I", 10) + b"\x0c\0\0\0" + b"\0" * 6 + vp8l + more
    return b"RIFF" + struct.pack("<I", len(body)) + body


def piece(name, body):
    return name + struct.pack("<I", len(body)) + body + b"\0" * (len(body) & 1)


def box(name, body):
    return struct.pack(">I", len(body) + 8) + name + body


def mp4(place=b"+39.9000+116.4000/"):
    """Boxes of a film; its place stands where phones write it."""
    said = box(b"udta", box(b"\xa9xyz", struct.pack(">HH", len(place), 0x15C7) + place)) + box(b"meta", b"\0\0\0\0" + box(b"keys", place))
    return box(b"ftyp", b"mp42\0\0\0\0mp42isom") + box(b"moov", box(b"mvhd", b"\0" * 100) + box(b"trak", box(b"tkhd", b"\0" * 84) + said) + said) + box(b"free", b"GPS " + place) + box(b"mdat", b"\x5a" * 500)
