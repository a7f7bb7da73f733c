#include "symphony/corpus/explore.h"

#include "symphony/base/error.h"
#include "symphony/base/stop_signal.h"
#include "symphony/corpus/atlas/accumulator.h"
#include "symphony/corpus/index_place.h"
#include "symphony/corpus/load.h"
#include "symphony/corpus/remarks.h"
#include "symphony/corpus/statistics.h"

#include <algorithm>
#include <map>
#include <tuple>

namespace symphony::corpus {
namespace {

constexpr std::size_t kExamples = 4;

// The piece of middle length; then, one each, the middle ones of those with another number of
// parts, most frequent first.
std::vector<std::string> choose_examples(const std::vector<PieceSummary>& pieces) {
    std::map<std::pair<std::int64_t, bool>, std::vector<const PieceSummary*>> by_parts;
    for (const PieceSummary& piece : pieces)
        by_parts[{piece.parts, piece.has_drums}].push_back(&piece);
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

CorpusReport explore_once(const std::filesystem::path& root, int threads, base::Progress& progress,
                          GroupBy by, const std::filesystem::path& index_file) {
    Corpus corpus = load_corpus(root, {.threads = threads, .index_file = index_file}, progress);
    CorpusReport report;
    report.root = root.generic_string();
    report.account = std::move(corpus.account);
    if (corpus.pieces.empty())
        throw base::Error(base::ErrorKind::kInput,
                          "no file could be used: " + report.account.sentence(), root,
                          "symphony check shows why each file is refused");
    progress.begin("grouping related pieces", 0);
    const Groups groups = group_pieces(corpus, threads);
    report.groups = static_cast<std::int64_t>(groups.names.size());
    report.largest_group = static_cast<std::int64_t>(groups.largest());
    progress.begin("adding up", static_cast<std::int64_t>(corpus.pieces.size()));
    CorpusAccumulator sums(by);
    RemarkCollector remarks;
    for (std::size_t i = 0; i < corpus.pieces.size(); ++i) {
        base::throw_if_stop_requested();
        PieceStatistics piece = corpus.statistics(corpus.pieces[i]);
        sums.add(piece);
        remarks.add(piece);
        piece.summary.group = groups.names[static_cast<std::size_t>(groups.of_piece[i])];
        report.summaries.push_back(std::move(piece.summary));
        progress.update(static_cast<std::int64_t>(i) + 1);
    }
    sums.finish(report);
    report.remarks = remarks.finish(report);
    report.examples = choose_examples(report.summaries);
    for (const Link& link : groups.links)
        report.related.push_back({.a = corpus.pieces[static_cast<std::size_t>(link.a)].id,
                                  .b = corpus.pieces[static_cast<std::size_t>(link.b)].id,
                                  .relation = relation_name(link.relation),
                                  .why = link.why});
    progress.end();
    return report;
}

}  // namespace

CorpusReport explore(const std::filesystem::path& root, int threads, base::Progress& progress,
                     GroupBy by, const std::filesystem::path& index_file) {
    return with_sound_index(index_file, progress,
                            [&] { return explore_once(root, threads, progress, by, index_file); });
}

}  // namespace symphony::corpus
