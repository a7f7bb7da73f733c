// Fuzz target: any bytes into the ABC reader give a score whose invariants hold, or a refusal; a
// part that the writer takes is read again with as many notes.
#include "symphony/io/abc_reader.h"
#include "symphony/io/abc_writer.h"

#include "require.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace symphony;
    for (const bool expands : {false, true}) {
        io::ReadOptions options;
        options.max_notes = 100'000;
        options.expand_repeats = expands;
        const auto file = io::parse_abc(fuzz::text_of(data, size), "fuzz", options);
        if (!file.ok()) {
            fuzz::require(file.error().kind == base::ErrorKind::kInput, "the input is to blame");
            continue;
        }
        fuzz::require_sound(file.value().score);
        if (file.value().score.parts.empty()) continue;
        const auto written = io::format_abc(file.value().score);
        if (!written.ok()) continue;
        const auto again = io::parse_abc(written.value(), "again");
        fuzz::require(again.ok(), "what was written can be read");
        fuzz::require(again.value().score.parts.at(0).notes.size() ==
                          file.value().score.parts[0].notes.size(),
                      "no note is lost");
    }
    return 0;
}
