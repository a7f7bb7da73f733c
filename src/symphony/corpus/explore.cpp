#include "symphony/corpus/explore.h"

#include "symphony/base/error.h"
#include "symphony/corpus/atlas/accumulator.h"
#include "symphony/corpus/groups.h"
#include "symphony/corpus/load.h"
#include "symphony/corpus/remarks.h"
#include "symphony/corpus/statistics.h"

#include <algorithm>
#include <map>
#include <mutex>
#include <unordered_map>

namespace symphony::corpus {
namespace {

constexpr std::size_t kExamples = 4;

// The piece of middle length; then, one each, the middle ones of those with another number of
// parts, most frequent first.
std::vector<std::string> choose_examples(const std::vector<PieceStatistics>& pieces) {
    std::map<std::pair<std::int64_t, bool>, std::vector<const PieceSummary*>> by_parts;
    for (const PieceStatistics& piece : pieces)
        by_parts[{piece.summary.parts, piece.summary.has_drums}].push_back(&piece.summary);
    std::vector<std::vector<const PieceSummary*>> kinds;
    for (auto& [parts, members] : by_parts) kinds.push_back(std::move(members));
    std::stable_sort(kinds.begin(), kinds.end(),
                     [](const auto& a, const auto& b) { return a.size() > b.size(); });
    std::vector<std::string> ids;
    for (auto& members : kinds) {
        if (ids.size() == kExamples) break;
        const auto middle = members.begin() + static_cast<std::ptrdiff_t>(members.size() / 2);
        std::nth_element(members.begin(), middle, members.end(),
                         [](const PieceSummary* a, const PieceSummary* b) {
                             return std::tie(a->notes, a->id) < std::tie(b->notes, b->id);
                         });
        ids.push_back((*middle)->id);
    }
    return ids;
}

}  // namespace

CorpusReport explore(const std::filesystem::path& root, int threads, base::Progress& progress,
                     GroupBy by) {
    std::mutex mutex;
    std::unordered_map<std::size_t, PieceStatistics> by_slot;
    LoadOptions options;
    options.threads = threads;
    options.reduce = [&](std::size_t slot, const Piece& piece) {
        PieceStatistics s = statistics_of(piece.score, piece.id, piece.key, piece.key_given);
        const std::lock_guard lock(mutex);
        by_slot.emplace(slot, std::move(s));
    };
    std::vector<std::size_t> slots;
    Corpus corpus = load_corpus(root, options, progress, &slots);

    CorpusReport report;
    report.root = root.generic_string();
    report.account = std::move(corpus.account);
    if (corpus.pieces.empty())
        throw base::Error(base::ErrorKind::kInput,
                          "no file could be used: " + report.account.sentence(), root,
                          "symphony check shows why each file is refused");
    progress.begin("adding up", 0);
    std::vector<PieceStatistics> pieces;
    std::vector<WorkHints> hints;
    std::vector<const Fingerprint*> fingerprints;
    for (std::size_t i = 0; i < corpus.pieces.size(); ++i) {
        PieceStatistics& s = pieces.emplace_back(std::move(by_slot.at(slots[i])));
        hints.push_back({s.summary.id, s.summary.title, s.summary.composer});
        fingerprints.push_back(&corpus.pieces[i].fingerprint);
    }
    const Groups groups = group_pieces(hints, fingerprints);
    report.groups = static_cast<std::int64_t>(groups.names.size());
    report.largest_group = static_cast<std::int64_t>(groups.largest());
    CorpusAccumulator sums(by);
    for (const PieceStatistics& piece : pieces) sums.add(piece);
    sums.finish(report);
    report.remarks = remarks_on(report, pieces);
    report.examples = choose_examples(pieces);
    for (const Link& link : groups.links)
        report.related.push_back({.a = hints[static_cast<std::size_t>(link.a)].id,
                                  .b = hints[static_cast<std::size_t>(link.b)].id,
                                  .relation = relation_name(link.relation),
                                  .why = link.why});
    for (std::size_t i = 0; i < pieces.size(); ++i) {
        pieces[i].summary.group = groups.names[static_cast<std::size_t>(groups.of_piece[i])];
        report.summaries.push_back(std::move(pieces[i].summary));
    }
    progress.end();
    return report;
}

}  // namespace symphony::corpus
