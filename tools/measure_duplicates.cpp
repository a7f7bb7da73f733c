// Measures how well duplicates are recognised: plants changed copies of real pieces beside them and
// counts how many are linked to their source (recall) and how many of all links are to it
// (precision). Results and data are described in docs/corpus.md.
//
//   measure_duplicates DIR... [--every N] [--json]     a table by kind of change, for each folder
//   measure_duplicates DIR --links                     every link among the originals
#include "symphony/base/progress.h"
#include "symphony/corpus/groups.h"
#include "symphony/corpus/load.h"

#include "planted_copies.h"
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace symphony;
using corpus::Fingerprint;
using corpus::Link;

struct Row {
    std::string kind;
    std::size_t planted = 0, found = 0;      // copies, and those linked to their source
    std::size_t links = 0, false_links = 0;  // of copies, and those not to their source's relatives
    double recall() const { return planted == 0 ? 0 : double(found) / double(planted); }
    double precision() const { return links == 0 ? 1 : 1 - double(false_links) / double(links); }
};

corpus::Groups group(const std::vector<Fingerprint>& fingerprints) {
    std::vector<corpus::WorkHints> hints;  // names that say nothing: the music alone decides
    std::vector<const Fingerprint*> pointers;
    for (std::size_t i = 0; i < fingerprints.size(); ++i) {
        std::string letters;
        for (std::size_t n = i + 1; n > 0; n /= 26) letters += char('a' + n % 26);
        hints.push_back({.id = letters + "x.mid"});
        pointers.push_back(&fingerprints[i]);
    }
    return corpus::group_pieces(hints, pointers);
}

std::vector<Row> measure(const corpus::Corpus& folder, std::size_t every) {
    const std::vector<corpus::Piece>& pieces = folder.pieces;
    std::vector<Fingerprint> originals;
    for (const corpus::Piece& piece : pieces) originals.push_back(piece.fingerprint);
    std::set<std::pair<int, int>> related;  // among the originals
    const corpus::Groups before = group(originals);
    for (const Link& link : before.links) related.insert({link.a, link.b});
    std::vector<Row> rows;
    for (const tools::CopyKind& kind : tools::kCopyKinds) {
        Row row{.kind = kind.name};
        std::vector<Fingerprint> all = originals;
        std::vector<int> source;
        for (std::size_t i = 0; i < pieces.size(); i += every) {
            const auto copy = kind.make(pieces[i].score, i);
            if (!copy) continue;
            all.push_back(corpus::fingerprint_of(*copy));
            source.push_back(static_cast<int>(i));
        }
        const int first_copy = static_cast<int>(originals.size());
        row.planted = source.size();
        std::set<int> found;
        std::set<std::pair<int, int>> seen;
        for (const Link& link : group(all).links) {
            if (link.b < first_copy || !seen.insert({link.a, link.b}).second) continue;
            const auto origin = [&](int piece) {
                return piece < first_copy ? piece : source[std::size_t(piece - first_copy)];
            };
            ++row.links;
            const int a = origin(link.a), b = origin(link.b);
            if (a == b && link.a < first_copy) found.insert(link.b);
            if (a != b && !related.contains(std::minmax(a, b))) ++row.false_links;
        }
        row.found = found.size();
        rows.push_back(row);
    }
    return rows;
}

void print_links(const corpus::Corpus& folder) {
    std::vector<Fingerprint> originals;
    for (const corpus::Piece& piece : folder.pieces) originals.push_back(piece.fingerprint);
    for (const Link& link : group(originals).links)
        fmt::print("{}\t{}\t{}\t{}\n", corpus::relation_name(link.relation), link.why,
                   folder.pieces[std::size_t(link.a)].id, folder.pieces[std::size_t(link.b)].id);
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
        const corpus::Corpus folder =
            corpus::load_corpus(name, corpus::LoadOptions{}, base::silent_progress());
        if (links) {
            print_links(folder);
            continue;
        }
        if (!json)
            fmt::print("{} ({} pieces)\n{:34} {:>8} {:>8} {:>10}\n", name, folder.pieces.size(), "",
                       "planted", "recall", "precision");
        for (const Row& row : measure(folder, every)) {
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
