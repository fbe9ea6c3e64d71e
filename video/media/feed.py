"""Feeds: the pictures of one stream, as ffmpeg writes them, for all who watch it.

FLV (H.264) has a beginning that every player needs, and a picture that it can begin with: a new viewer gets everything from
the next key frame on; of FLV itself the header, the description and the decoder's parameters before, and times that begin
at 0. Bare H.265, in which each key frame has its parameters, is passed on as it comes.

A viewer is a function that says False when it has no room; it is left out until the next key frame:
  push(data)                       bytes of FLV, or of bare H.265
  push(data, time, shown)          one picture of H.264 without FLV (lengths before its parts, as in MP4), when it is decoded
                                   and shown: milliseconds from the first one
"""
FLV_HEADER = b"FLV\x01\x01\x00\x00\x00\x09\x00\x00\x00\x00"  # version 1, pictures only
TAG_HEADER = 11
VIDEO, SCRIPT = 9, 18
AVC = 7


class FeedError(Exception):
    """Not the format that was expected."""


class Viewer:
    def __init__(self, push, bare):
        self.push, self.bare, self.base, self.waits = push, bare, None, True


class Feed:
    def __init__(self):
        self.viewers = {}
        self.begun = False  # has a picture come?

    def add(self, key, push, bare=False):
        self.viewers[key] = Viewer(push, bare)

    def remove(self, key):
        self.viewers.pop(key, None)


class BareFeed(Feed):
    def write(self, data):
        self.begun = True
        for viewer in list(self.viewers.values()):
            viewer.push(data)


class FlvFeed(Feed):
    def __init__(self):
        super().__init__()
        self.rest, self.header_due = bytearray(), True
        self.script = self.parameters = None

    def write(self, data):
        self.rest += data
        if self.header_due:
            if len(self.rest) < len(FLV_HEADER):
                return
            if self.rest[:3] != b"FLV":
                raise FeedError("not FLV")
            del self.rest[:len(FLV_HEADER)]
            self.header_due = False
        at = 0
        while len(self.rest) - at >= TAG_HEADER:
            end = at + TAG_HEADER + int.from_bytes(self.rest[at + 1:at + 4], "big") + 4
            if len(self.rest) < end:
                break
            self._tag(bytes(self.rest[at:end]))
            at = end
        del self.rest[:at]

    def _tag(self, tag):
        kind = tag[0] & 0x1F
        if kind == SCRIPT:
            self.script = tag
        elif kind == VIDEO and len(tag) > TAG_HEADER + 5 + 4 and tag[TAG_HEADER] & 0x0F == AVC:
            # 2, the end of the sequence, has no picture
            if tag[TAG_HEADER + 1] == 0:
                self.parameters = tag
            elif tag[TAG_HEADER + 1] == 1:
                self._picture(tag, tag[TAG_HEADER] >> 4 == 1)

    def _picture(self, tag, key):
        if self.parameters is None:
            return
        self.begun = self.begun or key
        for viewer in list(self.viewers.values()):
            if viewer.waits:
                if not key:
                    continue
                viewer.waits = False
            first = viewer.base is None
            if first:
                viewer.base = tag_time(tag)
            if not (self._bare if viewer.bare else self._flv)(viewer, tag, first):
                viewer.waits, viewer.base = True, None if viewer.bare else viewer.base

    def _flv(self, viewer, tag, first):
        begin = FLV_HEADER + b"".join(with_time(part, 0) for part in (self.script, self.parameters) if part) if first else b""
        return viewer.push(begin + with_time(tag, tag_time(tag) - viewer.base))

    def _bare(self, viewer, tag, first):
        time = tag_time(tag) - viewer.base
        shown = int.from_bytes(tag[TAG_HEADER + 2:TAG_HEADER + 5], "big", signed=True)
        return viewer.push(tag[TAG_HEADER + 5:-4], time, time + shown)

    @property
    def decoder(self):
        """The decoder's parameters, as in MP4 (avcC)."""
        return self.parameters[TAG_HEADER + 5:-4]


def tag_time(tag):
    """Milliseconds: the low three bytes, then the high one."""
    return int.from_bytes(tag[4:7], "big") | tag[7] << 24


def with_time(tag, milliseconds):
    milliseconds &= 0xFFFFFFFF
    return tag[:4] + (milliseconds & 0xFFFFFF).to_bytes(3, "big") + bytes([milliseconds >> 24]) + tag[8:]
