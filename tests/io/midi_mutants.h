// Sound MIDI files and every small damage to them, for tests: the method that found 16 crashes in
// one well-kept reader (every cut, every length one more and one less, flipped bits), and more.
#pragma once

#include "symphony/io/midi_event.h"
#include "symphony/io/midi_writer.h"

#include "io/midi_bytes.h"
#include "io/random_score.h"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

namespace symphony::io::test {

// Small sound files that between them have every kind of event, chunk and layout.
inline std::vector<std::string> good_files() {
    std::vector<std::string> files{
        header(0, 1) + track(scale()),
        header(1, 3) +
            track(meta(0x58, bytes({3, 2, 24, 8})) + meta(0x51, bytes({7, 0xA1, 0x20})) +
                  meta(0x59, bytes({0xFD, 1}))) +
            chunk("XFIH", "vendor") + track(meta(0x03, "Alto") + scale()) +
            track(bytes({0x00, 0xC1, 32}) + scale(1)),
        header(0, 1, 0xE728) +
            track(bytes({0x00, 0xF0, 5, 0x7E, 0x7F, 0x09, 0x01, 0xF7}) + scale()),
        header(2, 2) +
            track(bytes({0x00, 0x90, 60, 90, 0x60, 60, 0, 0x00, 62, 90, 0x81, 0x40, 62, 0})) +
            track(bytes({0x00, 0xE0, 0, 80, 0x00, 0xB0, 64, 127}) + scale()),
    };
    const std::string plain = files[0];
    std::string size = big_endian(static_cast<std::uint32_t>(plain.size()), 4);
    std::reverse(size.begin(), size.end());
    files.push_back("RIFF" + size + "RMIDdata" + size + plain);
    for (std::uint64_t i = 0; i < 3; ++i)
        files.push_back(format_midi(RandomScore(2, i).make(/*bars=*/4)).value());
    return files;
}

// One damage at one byte.
struct Mutation {
    const char* name;
    std::string (*apply)(std::string file, std::size_t at);
};

namespace mutations {

inline std::string cut(std::string file, std::size_t at) { return file.substr(0, at); }
inline std::string lose(std::string file, std::size_t at) { return file.erase(at, 1); }
inline std::string repeat_byte(std::string file, std::size_t at) {
    return file.insert(at, 1, file[at]);
}
template <int kStep>
std::string add(std::string file, std::size_t at) {
    file[at] = static_cast<char>(file[at] + kStep);
    return file;
}
template <int kValue>
std::string set(std::string file, std::size_t at) {
    file[at] = static_cast<char>(kValue);
    return file;
}
template <int kBit>
std::string flip(std::string file, std::size_t at) {
    file[at] = static_cast<char>(file[at] ^ (1 << kBit));
    return file;
}

}  // namespace mutations

inline constexpr std::array kMutations{
    Mutation{"cut", mutations::cut},
    Mutation{"lost", mutations::lose},
    Mutation{"doubled", mutations::repeat_byte},
    Mutation{"one more", mutations::add<1>},
    Mutation{"one less", mutations::add<-1>},
    Mutation{"00", mutations::set<0>},
    Mutation{"7F", mutations::set<0x7F>},
    Mutation{"80", mutations::set<0x80>},
    Mutation{"FF", mutations::set<0xFF>},
    Mutation{"bit 0", mutations::flip<0>},
    Mutation{"bit 1", mutations::flip<1>},
    Mutation{"bit 2", mutations::flip<2>},
    Mutation{"bit 3", mutations::flip<3>},
    Mutation{"bit 4", mutations::flip<4>},
    Mutation{"bit 5", mutations::flip<5>},
    Mutation{"bit 6", mutations::flip<6>},
    Mutation{"bit 7", mutations::flip<7>},
};

// Where a sound file (not RIFF) states how many of something there are.
struct LengthField {
    enum Kind { kHeader, kTracks, kTrack, kPayload };
    Kind kind = kHeader;
    std::size_t at = 0;  // its last byte
};

inline std::vector<LengthField> length_fields(const std::string& file) {
    std::vector<LengthField> fields{{LengthField::kHeader, 7}, {LengthField::kTracks, 11}};
    const Bytes all = as_bytes(file);
    for (std::size_t at = 14; at + 8 <= file.size();) {
        std::size_t end = at + 8;
        for (std::size_t i = 4, size = 0; i < 8; ++i) {
            size = size * 256 + all[at + i];
            if (i == 7) end += size;
        }
        const bool is_track = file.compare(at, 4, "MTrk") == 0;
        if (is_track) fields.push_back({LengthField::kTrack, at + 7});
        std::uint8_t running = 0;
        for (std::size_t event_at = at + 8; is_track && event_at < end;) {
            MidiEvent event;
            if (parse_event(all, event_at, running, event) != EventState::kGood) break;
            if (event.is_channel())
                running = event.status;
            else
                fields.push_back({LengthField::kPayload, event.payload - 1});
            event_at = event.next;
        }
        at = end;
    }
    return fields;
}

}  // namespace symphony::io::test
