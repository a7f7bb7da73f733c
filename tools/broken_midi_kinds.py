"""The kinds of damage of tools/broken_midi.py: each takes a sound file and a source of chance, and gives broken bytes."""

import struct

from sound_midi import body, chunk, header, music_track, notes, spot, vlq, whole, with_running

KINDS = {}


def kind(fn):
    KINDS[fn.__name__] = fn
    return fn


# --- not MIDI at all
@kind
def not_html(f, r):
    return b'<!DOCTYPE HTML PUBLIC "-//IETF//DTD HTML 2.0//EN">\n<html><head><title>404 Not Found</title></head></html>\n'


@kind
def not_html2(f, r):
    return b"\n\n  <HTML>\r\n<HEAD>" + b"x" * 500 + b"MThd MTrk</HTML>"


@kind
def not_rar(f, r):
    return b"Rar!\x1a\x07\0" + r.randbytes(3000)


@kind
def not_zip(f, r):
    return b"PK\3\4\x14\0\0\0\0\0" + r.randbytes(10) + b"a.mid" + whole(f)


@kind
def not_fp(f, r):
    return b"vti_encoding:SR|utf8-nl\nvti_timelastmodified:TR|29 Dec 1999 12:00:00 -0000\n"


@kind
def not_noise(f, r):
    return r.randbytes(2000)


@kind
def not_text(f, r):
    return b"This file was removed by its owner.\n" * 4


@kind
def not_mp3(f, r):
    return b"ID3\3\0\0" + r.randbytes(3000)


@kind
def not_empty(f, r):
    return b""


@kind
def not_zeros(f, r):
    return bytes(4096)


# --- wrappers
@kind
def riff(f, r):
    b = whole(f)
    return (
        b"RIFF" + struct.pack("<I", len(b) + 12 + len(b) % 2) + b"RMIDdata" + struct.pack("<I", len(b)) + b + b"\0" * (len(b) % 2)
    )


@kind
def riff_no_pad_list(f, r):
    b = whole(f)
    info = b"LIST" + struct.pack("<I", 17) + b"INFOINAM\5\0\0\0song\0"
    return b"RIFF" + struct.pack("<I", len(b)) + b"RMID" + info + b"data" + struct.pack("<I", len(b) + 1000) + b


@kind
def riff_dls(f, r):
    b = whole(f)
    p = b + b"\0" * (len(b) % 2)
    return (
        b"RIFF"
        + struct.pack("<I", len(p) + 400)
        + b"RMIDdata"
        + struct.pack("<I", len(b))
        + p
        + b"RIFF"
        + struct.pack("<I", 380)
        + b"DLS "
        + r.randbytes(376)
    )


@kind
def macbinary(f, r):
    b = whole(f)
    return (
        b"\0\x08song.mid"
        + bytes(55)
        + b"Midittxt"
        + bytes(10)
        + struct.pack(">I", len(b))
        + bytes(128 - 10 - 55 - 8 - 10 - 4)
        + b
        + bytes(-len(b) % 128)
    )


@kind
def stray_bytes_first(f, r):
    return r.randbytes(r.choice([1, 2, 4])).replace(b"\xff", b"\0") + whole(f)


@kind
def stray_newline_first(f, r):
    return r.choice([b"\n", b"\r\n", b"\0", b"\xef\xbb\xbf", b"Content-Type: audio/midi\r\n\r\n"]) + whole(f)


@kind
def mthd_cut_front(f, r):
    return whole(f)[r.randrange(1, 8) :]


@kind
def mthd_gone(f, r):
    return whole(f)[14:]


@kind
def mthd_damaged(f, r):
    b = bytearray(whole(f))
    b[r.randrange(4)] = r.randrange(256)
    return bytes(b)


# --- header
@kind
def header_len(f, r):
    return b"MThd" + struct.pack(">I", r.choice([0, 4, 5, 7, 8, 10, 0x600, 0x06000000])) + whole(f)[8:]


@kind
def header_longer(f, r):
    b = whole(f)
    n = r.choice([2, 4, 10])
    return b"MThd" + struct.pack(">I", 6 + n) + b[8:14] + r.randbytes(n) + b[14:]


@kind
def header_short(f, r):
    b = whole(f)
    return b[:8] + b[8 : 14 - r.choice([1, 2, 3])] + b[14:]


@kind
def ntrks_more(f, r):
    return whole(f, ntrks=len(f.tracks) + r.choice([1, 5, 57]))


@kind
def ntrks_less(f, r):
    return whole(f, ntrks=max(0, len(f.tracks) - r.choice([1, 2])))


@kind
def ntrks_zero(f, r):
    return whole(f, ntrks=0)


@kind
def format0_many(f, r):
    return whole(f, fmt=0)


@kind
def format_unknown(f, r):
    return whole(f, fmt=r.choice([3, 4, 255, 0x100]))


@kind
def division_zero(f, r):
    return whole(f, division=0)


@kind
def division_smpte(f, r):
    return whole(f, division=r.choice([0xE728, 0xE250, 0xE304, 0xE878, 0x8001, 0xFF01]))


# --- chunk sizes
def with_lengths(f, change):
    return header(f) + b"".join(chunk(b"MTrk", b, change(i, len(b))) for i, b in enumerate(map(body, f.tracks)))


@kind
def size_long_all(f, r):
    n = r.choice([1, 2, 3, 4, 8])
    return with_lengths(f, lambda i, size: size + n)


@kind
def size_short_all(f, r):
    n = r.choice([1, 2, 3, 4, 8])
    return with_lengths(f, lambda i, size: size - n)


@kind
def size_one_wrong(f, r):
    which = r.randrange(len(f.tracks))
    return with_lengths(f, lambda i, size: r.randrange(1 << 16) if i == which else size)


@kind
def size_zero(f, r):
    return with_lengths(f, lambda i, size: 0)


@kind
def size_max(f, r):
    return with_lengths(f, lambda i, size: 0xFFFFFFFF)


@kind
def size_last_max(f, r):
    return with_lengths(f, lambda i, size: 0x7FFFFFFF if i == len(f.tracks) - 1 else size)


@kind
def size_little_endian(f, r):
    return with_lengths(f, lambda i, size: struct.unpack("<I", struct.pack(">I", size))[0])


@kind
def size_with_header(f, r):
    return with_lengths(f, lambda i, size: size + 8)


@kind
def junk_between(f, r):
    return header(f) + b"".join(chunk(b"MTrk", body(t)) + r.randbytes(r.randrange(1, 20)) for t in f.tracks)


@kind
def foreign_chunks(f, r):
    return header(f) + b"".join(
        chunk(b"MTrk", body(t)) + chunk(r.choice([b"XFIH", b"XFKM", b"CASM", b"AcDt"]), r.randbytes(40)) for t in f.tracks
    )


@kind
def foreign_chunk_bad_len(f, r):
    return header(f) + chunk(b"XFIH", r.randbytes(30), 31) + b"".join(chunk(b"MTrk", body(t)) for t in f.tracks)


@kind
def trailing(f, r):
    return whole(f) + r.choice(
        [bytes(100), b"\x1a" * 7, b"\r\n", b"<html><script></script></html>", r.randbytes(300), chunk(b"MTrk", b"")[:6]]
    )


@kind
def track_name_damaged(f, r):
    b = bytearray(whole(f))
    at = 14
    b[at + r.randrange(4)] ^= 0x20
    return bytes(b)


# --- not enough bytes
@kind
def cut_anywhere(f, r):
    b = whole(f)
    return b[: r.randrange(30, len(b))]


@kind
def cut_late(f, r):
    b = whole(f)
    return b[: len(b) - r.randrange(1, 40)]


@kind
def cut_running(f, r):
    b = whole(with_running(f))
    return b[: r.randrange(30, len(b))]


@kind
def cut_4k(f, r):
    b = whole(f)
    return b[: max(512, r.randrange(1, max(2, len(b) // 512)) * 512)]


# --- ends of track
@kind
def no_eot(f, r):
    for t in f.tracks:
        t.pop()
    return whole(f)


@kind
def no_eot_length_kept(f, r):
    return header(f) + b"".join(chunk(b"MTrk", body(t[:-1]), len(body(t))) for t in f.tracks)


@kind
def eot_with_data(f, r):
    for t in f.tracks:
        t[-1][2] = b"\0" * r.choice([1, 2])
    return whole(f)


@kind
def eot_in_the_middle(f, r):
    t = music_track(f, r)
    t.insert(spot(t, r), [0, 0xFF, b"", 0x2F, False])
    return whole(f)


@kind
def eot_twice(f, r):
    for t in f.tracks:
        t.append([0, 0xFF, b"", 0x2F, False])
    return whole(f)


@kind
def eot_damaged(f, r):
    return whole(f).replace(b"\xff\x2f\0", r.choice([b"\xff\x2f", b"\xff\x2f\x01", b"\xff\0\x2f"]))


# --- running status
@kind
def running_first(f, r):
    t = music_track(f, r)
    f = with_running(f)
    for e in t:
        if e[1] < 0xF0:
            e[4] = "forced"
            break
    return whole(f)


@kind
def running_over_meta(f, r):
    f = with_running(f)
    for t in f.tracks:
        for _ in range(r.randrange(1, 8)):
            t.insert(spot(t, r), [0, 0xFF, b"text", r.choice([1, 5, 6]), False])
    return whole(f)


@kind
def running_over_sysex(f, r):
    f = with_running(f)
    for t in f.tracks:
        for _ in range(r.randrange(1, 4)):
            t.insert(spot(t, r), [0, 0xF0, b"\x43\x10\x4c\0\0\x7e\0\xf7", None, False])
    return whole(f)


@kind
def status_lost(f, r):
    t = music_track(f, r)
    e = t[spot(t, r)]
    if e[1] < 0xF0:
        e[4] = "forced"
    return whole(f)


@kind
def status_lost_running(f, r):
    return status_lost(with_running(f), r)


# --- channel values
def wound(f, r, share, which, value):
    for t in f.tracks:
        for e in t:
            if 0x80 <= e[1] < 0xF0 and which(e) is not None and r.random() < share:
                p = bytearray(e[2])
                p[which(e)] = value(p[which(e)])
                e[2] = bytes(p)
    return whole(f)


@kind
def velocity_high_few(f, r):
    return wound(f, r, 0.01, lambda e: 1 if e[1] & 0xF0 == 0x90 and e[2][1] else None, lambda v: r.randrange(128, 256))


@kind
def velocity_high_all(f, r):
    return wound(f, r, 1, lambda e: 1 if e[1] & 0xF0 == 0x90 and e[2][1] else None, lambda v: v + 70 if v + 70 > 127 else v)


@kind
def velocity_high_running(f, r):
    return wound(
        with_running(f), r, 0.02, lambda e: 1 if e[1] & 0xF0 == 0x90 and e[2][1] else None, lambda v: r.randrange(128, 160)
    )


@kind
def pitch_high(f, r):
    return wound(with_running(f), r, 1, lambda e: 0 if e[1] & 0xE0 == 0x80 else None, lambda v: v + 60)


@kind
def pitch_negative(f, r):
    return wound(f, r, 1, lambda e: 0 if e[1] & 0xE0 == 0x80 else None, lambda v: (v - 60) & 0xFF)


@kind
def one_pitch_high(f, r):
    return wound(f, r, 0.003, lambda e: 0 if e[1] & 0xE0 == 0x80 else None, lambda v: r.randrange(128, 256))


@kind
def controller_high(f, r):
    for t in f.tracks:
        for _ in range(3):
            t.insert(
                spot(t, r), [0, 0xB0 | r.randrange(16), bytes([r.choice([7, 10, 64, 91]), r.randrange(128, 256)]), None, False]
            )
    return whole(f)


@kind
def controller_number_high(f, r):
    for t in f.tracks:
        t.insert(spot(t, r), [0, 0xB0, bytes([r.randrange(128, 256), 64]), None, False])
    return whole(f)


@kind
def program_high(f, r):
    for t in f.tracks:
        t.insert(1, [0, 0xC0 | r.randrange(16), bytes([r.randrange(128, 256)]), None, False])
    return whole(f)


@kind
def bend_high(f, r):
    for t in f.tracks:
        for _ in range(4):
            t.insert(spot(t, r), [0, 0xE0, bytes([r.randrange(256), r.randrange(128, 256)]), None, False])
    return whole(f)


# --- meta
def add_meta(f, r, kind, payload, times=1):
    for t in f.tracks[:1] + [music_track(f, r)]:
        for _ in range(times):
            t.insert(spot(t, r), [0, 0xFF, payload, kind, False])
    return whole(f)


@kind
def key_range(f, r):
    return add_meta(f, r, 0x59, bytes([r.choice([8, 9, 0xF8, 0x7F, 0x80]), r.randrange(2)]))


@kind
def key_scale(f, r):
    return add_meta(f, r, 0x59, bytes([r.choice([0, 1, 0xFF]), r.randrange(2, 256)]))


@kind
def key_length(f, r):
    return add_meta(f, r, 0x59, bytes(r.choice([0, 1, 3])))


@kind
def meter_zero(f, r):
    return add_meta(f, r, 0x58, bytes([r.choice([0, 4]), r.choice([8, 33, 255]), 24, 8]))


@kind
def meter_length(f, r):
    return add_meta(f, r, 0x58, b"\4\2\x18\x08\0"[: r.choice([0, 1, 2, 3, 5])])


@kind
def tempo_zero(f, r):
    return add_meta(f, r, 0x51, b"\0\0\0")


@kind
def tempo_length(f, r):
    return add_meta(f, r, 0x51, b"\7\xa1\x20\0"[: r.choice([0, 1, 2, 4])])


@kind
def prefix_values(f, r):
    return add_meta(f, r, r.choice([0x20, 0x21]), bytes([r.randrange(128, 256)]))


@kind
def smpte_offset(f, r):
    return add_meta(f, r, 0x54, bytes([r.choice([0x19, 0x61, 0xFF]), 70, 70, 40, 120])[: r.choice([4, 5])])


@kind
def sequence_number(f, r):
    return add_meta(f, r, 0, b"\0\1\2"[: r.choice([0, 1, 3])])


@kind
def meta_unknown(f, r):
    return add_meta(f, r, r.choice([0x0F, 0x4B, 0x60, 0x7E]), r.randbytes(10), 3)


@kind
def meta_type_high(f, r):
    return add_meta(f, r, r.choice([0x80, 0xA9, 0xFF]), b"abc")


@kind
def meta_length_lies(f, r):
    t = f.tracks[0]
    t.insert(1, [0, None, b"\xff\x03" + vlq(20 + r.choice([-6, -1, 1, 3])) + b"Twenty letters long.", None, False])
    return whole(f)


@kind
def meta_length_huge(f, r):
    t = music_track(f, r)
    t.insert(spot(t, r), [0, None, b"\xff\x01\xff\xff\xff\x7fabc", None, False])
    return whole(f)


@kind
def text_foreign(f, r):
    return add_meta(f, r, 3, "ショパン 夜想曲 第2番".encode("cp932"))


# --- events
@kind
def system_common(f, r):
    t = music_track(f, r)
    for _ in range(3):
        t.insert(
            spot(t, r),
            [
                0,
                None,
                r.choice(
                    [b"\xf1\x10", b"\xf2\1\2", b"\xf3\1", b"\xf6", b"\xf8", b"\xfa", b"\xfe", b"\xf4", b"\xf5", b"\xf9", b"\xfd"]
                ),
                None,
                False,
            ],
        )
    return whole(f)


@kind
def system_running(f, r):
    return system_common(with_running(f), r)


@kind
def sysex_unterminated(f, r):
    t = music_track(f, r)
    t.insert(spot(t, r), [0, 0xF0, b"\x41\x10\x42\x12\x40\0\x7f\0", None, False])
    return whole(f)


@kind
def sysex_no_length(f, r):
    t = music_track(f, r)
    t.insert(1, [0, None, b"\xf0\x41\x10\x42\x12\x40\0\x7f\0\x41\xf7", None, False])
    return whole(f)


@kind
def sysex_split(f, r):
    t = music_track(f, r)
    at = spot(t, r)
    t[at:at] = [
        [0, 0xF0, b"\x41\x10\x42", None, False],
        [10, 0xF7, b"\x12\x40\0", None, False],
        [10, 0xF7, b"\x7f\0\x41\xf7", None, False],
    ]
    return whole(f)


@kind
def sysex_length_long(f, r):
    t = music_track(f, r)
    t.insert(spot(t, r), [0, None, b"\xf0\x83\x7f\x41\x10\x42\xf7", None, False])
    return whole(f)


@kind
def vlq_five(f, r):
    t = music_track(f, r)
    e = t[spot(t, r)]
    e[0] = b"\x80\x80\x80\x80" + (e[0] if isinstance(e[0], bytes) else vlq(e[0]))
    return whole(f)


@kind
def vlq_negative(f, r):
    t = music_track(f, r)
    e = t[spot(t, r)]
    e[0] = r.choice([b"\x8f\xff\xff\xff\x7f", b"\x8f\xff\xff\xff\x00", b"\xff\xff\xff\xff\x7f"])
    return whole(f)


@kind
def delta_huge(f, r):
    t = music_track(f, r)
    t[spot(t, r)][0] = 0xFFFFFFF
    return whole(f)


# --- notes
@kind
def offs_missing_few(f, r):
    for t in f.tracks:
        for i in range(len(t) - 1, -1, -1):
            if (t[i][1] & 0xF0 == 0x80 or t[i][1] & 0xF0 == 0x90 and t[i][2][1] == 0) and r.random() < 0.02:
                t[i + 1][0] += t[i][0]
                del t[i]
    return whole(f)


@kind
def offs_missing_all(f, r):
    for t in f.tracks:
        for i in range(len(t) - 1, -1, -1):
            if t[i][1] & 0xF0 == 0x80 or t[i][1] & 0xF0 == 0x90 and t[i][2][1] == 0:
                t[i + 1][0] += t[i][0]
                del t[i]
    return whole(f)


@kind
def doubled_notes(f, r):
    for t in f.tracks:
        for i in range(len(t) - 1, -1, -1):
            if t[i][1] & 0xF0 == 0x90 and t[i][2][1] and r.random() < 0.02:
                t.insert(i + 1, [0] + t[i][1:])
    return whole(f)


# --- storage and transport
def flip(b, r, n):
    b = bytearray(b)
    for _ in range(n):
        b[r.randrange(14, len(b))] ^= 1 << r.randrange(8)
    return bytes(b)


@kind
def bit_flip(f, r):
    return flip(whole(f), r, 1)


@kind
def bit_flips_ten(f, r):
    return flip(whole(f), r, 10)


@kind
def bytes_noise(f, r):
    b = bytearray(whole(f))
    at = r.randrange(30, len(b))
    n = r.randrange(1, 30)
    b[at : at + n] = r.randbytes(n)
    return bytes(b)


@kind
def byte_lost(f, r):
    b = bytearray(whole(f))
    del b[r.randrange(22, len(b))]
    return bytes(b)


@kind
def byte_added(f, r):
    b = bytearray(whole(f))
    b.insert(r.randrange(22, len(b)), r.randrange(256))
    return bytes(b)


@kind
def block_zero(f, r):
    b = bytearray(whole(f))
    at = r.randrange(0, max(1, len(b) // 512)) * 512
    b[max(at, 22) : at + 512] = bytes(len(b[max(at, 22) : at + 512]))
    return bytes(b)


@kind
def block_lost(f, r):
    b = bytearray(whole(f))
    at = max(22, r.randrange(0, max(1, len(b) // 512)) * 512)
    del b[at : at + 512]
    return bytes(b)


@kind
def crlf_added(f, r):
    return whole(f).replace(b"\n", b"\r\n")


@kind
def crlf_cut(f, r):
    return whole(f).replace(b"\r\n", b"\n")


@kind
def cr_to_lf(f, r):
    return whole(f).replace(b"\r", b"\n")


@kind
def lf_to_cr(f, r):
    return whole(f).replace(b"\n", b"\r")


@kind
def cut_at_1a(f, r):
    return whole(f).split(b"\x1a")[0]


@kind
def seven_bit(f, r):
    return bytes(x & 0x7F for x in whole(f))


@kind
def utf8_of_latin1(f, r):
    return whole(f).decode("latin-1").encode()


@kind
def utf8_replaced(f, r):
    return whole(f).decode("utf-8", "replace").encode()


@kind
def twice(f, r):
    b = whole(f)
    return b + b


@kind
def zeros_lost(f, r):
    return whole(f).replace(b"\0", b"")


@kind
def zeros_to_spaces(f, r):
    return whole(f).replace(b"\0", b" ")
