// What the figures of a fidelity audit mean for whoever must choose a scheme, in words.
#include "symphony/corpus/fidelity_audit.h"

#include <fmt/format.h>

#include <algorithm>

namespace symphony::corpus {
namespace {

using tokens::Fidelity;
using tokens::Kept;
using tokens::share;

double alike(const SchemeAudit& audit) { return share(audit.counts.alike, audit.counts.notes); }
double tokens_per_note(const SchemeAudit& audit) { return share(audit.tokens, audit.counts.notes); }

std::string listed(const std::vector<std::string>& names) {
    std::string text;
    for (std::size_t i = 0; i < names.size(); ++i)
        text += (i == 0 ? "" : i + 1 == names.size() ? " and " : ", ") + names[i];
    return text;
}

// The schemes for which `fits` holds: "note, chorale and performance", or, of most, "all but remi".
template <class Fits>
std::string names_where(const FidelityReport& report, Fits fits) {
    constexpr std::size_t kMany = 5;
    std::vector<std::string> names, others;
    for (const SchemeAudit& audit : report.schemes)
        if (audit.refused.empty()) (fits(audit) ? names : others).push_back(audit.scheme);
    if (names.size() < kMany || names.size() <= 2 * others.size()) return listed(names);
    return others.empty() ? "all schemes" : "all schemes but " + listed(others);
}

// "remi+pedal+micro-timing=7" as options of prepare, for a shell.
std::string command_of(const std::string& scheme, int steps_per_quarter) {
    if (scheme.ends_with(".json")) return "--tokenizer '" + scheme + "'";
    std::string options = "--scheme ";
    for (const char c : scheme)
        if (c != ' ') options += c == '+' ? " --" : c == '=' ? std::string(" ") : std::string(1, c);
    if (steps_per_quarter > 0) options += fmt::format(" --steps-per-quarter {}", steps_per_quarter);
    return options;
}

// Which grid the onsets lie on, and what follows.
std::string on_rhythm(const TimingFacts& facts) {
    constexpr double kAlmostAll = 0.995, kMany = 0.02, kPlayed = 0.7;
    // Long-short pairs strike the last third of a beat, not the first; triplets strike both.
    constexpr std::int64_t kSwing = 4;
    const auto on = [&](int steps) { return share(facts.on(steps), facts.notes); };
    if (on(24) < kPlayed)
        return fmt::format(
            "Your files are played, not written: only {:.1f} % of the onsets lie on a grid of 24 "
            "steps a quarter, which would move the others. Take a scheme that counts seconds, or "
            "micro-timing on a grid (remi+micro-timing=7).",
            100 * on(24));
    const double triplets = on(12) - on(4), thirty_seconds = on(8) - on(4);
    std::string text;
    if (triplets >= kMany)
        text = fmt::format(
            "Your files {}: {:.1f} % of the onsets lie between the 16ths and on a grid of 12. ",
            facts.on_last_third > kSwing * facts.on_first_third ? "swing in triplets"
                                                                : "have triplets",
            100 * triplets);
    else if (on(4) >= kAlmostAll)
        return fmt::format(
            "Your files move in straight 16ths: {:.1f} % of the onsets lie on a grid of 4 steps a "
            "quarter. Any grid of 4, 8, 12 or 24 holds them.",
            100 * on(4));
    const double at_12 = on(12), at_24 = on(24);
    if (at_24 - at_12 >= kMany / 4)
        return text + fmt::format(
                          "Use a 24 grid (--steps-per-quarter 24): it holds {:.1f} % of the "
                          "onsets, 12 only {:.1f} %{}.",
                          100 * at_24, 100 * at_12,
                          thirty_seconds >= kMany / 4
                              ? fmt::format(" ({:.1f} % are 32nds)", 100 * thirty_seconds)
                              : "");
    return text +
           fmt::format("Use a 12 grid (--steps-per-quarter 12): it holds {:.1f} % of the onsets.",
                       100 * at_12);
}

// The scheme with fewest tokens of those that bring nearly as many notes back as `best`.
const SchemeAudit* shorter_scheme(const FidelityReport& report, const SchemeAudit& best) {
    constexpr double kNearly = 0.03, kWorthIt = 0.9;
    const SchemeAudit* shortest = nullptr;
    for (const SchemeAudit& audit : report.schemes)
        if (audit.refused.empty() && alike(audit) >= alike(best) - kNearly &&
            static_cast<double>(audit.tokens) < kWorthIt * static_cast<double>(best.tokens) &&
            (!shortest || audit.tokens < shortest->tokens))
            shortest = &audit;
    return shortest;
}

void advise_schemes(const FidelityReport& report, std::vector<std::string>& advice) {
    const SchemeAudit* best = most_faithful_scheme(report);
    if (!best) return;
    advice.push_back(fmt::format(
        "Most faithful here: {}. {:.1f} % of the notes come back alike (at most 10 ms moved, "
        "length, instrument and nearly the velocity as they were), at {:.2f} tokens a note: "
        "symphony prepare DIR -o DATA {}",
        best->scheme, 100 * alike(*best), tokens_per_note(*best),
        command_of(best->scheme, report.steps_per_quarter)));
    if (const SchemeAudit* shorter = shorter_scheme(report, *best))
        advice.push_back(
            fmt::format("Shorter: {}, {:.2f} tokens a note, {:.1f} % of the notes alike.",
                        shorter->scheme, tokens_per_note(*shorter), 100 * alike(*shorter)));
    if (best->cut_sequences > 0)
        advice.push_back(fmt::format(
            "With {} a context of {} tokens cuts {} of {} pieces; the longest has {} tokens.",
            best->scheme, report.context, best->cut_sequences, best->sequences, best->longest));
}

// What the pieces have and schemes lose.
void advise_losses(const FidelityReport& report, std::vector<std::string>& advice) {
    constexpr double kNoticeable = 0.01, kMostly = 0.5;
    const TimingFacts& facts = report.facts;
    // `text` with the schemes in the place of {}, if there are any.
    const auto add_of = [&](auto fits, const std::string& text) {
        const std::string names = names_where(report, fits);
        if (!names.empty()) advice.push_back(fmt::format(fmt::runtime(text), names));
    };
    const auto add_lost = [&](Kept Fidelity::*aspect, const std::string& text) {
        add_of(
            [&](const SchemeAudit& a) {
                return (a.counts.*aspect).all > 0 && share(a.counts.*aspect) < kMostly;
            },
            text);
    };
    add_of(
        [&](const SchemeAudit& a) { return share(a.counts.dropped, a.counts.notes) > kNoticeable; },
        "More than 1 % of the notes are lost without trace in {}, or moved by more than a beat.");
    add_of(
        [&](const SchemeAudit& a) {
            return share(far_moved(a.counts), a.counts.notes) > kNoticeable;
        },
        "More than 1 % of the notes move by more than 10 ms in {}.");
    add_lost(&Fidelity::drums, fmt::format("Drums play in {} of {} pieces and are lost in {{}}.",
                                           facts.pieces_with_drums, facts.pieces));
    add_lost(&Fidelity::programs, "Who plays is lost in {}.");
    if (facts.different_velocities() <= 1)
        advice.push_back(
            "Every note has the same velocity: no scheme can learn dynamics here, and tokens for "
            "them are wasted.");
    else
        add_of(
            [](const SchemeAudit& a) {
                return a.counts.velocity_difference > 8.0 * static_cast<double>(a.counts.kept);
            },
            fmt::format("Your files have {} velocities, which {{}} cannot hold.",
                        facts.different_velocities()));
    if (facts.tempo_changes > 0)
        add_of(
            [](const SchemeAudit& a) {
                return a.clock == tokens::Clock::kSeconds && a.counts.tempos.all > 0;
            },
            fmt::format("The tempo changes {} times. How long things last is kept in {{}}; beats, "
                        "tempo and metre are not.",
                        facts.tempo_changes));
    add_of(
        [](const SchemeAudit& a) {
            return a.clock == tokens::Clock::kBeats && a.counts.tempos.all > 0 &&
                   share(a.counts.tempos) < kMostly;
        },
        "The tempo is lost, or off by more than 3 %, in {}.");
    add_of(
        [](const SchemeAudit& a) {
            return a.clock == tokens::Clock::kBeats && a.counts.meters.all > 0 &&
                   share(a.counts.meters) < kMostly;
        },
        "Metre and bar lines are lost in {}.");
    add_lost(&Fidelity::pedals,
             fmt::format("The sustain pedal is used in {} of {} pieces; its changes are lost in "
                         "{{}} (performance and aria put it into the lengths of notes).",
                         facts.pieces_with_pedal, facts.pieces));
    if (facts.pieces_with_controls > 0)
        add_lost(&Fidelity::controls,
                 fmt::format("Volume, pan or expression change while {} of {} pieces play; that is "
                             "lost in {{}}.",
                             facts.pieces_with_controls, facts.pieces));
    add_lost(&Fidelity::bends, "Pitch bends are lost in {}.");
    for (const SchemeAudit& audit : report.schemes)
        if (!audit.refused.empty())
            advice.push_back(audit.scheme + " is not for these pieces: " + audit.refused + ".");
}

}  // namespace

const SchemeAudit* most_faithful_scheme(const FidelityReport& report) {
    constexpr double kNearlyEqual = 0.005;
    std::vector<const SchemeAudit*> left;
    for (const SchemeAudit& audit : report.schemes)
        if (audit.refused.empty()) left.push_back(&audit);
    const auto keep_best = [&](auto measure) {
        double best = 0;
        for (const SchemeAudit* audit : left) best = std::max(best, measure(*audit));
        std::erase_if(
            left, [&](const SchemeAudit* audit) { return measure(*audit) < best - kNearlyEqual; });
    };
    keep_best(alike);
    keep_best([](const SchemeAudit& a) {
        return share(a.counts.tempos.kept + a.counts.meters.kept,
                     a.counts.tempos.all + a.counts.meters.all);
    });
    const auto shortest = std::min_element(
        left.begin(), left.end(),
        [](const SchemeAudit* a, const SchemeAudit* b) { return a->tokens < b->tokens; });
    return shortest == left.end() ? nullptr : *shortest;
}

std::vector<std::string> fidelity_advice(const FidelityReport& report) {
    std::vector<std::string> advice{on_rhythm(report.facts)};
    advise_schemes(report, advice);
    advise_losses(report, advice);
    return advice;
}

}  // namespace symphony::corpus
