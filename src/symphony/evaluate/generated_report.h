// Several models' takes beside held-out and training music: what `evaluate --excerpts N --json`
// prints and generated.json holds.
#pragma once

#include "symphony/evaluate/compare_sets.h"
#include "symphony/evaluate/copying_summary.h"
#include "symphony/evaluate/voice_leading.h"

#include <optional>
#include <string>
#include <vector>

namespace symphony::evaluate {

struct GeneratedReport {
    std::string split;  // of the held-out pieces
    std::string data;   // folder of the data set
    int bars = 0;       // of every excerpt: takes whole, of real pieces the last bars
    std::vector<SetComparison> models;
    // Sums over all four-part excerpts (places are not kept); nothing where the music is not in
    // four parts. voice_leading[m] belongs to models[m].
    std::vector<std::optional<VoiceLeading>> voice_leading;
    std::optional<VoiceLeading> held_out_voice_leading, train_voice_leading;
    std::vector<CopyingSummary> copying;  // copying[m] belongs to models[m]; empty: not looked for
    bool operator==(const GeneratedReport&) const = default;
};

// One model's takes, as they are compared.
struct TakeSet {
    std::string model;
    std::vector<score::Score> takes;  // each of the report's number of bars
};

// Cuts the real pieces to their last `bars` bars (shorter ones are left out) and compares. Throws
// Error (kInput) if no held-out piece is long enough.
GeneratedReport compare_generated(const std::vector<TakeSet>& sets,
                                  std::span<const score::Score> held_out,
                                  std::span<const score::Score> train, int bars);

base::Json to_json(const GeneratedReport& report);
GeneratedReport generated_report_from_json(const base::Json& json);

}  // namespace symphony::evaluate
