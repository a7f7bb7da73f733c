// How long grouping takes and what memory it needs at the size of the largest public collections:
// fingerprints of made pieces, a tenth of them changed copies of others, are grouped.
//
//   time_grouping [PIECES] [THREADS]
#include "symphony/base/rng.h"
#include "symphony/corpus/groups.h"

#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <string>
#include <vector>

namespace {

using namespace symphony;

constexpr std::size_t kCommonplaces = 20'000;

// 100 to 1,500 hashes, of which one in ten is a commonplace; the smaller its number, the commoner.
std::vector<std::uint32_t> made_hashes(base::Rng& rng) {
    std::vector<std::uint32_t> hashes(100 + rng.below(1400));
    for (std::uint32_t& hash : hashes)
        hash = rng.below(10) == 0 ? static_cast<std::uint32_t>(std::pow(
                                        static_cast<double>(kCommonplaces), rng.uniform())) *
                                        0x9E3779B9U
                                  : rng.next_u32();
    return hashes;
}

std::size_t peak_mib() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return static_cast<std::size_t>(usage.ru_maxrss) / 1024;
}

// Of all threads, in user mode.
double cpu_seconds() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return static_cast<double>(usage.ru_utime.tv_sec) +
           static_cast<double>(usage.ru_utime.tv_usec) / 1e6;
}

}  // namespace

int main(int argc, char** argv) {
    const std::size_t pieces = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 200'000;
    const int threads = argc > 2 ? std::atoi(argv[2]) : 0;
    std::vector<corpus::Fingerprint> fingerprints(pieces);
    std::vector<corpus::WorkHints> hints(pieces);
    std::size_t copies = 0;
    for (std::size_t i = 0; i < pieces; ++i) {
        base::Rng rng(1, "piece to group", i);
        corpus::Fingerprint& own = fingerprints[i];
        hints[i].id = fmt::format("{:03}/song {:06} of many.mid", i / 1000, i);
        own.music = fmt::format("{:064x}", i);
        std::vector<std::uint32_t> windows = made_hashes(rng), melody = made_hashes(rng);
        melody.resize(melody.size() / 8);
        if (i > 0 && rng.below(10) == 0) {  // half of an earlier piece, nine tenths of its hashes
            const corpus::Fingerprint& source = fingerprints[rng.below(i)];
            windows.clear();
            for (const std::uint32_t hash : source.windows.hashes)
                windows.push_back(rng.below(10) == 0 ? rng.next_u32() : hash);
            windows.resize(windows.size() / 2 + 1);
            ++copies;
        }
        own.windows = corpus::sketch_of(std::move(windows));
        own.melody = corpus::sketch_of(std::move(melody));
    }
    std::vector<const corpus::Fingerprint*> pointers;
    std::size_t hashes = 0;
    for (const corpus::Fingerprint& fingerprint : fingerprints) {
        pointers.push_back(&fingerprint);
        hashes += fingerprint.windows.hashes.size() + fingerprint.melody.hashes.size();
    }
    const std::size_t before = peak_mib();
    const double start = cpu_seconds();
    const corpus::Groups groups = corpus::group_pieces(hints, pointers, threads);
    const double seconds = cpu_seconds() - start;
    fmt::print(
        "{} pieces, {} of them copies; {} hashes; {} links, {} groups\n"
        "{:.1f} s of processor time for grouping; fingerprints {} MiB, peak {} MiB\n",
        pieces, copies, hashes, groups.links.size(), groups.names.size(), seconds, before,
        peak_mib());
    return 0;
}
