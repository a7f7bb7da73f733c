#include "symphony/generate/take_writer.h"

#include "symphony/generate/chord_fit.h"
#include "symphony/score/time_map.h"

#include <fmt/format.h>

namespace symphony::generate {

std::string take_name(const Take& take) { return fmt::format("take-{}", take.index + 1); }

TakeRecord record_for(const Take& take, TakeRecord record) {
    record.take = take.index + 1;
    record.roles.clear();
    record.parts.clear();
    for (std::size_t p = 0; p < take.score.parts.size(); ++p) {
        if (take.score.parts[p].notes.empty()) continue;
        record.parts.push_back(static_cast<int>(p));
        record.roles.push_back(take.score.parts[p].role);
    }
    if (record.parts.size() == take.score.parts.size()) record.parts.clear();
    return record;
}

score::Score with_provenance(const Take& take, const Performance& performance,
                             const TakeRecord& record) {
    score::Score score = performance.score;
    remove_record(score);
    if (score.title.empty()) score.title = fmt::format("{}, {}", record.model, take_name(take));
    const auto add = [&](std::string text) {
        score.texts.push_back({score::Ticks(0), score::TextKind::kText, std::move(text)});
    };
    add(fmt::format("composed by Symphony {} with {} ({}, weights {})", record.version,
                    record.model, record.family, record.weights_sha256));
    add("velocity: " + performance.velocity_rule);
    add("tempo: " + performance.tempo_rule);
    add(record_text(record_for(take, record)));
    score::sort_events(score);
    return score;
}

base::Json take_json(const tokens::Tokenizer& tokenizer, const Take& take,
                     const Performance& performance, const TakeRecord& record) {
    base::Json json = record_for(take, record).to_json();
    json.update(base::Json{{"tokens", take.ids.size()},
                           {"prime_tokens", take.prime_tokens},
                           {"prime_losses", take.prime_losses},
                           {"notes", take.score.note_count()},
                           {"bars", score::bars_of(take.score).size()},
                           {"seconds", score::duration_of(performance.score).value},
                           {"ending", take.ending},
                           {"last_bar_attempts", take.last_bar_attempts},
                           {"velocity", performance.velocity_rule},
                           {"tempo", performance.tempo_rule}});
    if (const auto fit = chord_fit(tokenizer, take.ids)) {
        json["notes_under_a_chord"] = fit->notes;
        json["notes_fitting_their_chord"] = fit->fitting;
    }
    return json;
}

}  // namespace symphony::generate
