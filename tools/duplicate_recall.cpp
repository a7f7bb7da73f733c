#include "duplicate_recall.h"

#include "symphony/corpus/groups.h"

#include <algorithm>
#include <set>
#include <utility>

namespace symphony::tools {
namespace {

using corpus::Fingerprint;

double share(std::size_t part, std::size_t whole) {
    return whole == 0 ? 1 : static_cast<double>(part) / static_cast<double>(whole);
}

// Names that say nothing: the music alone decides.
std::string meaningless_name(std::size_t i) {
    std::string letters;
    for (std::size_t n = i + 1; n > 0; n /= 26) letters += static_cast<char>('a' + n % 26);
    return letters + "x.mid";
}

std::set<std::pair<int, int>> linked_pairs(const std::vector<Fingerprint>& fingerprints) {
    std::vector<corpus::WorkHints> hints;
    std::vector<const Fingerprint*> pointers;
    for (std::size_t i = 0; i < fingerprints.size(); ++i) {
        hints.push_back({.id = meaningless_name(i), .title = {}, .composer = {}});
        pointers.push_back(&fingerprints[i]);
    }
    std::set<std::pair<int, int>> pairs;
    for (const corpus::Link& link : corpus::group_pieces(hints, pointers).links)
        pairs.insert({link.a, link.b});
    return pairs;
}

}  // namespace

double DuplicateRow::recall() const { return share(found, planted); }
double DuplicateRow::precision() const { return share(links - false_links, links); }

std::vector<DuplicateRow> measure_duplicates(std::span<const score::Score> pieces,
                                             std::size_t every) {
    std::vector<Fingerprint> originals;
    for (const score::Score& piece : pieces) originals.push_back(corpus::fingerprint_of(piece));
    const auto related = linked_pairs(originals);
    const int first_copy = static_cast<int>(originals.size());
    std::vector<DuplicateRow> rows;
    for (const CopyKind& kind : kCopyKinds) {
        DuplicateRow row{.kind = kind.name};
        std::vector<Fingerprint> all = originals;
        std::vector<int> source_of_copy;
        for (std::size_t i = 0; i < pieces.size(); i += every) {
            const auto copy = kind.make(pieces[i], i);
            if (!copy) continue;
            all.push_back(corpus::fingerprint_of(*copy));
            source_of_copy.push_back(static_cast<int>(i));
        }
        row.planted = source_of_copy.size();
        const auto source = [&](int piece) {
            return piece < first_copy
                       ? piece
                       : source_of_copy[static_cast<std::size_t>(piece - first_copy)];
        };
        for (const auto& [a, b] : linked_pairs(all)) {
            if (b < first_copy) continue;
            ++row.links;
            if (source(a) == source(b))
                row.found += a < first_copy ? 1 : 0;
            else if (!related.contains(std::minmax(source(a), source(b))))
                ++row.false_links;
        }
        rows.push_back(std::move(row));
    }
    return rows;
}

}  // namespace symphony::tools
