#include "symphony/corpus/load.h"

#include "symphony/base/error.h"
#include "symphony/base/sha256.h"
#include "symphony/corpus/ingest.h"
#include "symphony/corpus/piece_id.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <unordered_map>

namespace symphony::corpus {
namespace fs = std::filesystem;
namespace {

// "no-notes: well-formed, ..." -> "no-notes"
std::string name_in(const std::string& reason) { return reason.substr(0, reason.find(':')); }

// Decides, file by file in order of their names, what becomes of each. The first by name of equal
// files, and of equal music, is the one that is used.
class Settlement {
  public:
    Settlement(Corpus& corpus, bool keep_same_music)
        : corpus_(corpus), keep_same_music_(keep_same_music) {}

    void add(FileReading&& file) {
        Account& account = corpus_.account;
        if (!file.is_music) {
            ++account.not_music;
            return;
        }
        FileRecord record{.id = file.path};
        Reading& reading = file.reading;
        if (!reading.usable()) {
            account.count_code(reading.refused_code, name_in(reading.refused_reason), 1,
                               /*refuses=*/true);
            record.fate = FileFate::kRefused;
            record.code = std::move(reading.refused_code);
            record.reason = std::move(reading.refused_reason);
        } else if (const auto same = id_of_content_.find(file.content);
                   same != id_of_content_.end()) {
            record.fate = FileFate::kDuplicateExact;
            record.duplicate_of = same->second;
        } else {
            id_of_content_.emplace(file.content, file.path);
            use(file, record);
        }
        account.add(std::move(record));
    }

  private:
    void use(FileReading& file, FileRecord& record) {
        Reading& reading = file.reading;
        record.fate = reading.grade == io::Grade::kClean ? FileFate::kUsed : FileFate::kRepaired;
        for (const Finding& finding : reading.findings) {
            record.repairs.push_back(finding.code + " " + finding.name);
            corpus_.account.count_code(finding.code, finding.name, finding.times,
                                       /*refuses=*/false);
        }
        if (!keep_same_music_) {
            const auto [first, is_new] = id_of_music_.emplace(reading.fingerprint.music, file.path);
            if (!is_new) {
                record.fate = FileFate::kDuplicateMusic;
                record.duplicate_of = first->second;
                return;
            }
        }
        corpus_.pieces.push_back({.id = std::move(file.path),
                                  .sha256 = std::move(file.sha256),
                                  .title = std::move(reading.title),
                                  .composer = std::move(reading.composer),
                                  .key = reading.key,
                                  .key_given = reading.key_given,
                                  .content = file.content});
    }

    Corpus& corpus_;
    bool keep_same_music_;
    std::unordered_map<std::int64_t, std::string> id_of_content_;
    std::unordered_map<std::string, std::string> id_of_music_;
};

void filter_pieces(Corpus& corpus, const QualityFilters& filters) {
    const std::vector<std::string>& names = filter_names();
    if (std::none_of(names.begin(), names.end(),
                     [&](const std::string& name) { return filters.is_on(name); }))
        return;
    std::map<std::string, std::pair<std::string, std::string>> reasons;
    std::erase_if(corpus.pieces, [&](const Piece& piece) {
        const auto found = reason_to_leave_out(corpus.statistics(piece).quality, filters);
        if (found) reasons.emplace(piece.id, std::pair(found->code, found->reason));
        return found.has_value();
    });
    corpus.account.leave_out(reasons);
}

}  // namespace

fs::path Corpus::path_of(const Piece& piece) const { return path_of_piece(root, piece.id); }

score::Score Corpus::read(const Piece& piece, std::string* mended) const {
    const fs::path path = path_of(piece);
    const std::string bytes = io::read_music_bytes(path, {}).value();
    if (base::sha256_hex(bytes) != piece.sha256)
        throw base::Error(base::ErrorKind::kInput, "the file changed while the corpus was at work",
                          path, "run the command again when nothing writes to the file");
    return shaped(score_of(bytes, path.string()), shaping, mended);
}

PieceStatistics Corpus::statistics(const Piece& piece) const {
    PieceStatistics statistics = index->statistics(piece.content);
    statistics.summary.id = piece.id;
    return statistics;
}

Corpus load_corpus(const fs::path& given_root, const LoadOptions& options,
                   base::Progress& progress) {
    Corpus corpus{.root = given_root.lexically_normal()};
    if (!corpus.root.has_filename()) corpus.root = corpus.root.parent_path();
    corpus.index = std::make_unique<CorpusIndex>(options.index_file);
    const Ingested ingested =
        bring_up_to_date(*corpus.index, corpus.root, options.threads, progress);
    if (ingested.music == 0)
        throw base::Error(base::ErrorKind::kInput,
                          fmt::format("no music file found ({} other files), expected .mid, .midi, "
                                      ".kar, .rmi, .smf, .musicxml, .xml, .mxl or .abc",
                                      ingested.others),
                          given_root,
                          "give a folder that holds MIDI, MusicXML or ABC, or fetch one: symphony "
                          "corpus get bach-chorales");
    corpus.account.unreadable_folders = ingested.unreadable_folders;
    corpus.view = corpus.index->snapshot();
    Settlement settlement(corpus, options.keep_same_music);
    corpus.index->for_each_reading([&](FileReading&& file) { settlement.add(std::move(file)); });
    filter_pieces(corpus, options.filters);
    return corpus;
}

Groups group_pieces(const Corpus& corpus, int threads) {
    std::vector<WorkHints> hints;
    std::vector<Fingerprint> fingerprints;
    std::vector<const Fingerprint*> pointers;
    for (const Piece& piece : corpus.pieces) {
        hints.push_back({piece.id, piece.title, piece.composer});
        fingerprints.push_back(corpus.fingerprint(piece));
    }
    for (const Fingerprint& fingerprint : fingerprints) pointers.push_back(&fingerprint);
    return group_pieces(hints, pointers, threads);
}

}  // namespace symphony::corpus
