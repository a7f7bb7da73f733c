// Fuzz target: any bytes into the MIDI reader give a score whose invariants hold, or a refusal; and
// what was read can be written and read again without a repair.
#include "symphony/io/midi_reader.h"
#include "symphony/io/midi_writer.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

namespace {

using namespace symphony;

void require(bool holds) {
    if (!holds) std::abort();
}

void require_sound(const score::Score& score) {
    require(score.ticks_per_quarter >= 1 && score.ticks_per_quarter <= 32767);
    score::Ticks at;
    for (const score::Bar& bar : score.bars) {
        require(bar.onset == at && bar.length.value > 0);
        at += bar.length;
    }
    for (const score::Part& part : score.parts)
        for (const score::Note& note : part.notes) {
            require(note.onset.value >= 0 && note.duration.value > 0);
            require(note.pitch < score::kPitches && note.velocity >= 1 && note.velocity < 128);
        }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    for (const auto strictness :
         {io::Strictness::kStrict, io::Strictness::kRepair, io::Strictness::kSalvage}) {
        io::ReadOptions options;
        options.strictness = strictness;
        const auto file = io::parse_midi(bytes, "fuzz", options);
        if (!file.ok()) {
            require(file.error().message.compare(0, 3, "MID") == 0);
            continue;
        }
        require_sound(file.value().score);
        const auto written = io::format_midi(file.value().score);
        require(written.ok());
        options.strictness = io::Strictness::kStrict;
        const auto again = io::parse_midi(written.value(), "again", options);
        require(again.ok() && again.value().grade == io::Grade::kClean);
    }
    return 0;
}
