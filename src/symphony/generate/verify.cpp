#include "symphony/generate/verify.h"

#include "symphony/base/error.h"
#include "symphony/generate/music_names.h"
#include "symphony/score/general_midi.h"
#include "symphony/score/roles.h"
#include "symphony/score/time_map.h"
#include "symphony/score/transform.h"
#include "symphony/tokens/part_class.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace symphony::generate {
namespace {

// Tempos are stored in whole microseconds a quarter.
constexpr double kTempoTolerance = 0.01;
constexpr double kSecondsTolerance = 0.02;

// The parts that play, with roles.
score::Score playing(const score::Score& score, const std::vector<score::Role>& roles) {
    score::Score result = score;
    std::erase_if(result.parts, [](const score::Part& part) { return part.notes.empty(); });
    if (roles.empty()) {
        score::assign_roles(result);
        return result;
    }
    if (roles.size() != result.parts.size())
        throw base::Error(base::ErrorKind::kInput, fmt::format("{} parts play, got {} roles",
                                                               result.parts.size(), roles.size()));
    for (std::size_t p = 0; p < roles.size(); ++p) result.parts[p].role = roles[p];
    return result;
}

// Every part that plays is one of the players, in their order (a player may stay silent).
std::optional<Breach> wrong_players(const score::Score& score,
                                    const std::vector<std::string>& players) {
    std::size_t next = 0;
    for (std::size_t p = 0; p < score.parts.size(); ++p) {
        const score::Part& part = score.parts[p];
        const std::string name = tokens::name_class(part.name);
        while (next < players.size() &&
               !names_player(players[next], part.is_drums, part.program, name))
            ++next;
        if (next++ < players.size()) continue;
        return Breach{
            fmt::format("instruments {}", fmt::join(players, ", ")), 0,
            fmt::format("part {} is {}, {}", p + 1, part.name, score::program_name(part.program))};
    }
    return std::nullopt;
}

std::optional<Breach> wrong_form(const score::Score& score, const Promise& promise) {
    const auto bars = score::bars_of(score);
    if (promise.bars && static_cast<int>(bars.size()) != *promise.bars)
        return Breach{fmt::format("bars {}", *promise.bars), 0,
                      fmt::format("there are {}", bars.size())};
    for (std::size_t b = static_cast<std::size_t>(promise.where.first_bar); b < bars.size(); ++b)
        if (promise.meter && bars[b].meter != *promise.meter)
            return Breach{"meter " + meter_text(*promise.meter), static_cast<int>(b) + 1,
                          "the metre is " + meter_text(bars[b].meter)};
    if (promise.key && (score.keys.empty() || score.keys.front().key != *promise.key))
        return Breach{
            "key " + promise.key->name(), 0,
            score.keys.empty() ? "no key is given" : "the key is " + score.keys.front().key.name()};
    if (promise.tempo_bpm) {
        const double tempo = score.tempos.empty() ? score::kDefaultTempoBpm
                                                  : score.tempos.front().quarters_per_minute;
        if (std::abs(tempo - *promise.tempo_bpm) > kTempoTolerance * *promise.tempo_bpm)
            return Breach{fmt::format("tempo {:g}", *promise.tempo_bpm), 0,
                          fmt::format("it begins at {:g}", tempo)};
    }
    if (promise.seconds) {
        const double seconds = score::duration_of(score).value;
        if (std::abs(seconds - *promise.seconds) > kSecondsTolerance)
            return Breach{fmt::format("seconds {:g}", *promise.seconds), 0,
                          fmt::format("it lasts {:.2f}", seconds)};
    }
    return std::nullopt;
}

}  // namespace

std::optional<Breach> first_breach(const score::Score& score, const Promise& promise) {
    const score::Score prime =
        score::excerpt(score, 0, static_cast<std::size_t>(promise.where.first_bar));
    const Laws laws = promise.rules.laws(promise.where.first_bar > 0 ? &prime : nullptr);
    if (auto breach = wrong_form(score, promise)) return breach;
    const score::Score parts = playing(score, promise.roles);
    if (!promise.rules.instruments.empty())
        if (auto breach = wrong_players(parts, promise.rules.instruments)) return breach;
    return first_breach_of(parts, laws, promise.where);
}

}  // namespace symphony::generate
