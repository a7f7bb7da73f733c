// Fuzz target: any bytes into the MusicXML reader give a score whose invariants hold, or a refusal;
// a score of moderate size that the writer takes is read again without repairs.
#include "symphony/io/musicxml_reader.h"
#include "symphony/io/musicxml_writer.h"

#include "require.h"

namespace {

// A file can ask for a million bars; writing them all would leave no time for other inputs.
constexpr std::size_t kMostWritten = 500;

void write_and_read_again(const symphony::score::Score& score) {
    using namespace symphony;
    if (score.note_count() > kMostWritten || score.bars.size() > kMostWritten) return;
    const auto written = io::format_musicxml(score);
    if (!written.ok()) return;
    io::ReadOptions strict;
    strict.strictness = io::Strictness::kStrict;
    const auto again = io::parse_musicxml(written.value().text, "again", strict);
    fuzz::require(again.ok(), "what was written is well formed");
    fuzz::require_sound(again.value().score);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace symphony;
    for (const auto strictness : {io::Strictness::kRepair, io::Strictness::kSalvage}) {
        io::ReadOptions options;
        options.strictness = strictness;
        options.max_file_bytes = 1 << 20;
        options.max_notes = 100'000;
        options.expand_repeats = strictness == io::Strictness::kSalvage;
        const auto file = io::parse_musicxml(fuzz::text_of(data, size), "fuzz", options);
        if (!file.ok()) {
            fuzz::require_coded(file.error(), "XML");
            continue;
        }
        fuzz::require_sound(file.value().score);
        write_and_read_again(file.value().score);
    }
    return 0;
}
