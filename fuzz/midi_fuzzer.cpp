// Fuzz target: any bytes into the MIDI reader give a score whose invariants hold, or a refusal; and
// what was read can be written and read again without a repair.
#include "symphony/io/midi_reader.h"
#include "symphony/io/midi_writer.h"

#include "require.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace symphony;
    using fuzz::require;
    for (const auto strictness :
         {io::Strictness::kStrict, io::Strictness::kRepair, io::Strictness::kSalvage}) {
        io::ReadOptions options;
        options.strictness = strictness;
        const auto file = io::parse_midi(fuzz::text_of(data, size), "fuzz", options);
        if (!file.ok()) {
            fuzz::require_coded(file.error(), "MID");
            continue;
        }
        fuzz::require_sound(file.value().score);
        const auto written = io::format_midi(file.value().score);
        require(written.ok(), "what was read can be written");
        options.strictness = io::Strictness::kStrict;
        const auto again = io::parse_midi(written.value(), "again", options);
        require(again.ok() && again.value().grade == io::Grade::kClean,
                "what was written is clean");
    }
    return 0;
}
