#include "symphony/corpus/fidelity_audit.h"

#include "symphony/base/error.h"
#include "symphony/base/file.h"
#include "symphony/base/parallel.h"
#include "symphony/base/rng.h"
#include "symphony/base/stop_signal.h"
#include "symphony/corpus/index_place.h"
#include "symphony/corpus/learn_pieces.h"
#include "symphony/corpus/load.h"
#include "symphony/tokens/musical_words.h"
#include "symphony/tokens/registry.h"
#include "symphony/tokens/scheme_options.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <optional>

namespace symphony::corpus {
namespace {

constexpr std::size_t kOffenders = 8;
constexpr std::size_t kPiecesAtOnce = 64;

// A scheme under audit: to be learned, or there already.
struct Candidate {
    std::string name;
    tokens::TokenizerOptions options;
    std::unique_ptr<tokens::Tokenizer> tokenizer;
};

std::vector<Candidate> candidates_of(const FidelityOptions& options) {
    std::vector<std::string> names = options.schemes;
    if (names.empty()) {
        for (const std::string& scheme : tokens::scheme_names()) {
            names.push_back(scheme);
            if (scheme == "remi") names.push_back(kRemiWithAll);
        }
    }
    std::vector<Candidate> candidates;
    for (const std::string& name : names) {
        Candidate candidate{.name = name};
        if (name.ends_with(".json"))
            candidate.tokenizer =
                tokens::tokenizer_from_json(base::read_json_file(name).value(), name);
        else
            candidate.options = tokens::options_from_words(name, options.steps_per_quarter);
        candidates.push_back(std::move(candidate));
    }
    return candidates;
}

// What one pass over the pieces gathers.
class AuditLearner {
  public:
    explicit AuditLearner(const std::vector<Candidate>& candidates) {
        for (const Candidate& candidate : candidates)
            learners_.push_back(candidate.tokenizer ? nullptr
                                                    : tokens::tokenizer_learner(candidate.options));
    }
    void add(const score::Score& score) {
        facts.add(score);
        for (const auto& learner : learners_)
            if (learner) learner->add(score);
    }
    void merge(const AuditLearner& other) {
        facts.merge(other.facts);
        for (std::size_t i = 0; i < learners_.size(); ++i)
            if (learners_[i]) learners_[i]->merge(*other.learners_[i]);
    }
    std::unique_ptr<tokens::Tokenizer> finish(std::size_t candidate) const {
        return learners_[candidate]->finish();
    }

    TimingFacts facts;

  private:
    std::vector<std::unique_ptr<tokens::TokenizerLearner>> learners_;
};

// All pieces, or as many as were asked for, in their order.
std::vector<const Piece*> chosen_pieces(const Corpus& corpus, const FidelityOptions& options) {
    std::vector<const Piece*> pieces;
    for (const Piece& piece : corpus.pieces) pieces.push_back(&piece);
    const auto wanted = static_cast<std::size_t>(options.pieces);
    if (wanted == 0 || wanted >= pieces.size()) return pieces;
    base::Rng rng(options.seed, "pieces of a fidelity audit");
    for (std::size_t i = 0; i < wanted; ++i)
        std::swap(pieces[i], pieces[i + rng.below(pieces.size() - i)]);
    pieces.resize(wanted);
    std::sort(pieces.begin(), pieces.end(),
              [](const Piece* a, const Piece* b) { return a->id < b->id; });
    return pieces;
}

Offender where(const score::Score& score, const std::string& id, std::size_t part_index,
               std::size_t note_index) {
    const score::Part& part = score.parts[part_index];
    const score::Note& note = part.notes[note_index];
    Offender offender{
        .piece = id,
        .part = part.name.empty() ? "part " + std::to_string(part_index + 1) : part.name,
        .pitch = part.is_drums ? "drum " + std::to_string(note.pitch)
                               : tokens::spelled_pitch(note.pitch, {})};
    const std::vector<score::Bar> bars = score::bars_of(score);
    for (std::size_t b = 0; b < bars.size() && bars[b].onset <= note.onset; ++b) {
        offender.bar = static_cast<std::int64_t>(b) + 1;
        offender.beat =
            1 + score::to_quarters(note.onset - bars[b].onset, score.ticks_per_quarter).value *
                    bars[b].meter.denominator / 4;
    }
    return offender;
}

// What a scheme makes of one piece.
struct PieceAudit {
    std::int64_t tokens = 0;
    std::map<std::string, std::int64_t> losses;
    tokens::Fidelity counts;
    std::optional<Offender> furthest;
    std::optional<PieceLoss> loss;
};

PieceAudit audit_piece(const score::Score& score, const std::string& id,
                       const tokens::Tokenizer& tokenizer, tokens::Clock clock) {
    const tokens::Encoded encoded = tokenizer.encode(score);
    const tokens::PieceFidelity fidelity =
        tokens::measure_fidelity(score, tokenizer.decode(encoded.ids), clock);
    PieceAudit piece{.tokens = static_cast<std::int64_t>(encoded.ids.size()),
                     .losses = encoded.losses,
                     .counts = fidelity.counts};
    if (!fidelity.worst.empty()) {
        const tokens::MovedNote& moved = fidelity.worst.front();
        piece.furthest = where(score, id, moved.part, moved.note);
        piece.furthest->ms = moved.ms;
    }
    if (fidelity.first_lost)
        piece.loss = {id, piece.counts.merged + piece.counts.dropped, piece.counts.notes,
                      where(score, id, fidelity.first_lost->part, fidelity.first_lost->note)};
    return piece;
}

void add_piece(SchemeAudit& audit, PieceAudit piece, std::int64_t context) {
    ++audit.sequences;
    audit.tokens += piece.tokens;
    audit.cut_sequences += piece.tokens > context;
    audit.longest = std::max(audit.longest, piece.tokens);
    for (const auto& [code, count] : piece.losses) audit.losses[code] += count;
    audit.counts += piece.counts;
    // Kept sorted, the first of equals first.
    const auto insert = [](auto& list, auto item, auto weight) {
        const auto place =
            std::upper_bound(list.begin(), list.end(), item,
                             [&](const auto& a, const auto& b) { return weight(a) > weight(b); });
        list.insert(place, std::move(item));
        if (list.size() > kOffenders) list.pop_back();
    };
    if (piece.furthest)
        insert(audit.offenders, std::move(*piece.furthest),
               [](const Offender& o) { return std::abs(o.ms); });
    if (piece.loss)
        insert(audit.lossy_pieces, std::move(*piece.loss),
               [](const PieceLoss& loss) { return loss.lost; });
}

// Schemes that put the tempo into the times keep seconds and forget the beats.
tokens::Clock clock_of(const tokens::Tokenizer& tokenizer) {
    const tokens::Scheme& scheme =
        tokens::scheme_named(tokenizer.scheme(), base::ErrorKind::kModel);
    return scheme.facts.tempo == tokens::kTempoInTheTimes ? tokens::Clock::kSeconds
                                                          : tokens::Clock::kBeats;
}

void learn(std::vector<Candidate>& candidates, const AuditLearner& learner,
           std::vector<SchemeAudit>& audits) {
    for (std::size_t i = 0; i < candidates.size(); ++i) {
        SchemeAudit& audit = audits.emplace_back();
        audit.scheme = candidates[i].name;
        try {
            if (!candidates[i].tokenizer) candidates[i].tokenizer = learner.finish(i);
        } catch (const base::Error& error) {
            if (error.kind != base::ErrorKind::kInput) throw;
            audit.refused = error.message;
            continue;
        }
        const tokens::Tokenizer& tokenizer = *candidates[i].tokenizer;
        audit.vocabulary = tokenizer.vocabulary().size();
        audit.steps_per_quarter = tokenizer.steps_per_quarter();
        audit.clock = clock_of(tokenizer);
    }
}

void measure(const Corpus& corpus, const std::vector<const Piece*>& pieces,
             const std::vector<Candidate>& candidates, int threads, std::int64_t context,
             std::vector<SchemeAudit>& audits, base::Progress& progress) {
    progress.begin("there and back", static_cast<std::int64_t>(pieces.size()));
    std::atomic<std::int64_t> done{0};
    // Block by block, so that little is held and sums are formed in the order of pieces.
    for (std::size_t begin = 0; begin < pieces.size(); begin += kPiecesAtOnce) {
        const std::size_t count = std::min(kPiecesAtOnce, pieces.size() - begin);
        std::vector<std::vector<std::optional<PieceAudit>>> block(count);
        base::parallel_for(count, threads, [&](std::size_t i) {
            const Piece& piece = *pieces[begin + i];
            const score::Score score = corpus.read(piece);
            block[i].resize(candidates.size());
            for (std::size_t c = 0; c < candidates.size(); ++c) {
                base::throw_if_stop_requested();
                if (audits[c].refused.empty())
                    block[i][c] =
                        audit_piece(score, piece.id, *candidates[c].tokenizer, audits[c].clock);
            }
            progress.update(++done);
        });
        for (auto& piece : block)
            for (std::size_t c = 0; c < candidates.size(); ++c)
                if (piece[c]) add_piece(audits[c], std::move(*piece[c]), context);
    }
}

FidelityReport audit_once(const std::filesystem::path& root, const FidelityOptions& options,
                          int threads, base::Progress& progress) {
    std::vector<Candidate> candidates = candidates_of(options);
    const Corpus corpus =
        load_corpus(root, {.threads = threads, .index_file = options.index_file}, progress);
    FidelityReport report;
    report.root = root.generic_string();
    report.account = corpus.account;
    report.context = options.context;
    report.steps_per_quarter = options.steps_per_quarter;
    if (corpus.pieces.empty())
        throw base::Error(base::ErrorKind::kInput,
                          "no file could be used: " + report.account.sentence(), root,
                          "symphony check shows why each file is refused");
    const std::vector<const Piece*> pieces = chosen_pieces(corpus, options);
    report.pieces_there = static_cast<std::int64_t>(corpus.pieces.size());
    const auto learner = learn_pieces<AuditLearner>(
        corpus, pieces, "learning vocabularies", threads, progress,
        [&] { return std::make_unique<AuditLearner>(candidates); },
        [](AuditLearner& l, const score::Score& score) { l.add(score); });
    report.facts = learner->facts;
    learn(candidates, *learner, report.schemes);
    measure(corpus, pieces, candidates, threads, options.context, report.schemes, progress);
    progress.end();
    if (const SchemeAudit* best = most_faithful_scheme(report)) report.most_faithful = best->scheme;
    report.advice = fidelity_advice(report);
    return report;
}

}  // namespace

FidelityReport audit_fidelity(const std::filesystem::path& root, const FidelityOptions& options,
                              int threads, base::Progress& progress) {
    return with_sound_index(options.index_file, progress,
                            [&] { return audit_once(root, options, threads, progress); });
}

}  // namespace symphony::corpus
