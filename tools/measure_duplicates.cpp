// Measures how well duplicates are recognised: plants changed copies of real pieces beside them.
// Results and data are described in docs/corpus.md.
//
//   measure_duplicates DIR... [--every N] [--json]     a table by kind of change, for each folder
//   measure_duplicates DIR --links                     every link among the pieces by their music
#include "symphony/base/progress.h"
#include "symphony/corpus/groups.h"
#include "symphony/corpus/load.h"

#include "duplicate_recall.h"
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace symphony;

void print_links(const corpus::Corpus& folder) {
    std::vector<corpus::WorkHints> hints(folder.pieces.size());
    std::vector<corpus::Fingerprint> kept;
    for (const corpus::Piece& piece : folder.pieces) kept.push_back(folder.fingerprint(piece));
    std::vector<const corpus::Fingerprint*> fingerprints;
    for (const corpus::Fingerprint& fingerprint : kept) fingerprints.push_back(&fingerprint);
    for (const corpus::Link& link : corpus::group_pieces(hints, fingerprints).links)
        fmt::print("{}\t{}\t{}\t{}\n", corpus::relation_name(link.relation), link.why,
                   folder.pieces[static_cast<std::size_t>(link.a)].id,
                   folder.pieces[static_cast<std::size_t>(link.b)].id);
}

}  // namespace

int main(int argc, char** argv) try {
    std::vector<std::string> folders;
    std::size_t every = 1;
    bool json = false, links = false;
    for (int i = 1; i < argc; ++i) {
        const std::string_view word = argv[i];
        if (word == "--every" && i + 1 < argc)
            every = std::max<std::size_t>(1, std::strtoul(argv[++i], nullptr, 10));
        else if (word == "--json")
            json = true;
        else if (word == "--links")
            links = true;
        else
            folders.emplace_back(word);
    }
    if (folders.empty()) {
        fmt::print(stderr, "usage: measure_duplicates DIR... [--every N] [--json] [--links]\n");
        return 2;
    }
    nlohmann::json report = nlohmann::json::array();
    for (const std::string& name : folders) {
        corpus::Corpus folder =
            corpus::load_corpus(name, corpus::LoadOptions{}, base::silent_progress());
        if (links) {
            print_links(folder);
            continue;
        }
        std::vector<score::Score> pieces;
        for (const corpus::Piece& piece : folder.pieces) pieces.push_back(folder.read(piece));
        if (!json)
            fmt::print("{} ({} pieces)\n{:34} {:>8} {:>8} {:>10}\n", name, pieces.size(), "",
                       "planted", "recall", "precision");
        for (const tools::DuplicateRow& row : tools::measure_duplicates(pieces, every)) {
            if (json)
                report.push_back({{"folder", name},
                                  {"kind", row.kind},
                                  {"planted", row.planted},
                                  {"recall", row.recall()},
                                  {"precision", row.precision()}});
            else
                fmt::print("{:34} {:8} {:8.3f} {:10.3f}\n", row.kind, row.planted, row.recall(),
                           row.precision());
        }
    }
    if (json) fmt::print("{}\n", report.dump(1));
    return 0;
} catch (const std::exception& e) {
    fmt::print(stderr, "error: {}\n", e.what());
    return 1;
}
