// Runs a fuzz target without libFuzzer: every file of the folders given, then fixed mutations of
// each. A finding is a crash or a failed assertion.
#include "symphony/base/file.h"
#include "symphony/base/rng.h"

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

constexpr int kMutationsPerSeed = 400;

void run(const std::string& bytes) {
    LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
}

std::string mutated(std::string bytes, symphony::base::Rng& rng) {
    for (std::uint64_t edits = 1 + rng.below(8); edits > 0 && !bytes.empty(); --edits) {
        const auto at = static_cast<std::size_t>(rng.below(bytes.size()));
        switch (rng.below(5)) {
            case 0:
                bytes[at] = static_cast<char>(rng.below(256));
                break;
            case 1:
                bytes[at] = static_cast<char>(bytes[at] ^ (1 << rng.below(8)));
                break;
            case 2:
                bytes.erase(at, 1 + static_cast<std::size_t>(rng.below(30)));
                break;
            case 3:
                bytes.insert(at, bytes.substr(static_cast<std::size_t>(rng.below(bytes.size())),
                                              static_cast<std::size_t>(rng.below(60))));
                break;
            default:
                bytes.resize(at);
                break;
        }
    }
    return bytes;
}

}  // namespace

int main(int argc, char** argv) {
    std::size_t seeds = 0;
    for (int i = 1; i < argc; ++i)
        for (const auto& path : symphony::base::list_files(argv[i])) {
            const std::string bytes = symphony::base::read_file(path).value();
            symphony::base::Rng rng(1, "fuzz", seeds++);
            run(bytes);
            for (int round = 0; round < kMutationsPerSeed; ++round) run(mutated(bytes, rng));
        }
    if (seeds == 0) {
        std::fputs("no seeds found\n", stderr);
        return 1;
    }
    std::printf("%zu seeds, each with %d mutations\n", seeds, kMutationsPerSeed);
}
