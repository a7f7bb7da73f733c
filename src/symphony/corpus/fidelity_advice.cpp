// What the figures of a fidelity audit mean for whoever must choose a scheme, in words.
#include "symphony/corpus/fidelity_audit.h"

#include <fmt/format.h>

#include <algorithm>

namespace symphony::corpus {
namespace {

double share(std::int64_t part, std::int64_t all) {
    return all == 0 ? 0 : static_cast<double>(part) / static_cast<double>(all);
}

double share(const tokens::Kept& kept) { return share(kept.kept, kept.all); }

// The names of the schemes for which `fits` holds: "note, chorale and performance".
template <class Fits>
std::string names_where(const FidelityReport& report, Fits fits) {
    std::vector<std::string> names;
    for (const SchemeAudit& audit : report.schemes)
        if (audit.refused.empty() && fits(audit)) names.push_back(audit.scheme);
    std::string text;
    for (std::size_t i = 0; i < names.size(); ++i)
        text += (i == 0 ? "" : i + 1 == names.size() ? " and " : ", ") + names[i];
    return text;
}

// Which grid the onsets lie on, and what follows.
std::string on_rhythm(const TimingFacts& timing) {
    constexpr double kAlmostAll = 0.995, kMany = 0.02, kPlayed = 0.7;
    const auto on = [&](int steps) { return share(timing.on_grid.at(steps), timing.onsets); };
    if (on(24) < kPlayed)
        return fmt::format(
            "Your files are played, not written: only {:.1f} % of the onsets lie on a grid of 24 "
            "steps a quarter. A grid would move the others; take a scheme that counts seconds.",
            100 * on(24));
    const double triplets = on(12) - on(4), thirty_seconds = on(8) - on(4);
    std::string text;
    if (triplets >= kMany)
        text = fmt::format(
            "Your files swing in triplets: {:.1f} % of the onsets lie between the 16ths and on a "
            "grid of 12. ",
            100 * triplets);
    else if (on(4) >= kAlmostAll)
        return fmt::format(
            "Your files move in straight 16ths: {:.1f} % of the onsets lie on a grid of 4 steps a "
            "quarter. Any grid of 4, 8, 12 or 24 holds them.",
            100 * on(4));
    const double at_12 = on(12), at_24 = on(24);
    if (at_24 - at_12 >= kMany / 4)
        text += fmt::format(
            "Use a grid of 24: it holds {:.1f} % of the onsets, 12 only {:.1f} %{}.", 100 * at_24,
            100 * at_12,
            thirty_seconds >= kMany / 4 ? fmt::format(" ({:.1f} % are 32nds)", 100 * thirty_seconds)
                                        : "");
    else
        text += fmt::format("Use a grid of 12: it holds {:.1f} % of the onsets.", 100 * at_12);
    return text;
}

// The scheme that brings most notes back alike; of nearly equal ones the one with fewest tokens.
const SchemeAudit* most_faithful(const FidelityReport& report) {
    constexpr double kNearlyEqual = 0.005;
    double best = -1;
    for (const SchemeAudit& audit : report.schemes)
        if (audit.refused.empty())
            best = std::max(best, share(audit.counts.alike, audit.counts.notes));
    const SchemeAudit* chosen = nullptr;
    for (const SchemeAudit& audit : report.schemes) {
        if (!audit.refused.empty() ||
            share(audit.counts.alike, audit.counts.notes) < best - kNearlyEqual)
            continue;
        if (!chosen || audit.tokens < chosen->tokens) chosen = &audit;
    }
    return chosen;
}

}  // namespace

std::vector<std::string> fidelity_advice(const FidelityReport& report) {
    constexpr double kNoticeable = 0.01;
    std::vector<std::string> advice{on_rhythm(report.timing)};
    const auto add_if = [&](const std::string& names, const std::string& text) {
        if (!names.empty()) advice.push_back(fmt::format(fmt::runtime(text), names));
    };
    const TimingFacts& timing = report.timing;
    if (const SchemeAudit* best = most_faithful(report)) {
        advice.push_back(fmt::format(
            "Most faithful here: {}. {:.1f} % of the notes come back alike (at most 10 ms moved, "
            "length, instrument and nearly the velocity as they were), at {:.2f} tokens a note.",
            best->scheme, 100 * share(best->counts.alike, best->counts.notes),
            share(best->tokens, best->counts.notes)));
        if (best->cut_sequences > 0)
            advice.push_back(fmt::format(
                "With {} a context of {} tokens cuts {} of {} pieces; the longest has {} tokens.",
                best->scheme, report.context, best->cut_sequences, best->sequences, best->longest));
    }
    add_if(names_where(report,
                       [&](const SchemeAudit& a) {
                           return share(a.counts.dropped, a.counts.notes) > kNoticeable;
                       }),
           "More than 1 % of the notes are lost without trace in {}.");
    if (timing.pieces_with_drums > 0)
        add_if(
            names_where(report, [](const SchemeAudit& a) { return share(a.counts.drums) < 0.5; }),
            fmt::format("Drums play in {} of {} pieces; {{}} cannot hold them.",
                        timing.pieces_with_drums, report.pieces));
    if (timing.velocities <= 1)
        advice.push_back(
            "Every note has the same velocity: no scheme can learn dynamics here, and tokens for "
            "them are wasted.");
    else
        add_if(names_where(report,
                           [](const SchemeAudit& a) {
                               return a.counts.kept > 0 &&
                                      a.counts.velocity_difference >
                                          8.0 * static_cast<double>(a.counts.kept);
                           }),
               fmt::format("Your files have {} velocities, which {{}} cannot hold.",
                           timing.velocities));
    if (timing.tempo_changes > 0)
        add_if(
            names_where(report,
                        [](const SchemeAudit& a) {
                            return a.clock == tokens::Clock::kSeconds && a.counts.tempos.all > 0;
                        }),
            fmt::format("The tempo changes {} times. How long things last is kept in {{}}; beats, "
                        "tempo and metre are not.",
                        timing.tempo_changes));
    if (timing.pieces_with_pedal > 0)
        add_if(
            names_where(report, [](const SchemeAudit& a) { return share(a.counts.pedals) < 0.5; }),
            fmt::format("The sustain pedal is used in {} of {} pieces; its events are lost in {{}} "
                        "(performance and aria put it into the lengths of notes).",
                        timing.pieces_with_pedal, report.pieces));
    for (const SchemeAudit& audit : report.schemes)
        if (!audit.refused.empty())
            advice.push_back(audit.scheme + " is not for these pieces: " + audit.refused + ".");
    return advice;
}

}  // namespace symphony::corpus
