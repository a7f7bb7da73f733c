#include "symphony/generate/take_writer.h"

#include "symphony/generate/chord_fit.h"
#include "symphony/score/time_map.h"

#include <fmt/format.h>

namespace symphony::generate {

std::string take_name(const Take& take) { return fmt::format("take-{}", take.index + 1); }

score::Score with_provenance(const Take& take, const Performance& performance,
                             const Provenance& provenance) {
    score::Score score = performance.score;
    if (score.title.empty()) score.title = fmt::format("{}, {}", provenance.model, take_name(take));
    const auto add = [&](std::string text) {
        score.texts.push_back({score::Ticks(0), score::TextKind::kText, std::move(text)});
    };
    add(fmt::format("composed by Symphony {} with {} ({}, weights {})", provenance.version,
                    provenance.model, provenance.family, provenance.weights_sha256));
    add(fmt::format("seed {}, take {}, settings {}", provenance.seed, take.index + 1,
                    provenance.settings.dump()));
    add("velocity: " + performance.velocity_rule);
    add("tempo: " + performance.tempo_rule);
    return score;
}

base::Json take_json(const tokens::Tokenizer& tokenizer, const Take& take,
                     const Performance& performance, const Provenance& provenance) {
    base::Json json = {{"symphony", provenance.version},
                       {"model",
                        {{"name", provenance.model},
                         {"family", provenance.family},
                         {"scheme", provenance.scheme},
                         {"weights_sha256", provenance.weights_sha256}}},
                       {"seed", provenance.seed},
                       {"take", take.index + 1},
                       {"settings", provenance.settings},
                       {"tokens", take.ids.size()},
                       {"prime_tokens", take.prime_tokens},
                       {"prime_losses", take.prime_losses},
                       {"notes", take.score.note_count()},
                       {"bars", score::bars_of(take.score).size()},
                       {"seconds", score::duration_of(performance.score).value},
                       {"ending", take.ending},
                       {"last_bar_attempts", take.last_bar_attempts},
                       {"velocity", performance.velocity_rule},
                       {"tempo", performance.tempo_rule}};
    if (const auto fit = chord_fit(tokenizer, take.ids)) {
        json["notes_under_a_chord"] = fit->notes;
        json["notes_fitting_their_chord"] = fit->fitting;
    }
    return json;
}

}  // namespace symphony::generate
