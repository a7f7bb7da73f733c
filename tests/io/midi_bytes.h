// Hand-made MIDI bytes for tests: files and tracks put together byte by byte, sound or not.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>

namespace symphony::io::test {

inline std::string bytes(std::initializer_list<int> values) {
    std::string text;
    for (const int value : values) text.push_back(static_cast<char>(value));
    return text;
}

inline std::string big_endian(std::uint32_t value, int count) {
    std::string text;
    while (count-- > 0) text.push_back(static_cast<char>(value >> (8 * count)));
    return text;
}

inline std::string header(int format, int tracks, int division = 96) {
    return "MThd" + big_endian(6, 4) + big_endian(static_cast<std::uint32_t>(format), 2) +
           big_endian(static_cast<std::uint32_t>(tracks), 2) +
           big_endian(static_cast<std::uint32_t>(division), 2);
}

inline std::string chunk(const std::string& id, const std::string& body) {
    return id + big_endian(static_cast<std::uint32_t>(body.size()), 4) + body;
}

inline const std::string kEndOfTrack = bytes({0x00, 0xFF, 0x2F, 0x00});

// A track whose End of Track is added.
inline std::string track(const std::string& events) { return chunk("MTrk", events + kEndOfTrack); }

// A quarter of `pitch` at 96 ticks per quarter, on `channel`.
inline std::string quarter(int pitch, int channel = 0, int velocity = 100) {
    return bytes({0x00, 0x90 | channel, pitch, velocity, 0x60, 0x80 | channel, pitch, 0x40});
}

// Four quarters from middle C upwards: enough for repairs to be sure of themselves.
inline std::string scale(int channel = 0) {
    return quarter(60, channel) + quarter(62, channel) + quarter(64, channel) +
           quarter(65, channel);
}

inline std::string meta(int type, const std::string& payload, int delta = 0) {
    return bytes({delta, 0xFF, type, static_cast<int>(payload.size())}) + payload;
}

}  // namespace symphony::io::test
