// Fuzz target: a zip archive whose score, container or headers are anything. The bytes are tried as
// they are, and also as the score inside a sound archive made around them, since mutations of
// packed bytes seldom get past the checksum.
#include "symphony/io/score_file.h"

#include "io/zip_in_memory.h"
#include "require.h"

#include <string>

namespace {

using namespace symphony;

void read(std::string_view bytes) {
    for (const auto strictness : {io::Strictness::kRepair, io::Strictness::kSalvage}) {
        io::ReadOptions options;
        options.strictness = strictness;
        options.max_file_bytes = 1 << 20;
        options.max_notes = 100'000;
        const auto file = io::parse_score(bytes, "fuzz", options);
        if (file.ok())
            fuzz::require_sound(file.value().score);
        else
            fuzz::require(file.error().kind == base::ErrorKind::kInput, "the input is to blame");
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes = fuzz::text_of(data, size);
    read(bytes);
    // The front is taken for the container, the rest for the score.
    const std::size_t cut = size / 4;
    read(io::test::zip_of({{"META-INF/container.xml", std::string(bytes.substr(0, cut))},
                           {"score.xml", std::string(bytes.substr(cut))}}));
    return 0;
}
