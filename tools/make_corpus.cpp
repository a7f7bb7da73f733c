// Makes a folder of N varied MIDI files, a known share of them broken, copied or transposed, so
// that what `symphony explore` says of it can be checked exactly. The same seed makes the same
// files.
//
//   make_corpus FOLDER FILES [SEED]      prints what was planted, as JSON
//
// Of a hundred files 80 are pieces of their own (a few notes to thousands, one to six parts), 5
// copies of another byte by byte, 5 transposed copies, 2 end in foreign bytes (MID034), 2 state a
// wrong number of tracks (MID016), and 6 are refused: empty, a web page, text, MIDI without a note.
#include "symphony/base/parallel.h"
#include "symphony/base/rng.h"
#include "symphony/io/midi_writer.h"
#include "symphony/score/score.h"
#include "symphony/score/transform.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

namespace {

namespace fs = std::filesystem;
using namespace symphony;
using score::Ticks;

constexpr int kTicks = 480;
constexpr std::uint64_t kFilesInAFolder = 500;
constexpr double kFewestNotes = 12, kMostNotes = 1500;
constexpr std::uint64_t kOneLargeIn = 2000, kLargeTimes = 20;

enum class Kind { kOwn, kCopy, kTransposed, kTrailing, kTrackCount, kEmpty, kPage, kText, kSilent };

Kind kind_of(std::uint64_t file) {
    const std::uint64_t place = file % 100;
    if (place < 80) return Kind::kOwn;
    if (place < 85) return Kind::kCopy;
    if (place < 90) return Kind::kTransposed;
    if (place < 92) return Kind::kTrailing;
    if (place < 94) return Kind::kTrackCount;
    constexpr std::array kRefused{Kind::kEmpty, Kind::kPage, Kind::kText, Kind::kSilent};
    return kRefused[file % kRefused.size()];
}

// Of the piece that a copy repeats: one of its own in the same hundred.
std::uint64_t original_of(std::uint64_t file) { return file - file % 100 + file % 7 * 11; }

score::Part made_part(base::Rng& rng, int notes) {
    constexpr std::array kLengths{kTicks / 4, kTicks / 2, kTicks / 2,
                                  kTicks,     kTicks / 3, 2 * kTicks};
    score::Part part;
    part.is_drums = rng.below(8) == 0;
    part.program = static_cast<std::uint8_t>(rng.below(128));
    part.name = part.is_drums ? "Drums" : fmt::format("Part {}", 1 + rng.below(12));
    int pitch = 48 + static_cast<int>(rng.below(25));
    std::int64_t at = 0;
    for (int n = 0; n < notes; ++n) {
        const int length = kLengths[rng.below(kLengths.size())];
        pitch = std::clamp(pitch + static_cast<int>(rng.below(15)) - 7, 36, 84);
        part.notes.push_back({Ticks(at), Ticks(length), static_cast<std::uint8_t>(pitch),
                              static_cast<std::uint8_t>(40 + rng.below(80))});
        at += rng.below(12) == 0 ? 2 * length : length;
    }
    return part;
}

score::Score made_piece(std::uint64_t seed, std::uint64_t file) {
    constexpr std::array<score::Meter, 4> kMeters{{{4, 4}, {3, 4}, {6, 8}, {2, 4}}};
    base::Rng rng(seed, "made piece", file);
    score::Score score;
    score.ticks_per_quarter = kTicks;
    score.title = fmt::format("Piece {}", file);
    score.meters = {{Ticks(0), kMeters[rng.below(kMeters.size())]}};
    if (rng.below(3) > 0) score.tempos = {{Ticks(0), 50 + static_cast<double>(rng.below(120))}};
    if (rng.below(2) == 0)
        score.keys = {
            {Ticks(0),
             {static_cast<std::int8_t>(static_cast<int>(rng.below(9)) - 4), rng.below(3) == 0}}};
    double notes = kFewestNotes * std::pow(kMostNotes / kFewestNotes, rng.uniform());
    if (rng.below(kOneLargeIn) == 0) notes *= kLargeTimes;
    const auto parts = static_cast<int>(1 + rng.below(6));
    for (int p = 0; p < parts; ++p)
        score.parts.push_back(made_part(rng, std::max(p == 0 ? static_cast<int>(kFewestNotes) : 1,
                                                      static_cast<int>(notes / parts))));
    // Drums alone do not tell one piece from its transposed copy.
    score.parts.front().is_drums = false;
    score::sort_events(score);
    return score;
}

std::string bytes_of(std::uint64_t seed, std::uint64_t file) {
    switch (kind_of(file)) {
        case Kind::kOwn:
            return io::format_midi(made_piece(seed, file)).value();
        case Kind::kCopy:
            return io::format_midi(made_piece(seed, original_of(file))).value();
        case Kind::kTransposed: {
            score::Score piece = made_piece(seed, original_of(file));
            const int semitones = file % 2 == 0 ? 3 : -4;
            return io::format_midi(*score::transposed(piece, semitones)).value();
        }
        case Kind::kTrailing:
            return io::format_midi(made_piece(seed, file)).value() + "\x01 foreign bytes";
        case Kind::kTrackCount: {
            std::string bytes = io::format_midi(made_piece(seed, file)).value();
            ++bytes[11];  // the low byte of the header's number of tracks
            return bytes;
        }
        case Kind::kEmpty:
            return {};
        case Kind::kPage:
            return fmt::format("<!DOCTYPE html><html><body>404: {}</body></html>", file);
        case Kind::kText:
            return fmt::format("Piece {} was not found.\n", file);
        case Kind::kSilent: {
            score::Score piece = made_piece(seed, file);
            for (score::Part& part : piece.parts) part.notes.clear();
            return io::format_midi(piece).value();
        }
    }
    return {};
}

fs::path path_of(const fs::path& folder, std::uint64_t file) {
    return folder / fmt::format("{:04}", file / kFilesInAFolder) / fmt::format("{:07}.mid", file);
}

nlohmann::ordered_json planted(std::uint64_t files) {
    std::array<std::int64_t, 9> count{};
    for (std::uint64_t file = 0; file < files; ++file)
        ++count[static_cast<std::size_t>(kind_of(file))];
    const auto of = [&](Kind kind) { return count[static_cast<std::size_t>(kind)]; };
    return {{"found", files},
            {"used", of(Kind::kOwn)},
            {"repaired", of(Kind::kTrailing) + of(Kind::kTrackCount)},
            {"refused", of(Kind::kEmpty) + of(Kind::kPage) + of(Kind::kText) + of(Kind::kSilent)},
            {"duplicates_exact", of(Kind::kCopy)},
            {"duplicates_music", of(Kind::kTransposed)},
            {"not_music", (files + kFilesInAFolder - 1) / kFilesInAFolder},
            {"codes",
             {{"MID016", of(Kind::kTrackCount)},
              {"MID034", of(Kind::kTrailing)},
              {"FIL001", of(Kind::kEmpty)},
              {"FIL003", of(Kind::kPage) + of(Kind::kText)},
              {"COR003", of(Kind::kSilent)}}}};
}

void make(const fs::path& folder, std::uint64_t files, std::uint64_t seed) {
    for (std::uint64_t first = 0; first < files; first += kFilesInAFolder) {
        const fs::path here = path_of(folder, first).parent_path();
        fs::create_directories(here);
        std::ofstream(here / "README.txt") << "Made by make_corpus.\n";
    }
    base::parallel_for(files, 0, [&](std::size_t file) {
        std::ofstream out(path_of(folder, file), std::ios::binary);
        out << bytes_of(seed, file);
        if (!out.flush())
            throw std::runtime_error("cannot write " + path_of(folder, file).string());
    });
}

}  // namespace

int main(int argc, char** argv) {
    const std::uint64_t files = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 0;
    if (files == 0) {
        fmt::print(stderr, "usage: make_corpus FOLDER FILES [SEED]\n");
        return 2;
    }
    try {
        make(argv[1], files, argc > 3 ? std::strtoull(argv[3], nullptr, 10) : 1);
    } catch (const std::exception& error) {
        fmt::print(stderr, "error: {}\n", error.what());
        return 1;
    }
    fmt::print("{}\n", planted(files).dump());
    return 0;
}
