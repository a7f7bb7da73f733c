#include "symphony/corpus/fidelity_audit.h"

#include "symphony/base/error.h"
#include "symphony/base/parallel.h"
#include "symphony/base/stop_signal.h"
#include "symphony/corpus/load.h"
#include "symphony/score/time_map.h"
#include "symphony/tokens/musical_words.h"
#include "symphony/tokens/registry.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <set>

namespace symphony::corpus {
namespace {

constexpr std::size_t kOffenders = 8;
constexpr std::uint8_t kPedal = 64;
constexpr int kPedalDown = 64;

TimingFacts timing_of(const std::vector<score::Score>& scores) {
    TimingFacts facts;
    std::set<int> velocities;
    for (const int steps : {1, 2, 3, 4, 6, 8, 12, 24}) facts.on_grid[steps] = 0;
    for (const score::Score& score : scores) {
        bool drums = false, pedal = false;
        for (const score::Part& part : score.parts) {
            drums |= part.is_drums && !part.notes.empty();
            for (const score::ControlChange& control : part.controls)
                pedal |= control.controller == kPedal && control.value >= kPedalDown;
            for (const score::Note& note : part.notes) {
                ++facts.onsets;
                velocities.insert(note.velocity);
                for (auto& [steps, count] : facts.on_grid)
                    count += note.onset.value * steps % score.ticks_per_quarter == 0;
            }
        }
        facts.pieces_with_drums += drums;
        facts.pieces_with_pedal += pedal;
        if (!score.tempos.empty())
            facts.tempo_changes += static_cast<std::int64_t>(score.tempos.size()) - 1;
        const std::vector<score::Bar> bars = score::bars_of(score);
        facts.pieces_with_upbeat += bars.size() > 1 && bars[0].length < bars[1].length;
    }
    facts.velocities = static_cast<std::int64_t>(velocities.size());
    return facts;
}

Offender offender_of(const score::Score& score, const std::string& id,
                     const tokens::MovedNote& moved) {
    const score::Part& part = score.parts[moved.part];
    const score::Note& note = part.notes[moved.note];
    Offender offender{
        .piece = id,
        .part = part.name.empty() ? "part " + std::to_string(moved.part + 1) : part.name,
        .pitch = part.is_drums ? "drum " + std::to_string(note.pitch)
                               : tokens::spelled_pitch(note.pitch, {}),
        .ms = moved.ms};
    const std::vector<score::Bar> bars = score::bars_of(score);
    for (std::size_t b = 0; b < bars.size() && bars[b].onset <= note.onset; ++b) {
        offender.bar = static_cast<std::int64_t>(b) + 1;
        offender.beat =
            1 + score::to_quarters(note.onset - bars[b].onset, score.ticks_per_quarter).value *
                    bars[b].meter.denominator / 4;
    }
    return offender;
}

struct PieceAudit {
    tokens::Encoded encoded;
    score::Score decoded;
    double error_beats = 0, error_seconds = 0;
    tokens::PieceFidelity fidelity;
};

void add_up(SchemeAudit& audit, const std::vector<PieceAudit>& pieces,
            const std::vector<score::Score>& scores, const std::vector<std::string>& ids,
            std::int64_t context) {
    for (std::size_t i = 0; i < pieces.size(); ++i) {
        const PieceAudit& piece = pieces[i];
        const auto length = static_cast<std::int64_t>(piece.encoded.ids.size());
        ++audit.sequences;
        audit.tokens += length;
        audit.cut_sequences += length > context;
        audit.longest = std::max(audit.longest, length);
        for (const auto& [code, count] : piece.encoded.losses) audit.losses[code] += count;
        const tokens::Fidelity& counts = piece.fidelity.counts;
        audit.counts += counts;
        if (!piece.fidelity.worst.empty())
            audit.offenders.push_back(offender_of(scores[i], ids[i], piece.fidelity.worst.front()));
        if (const std::int64_t lost = counts.merged + counts.dropped; lost > 0)
            audit.lossy_pieces.push_back({ids[i], lost, counts.notes});
    }
    std::stable_sort(
        audit.offenders.begin(), audit.offenders.end(),
        [](const Offender& a, const Offender& b) { return std::abs(a.ms) > std::abs(b.ms); });
    std::stable_sort(audit.lossy_pieces.begin(), audit.lossy_pieces.end(),
                     [](const PieceLoss& a, const PieceLoss& b) { return a.lost > b.lost; });
    audit.offenders.resize(std::min(audit.offenders.size(), kOffenders));
    audit.lossy_pieces.resize(std::min(audit.lossy_pieces.size(), kOffenders));
}

SchemeAudit audit_scheme(const std::string& scheme, const std::vector<score::Score>& scores,
                         const std::vector<std::string>& ids, const FidelityOptions& options,
                         int threads, base::Progress& progress) {
    SchemeAudit audit;
    audit.scheme = scheme;
    std::unique_ptr<tokens::Tokenizer> tokenizer;
    try {
        tokenizer = tokens::learn_tokenizer(
            scores, {.scheme = scheme, .steps_per_quarter = options.steps_per_quarter});
    } catch (const base::Error& error) {
        if (error.kind != base::ErrorKind::kInput) throw;
        audit.refused = error.message;
        return audit;
    }
    audit.vocabulary = tokenizer->vocabulary().size();
    audit.steps_per_quarter = tokenizer->steps_per_quarter();
    progress.begin("fidelity of " + scheme, static_cast<std::int64_t>(scores.size()));
    std::vector<PieceAudit> pieces(scores.size());
    std::atomic<std::int64_t> done{0};
    base::parallel_for(scores.size(), threads, [&](std::size_t i) {
        base::throw_if_stop_requested();
        PieceAudit& piece = pieces[i];
        piece.encoded = tokenizer->encode(scores[i]);
        piece.encoded.sources.clear();
        piece.decoded = tokenizer->decode(piece.encoded.ids);
        piece.error_beats = tokens::length_error(scores[i], piece.decoded, tokens::Clock::kBeats);
        piece.error_seconds =
            tokens::length_error(scores[i], piece.decoded, tokens::Clock::kSeconds);
        progress.update(++done);
    });
    // One clock for the scheme: the one on which its pieces keep their lengths.
    double beats = 0, seconds = 0;
    for (const PieceAudit& piece : pieces) {
        beats += piece.error_beats;
        seconds += piece.error_seconds;
    }
    audit.clock = beats <= seconds ? tokens::Clock::kBeats : tokens::Clock::kSeconds;
    base::parallel_for(scores.size(), threads, [&](std::size_t i) {
        base::throw_if_stop_requested();
        pieces[i].fidelity = tokens::measure_fidelity(scores[i], pieces[i].decoded, audit.clock);
    });
    add_up(audit, pieces, scores, ids, options.context);
    return audit;
}

}  // namespace

FidelityReport audit_fidelity(const std::filesystem::path& root, const FidelityOptions& options,
                              int threads, base::Progress& progress) {
    std::vector<std::string> names = options.schemes;
    if (names.empty()) names = tokens::scheme_names();
    for (const std::string& name : names) tokens::scheme_named(name, base::ErrorKind::kUsage);
    Corpus corpus = load_corpus(root, {.threads = threads}, progress);
    FidelityReport report;
    report.root = root.generic_string();
    report.account = std::move(corpus.account);
    report.context = options.context;
    if (corpus.pieces.empty())
        throw base::Error(base::ErrorKind::kInput,
                          "no file could be used: " + report.account.sentence(), root,
                          "symphony check shows why each file is refused");
    std::vector<score::Score> scores(corpus.pieces.size());
    base::parallel_stage(progress, "reading music", scores.size(), threads,
                         [&](std::size_t i) { scores[i] = corpus.read(corpus.pieces[i]); });
    std::vector<std::string> ids;
    for (std::size_t i = 0; i < scores.size(); ++i) {
        report.notes += static_cast<std::int64_t>(scores[i].note_count());
        report.seconds += score::duration_of(scores[i]).value;
        ids.push_back(std::move(corpus.pieces[i].id));
    }
    report.pieces = static_cast<std::int64_t>(scores.size());
    report.timing = timing_of(scores);
    for (const std::string& name : names)
        report.schemes.push_back(audit_scheme(name, scores, ids, options, threads, progress));
    progress.end();
    report.advice = fidelity_advice(report);
    return report;
}

}  // namespace symphony::corpus
