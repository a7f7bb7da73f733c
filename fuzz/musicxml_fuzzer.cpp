// Fuzz target: any bytes into the MusicXML reader give a score whose invariants hold, or a refusal.
#include "symphony/io/musicxml_reader.h"

#include "require.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace symphony;
    for (const auto strictness : {io::Strictness::kRepair, io::Strictness::kSalvage}) {
        io::ReadOptions options;
        options.strictness = strictness;
        options.max_file_bytes = 1 << 20;
        options.max_notes = 100'000;
        options.expand_repeats = strictness == io::Strictness::kSalvage;
        const auto file = io::parse_musicxml(fuzz::text_of(data, size), "fuzz", options);
        if (file.ok())
            fuzz::require_sound(file.value().score);
        else
            fuzz::require_coded(file.error(), "XML");
    }
    return 0;
}
