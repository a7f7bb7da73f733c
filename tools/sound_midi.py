"""Sound MIDI files as lists of events, and back to bytes, for tools/broken_midi.py."""

import struct


def vlq(n):
    out = [n & 0x7F]
    while n > 0x7F:
        n >>= 7
        out.insert(0, 0x80 | n & 0x7F)
    return bytes(out)


def read_vlq(b, at):
    n = 0
    while True:
        n = n << 7 | b[at] & 0x7F
        at += 1
        if b[at - 1] < 0x80:
            return n, at


class File:
    """header fields and tracks of events [delta, status, payload bytes, meta type or None, running]"""

    def __init__(self, b):
        assert b[:4] == b"MThd"
        self.format, self.ntrks, self.division = struct.unpack(">HHH", b[8:14])
        self.tracks = []
        at = 14
        while at < len(b):
            assert b[at : at + 4] == b"MTrk"
            n = struct.unpack(">I", b[at + 4 : at + 8])[0]
            self.tracks.append(self.events(b[at + 8 : at + 8 + n]))
            at += 8 + n

    def events(self, b):
        at, running, events = 0, 0, []
        while at < len(b):
            delta, at = read_vlq(b, at)
            status = b[at]
            if status < 0x80:
                status, is_running = running, True
            else:
                at, is_running = at + 1, False
            if status == 0xFF:
                kind = b[at]
                n, at = read_vlq(b, at + 1)
                events.append([delta, status, b[at : at + n], kind, False])
                at += n
            elif status in (0xF0, 0xF7):
                n, at = read_vlq(b, at)
                events.append([delta, status, b[at : at + n], None, False])
                at += n
            else:
                running = status
                n = 1 if status & 0xE0 == 0xC0 else 2
                events.append([delta, status, b[at : at + n], None, is_running])
                at += n
        return events


def event_bytes(e, running_allowed=True):
    delta, status, payload, kind, is_running = e
    head = delta if isinstance(delta, bytes) else vlq(delta)
    if status is None:
        return head + payload
    if status == 0xFF:
        return head + bytes([0xFF, kind]) + vlq(len(payload)) + payload
    if status in (0xF0, 0xF7):
        return head + bytes([status]) + vlq(len(payload)) + payload
    return head + (b"" if is_running and running_allowed else bytes([status])) + payload


def chunk(name, body, length=None):
    return name + struct.pack(">I", len(body) if length is None else length & 0xFFFFFFFF) + body


def header(f, ntrks=None, fmt=None, division=None):
    return chunk(
        b"MThd",
        struct.pack(
            ">HHH",
            f.format if fmt is None else fmt,
            len(f.tracks) if ntrks is None else ntrks,
            f.division if division is None else division,
        ),
    )


def body(track):
    out, last = [], None
    for e in track:
        if e[4] is True and e[1] != last:
            e = e[:4] + [False]
        if e[1] is not None and e[1] < 0xF0:
            last = e[1]
        out.append(event_bytes(e))
    return b"".join(out)


def whole(f, **k):
    return header(f, **k) + b"".join(chunk(b"MTrk", body(t)) for t in f.tracks)


def with_running(f):
    """Same music in running status."""
    for t in f.tracks:
        last = None
        for e in t:
            if e[1] < 0xF0:
                e[4] = e[1] == last
                last = e[1]
            else:
                last = None
    return f


def notes(f):
    return sum(e[1] is not None and 0x90 <= e[1] < 0xA0 and e[2][1] > 0 for t in f.tracks for e in t)


def music_track(f, r):
    return r.choice([t for t in f.tracks if any(0x90 <= e[1] < 0xA0 for e in t)])


def spot(t, r, end=1):
    return r.randrange(1, max(2, len(t) - end))
