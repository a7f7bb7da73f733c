// Fuzz target: any bytes into the MusicXML reader give a score whose invariants hold, or a refusal.
#include "symphony/io/musicxml_reader.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

namespace {

void require(bool holds) {
    if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace symphony;
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    for (const auto strictness : {io::Strictness::kRepair, io::Strictness::kSalvage}) {
        io::ReadOptions options;
        options.strictness = strictness;
        options.max_file_bytes = 1 << 20;
        options.max_notes = 100'000;
        options.expand_repeats = strictness == io::Strictness::kSalvage;
        const auto file = io::parse_musicxml(bytes, "fuzz", options);
        if (!file.ok()) {
            require(file.error().message.compare(0, 3, "XML") == 0);
            continue;
        }
        const score::Score& score = file.value().score;
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
    return 0;
}
