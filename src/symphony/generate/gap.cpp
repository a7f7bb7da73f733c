#include "symphony/generate/gap.h"

#include "symphony/base/error.h"
#include "symphony/generate/copy_proof.h"
#include "symphony/score/harmony.h"
#include "symphony/score/roles.h"
#include "symphony/score/transform.h"
#include "symphony/tokens/stream_grammar.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>

namespace symphony::generate {
namespace {

using score::Ticks;
using tokens::GridPart;
using tokens::GridPiece;
using tokens::Kind;
using tokens::TokenId;

// Bars before a gap that the model reads.
constexpr int kBarsBefore = 24;
// Bars with given notes that it is told of beyond the one that comes next, as in training.
constexpr int kBarsAhead = 2;

// Where the tokens of each bar begin: what is told ahead of it, the Bar token with the bar's form,
// and its content.
struct BarTokens {
    std::size_t opening = 0, content = 0;
};

std::vector<BarTokens> bars_in(const tokens::Layout& layout, const std::vector<TokenId>& ids) {
    std::vector<BarTokens> bars;
    std::size_t opening = ids.size();
    bool in_given = false;
    for (std::size_t i = 0; i < ids.size(); ++i) {
        const Kind kind = layout.kind(ids[i]);
        if (kind == Kind::kGiven && !in_given) opening = i, in_given = true;
        if (kind != Kind::kBar) continue;
        BarTokens& bar = bars.emplace_back();
        bar.opening = in_given ? opening : i;
        in_given = false;
        bar.content = i + 1;
        while (bar.content < ids.size() && (layout.kind(ids[bar.content]) == Kind::kMeter ||
                                            layout.kind(ids[bar.content]) == Kind::kBarLength))
            ++bar.content;
    }
    return bars;
}

std::vector<TokenId> cut(const std::vector<TokenId>& ids, std::size_t from, std::size_t to) {
    return {ids.begin() + static_cast<std::ptrdiff_t>(from),
            ids.begin() + static_cast<std::ptrdiff_t>(to)};
}

}  // namespace

GapPlan::GapPlan(const tokens::StreamTokenizer& tokenizer, const score::Score& source, Gap gap,
                 const std::string& name, std::span<const std::uint8_t> unseen)
    : tokenizer_(tokenizer), source_(source), gap_(std::move(gap)) {
    if (tokenizer.given_token(0) < 0)
        throw base::Error(base::ErrorKind::kUsage,
                          "the model cannot be told what is given around a gap", {},
                          "take one whose music was prepared with --given");
    find_span();
    begin_ = std::max(0, first_ - kBarsBefore);
    const std::vector<score::Bar> bars = score::bars_of(source);
    assert(gap_.open.size() == bars.size());
    // Roles and key are read off what stays, so that the filled piece, given anew, says the same.
    score::Score music = source, stays = source;
    for (std::size_t p = 0; p < stays.parts.size(); ++p)
        std::erase_if(stays.parts[p].notes, [&](const score::Note& note) {
            return static_cast<bool>(gap_.open[score::bar_index(bars, note.onset)][p]);
        });
    score::assign_roles(stays);
    for (std::size_t p = 0; p < stays.parts.size(); ++p) music.parts[p].role = stays.parts[p].role;
    if (music.keys.empty()) music.keys.push_back({Ticks(0), score::estimate_key(stays)});
    spell(score::excerpt(music, static_cast<std::size_t>(begin_), bars.size()), unseen, name);
}

void GapPlan::find_span() {
    first_ = -1;
    const bool adds = !gap_.added.empty() || gap_.most_chosen > 0;
    for (std::size_t b = 0; b < gap_.open.size(); ++b) {
        const auto& row = gap_.open[b];
        if (!adds && std::find(row.begin(), row.end(), true) == row.end()) continue;
        if (first_ < 0) first_ = static_cast<int>(b);
        last_ = static_cast<int>(b);
    }
    if (first_ < 0)
        throw base::Error(base::ErrorKind::kUsage, "nothing is open: there is nothing to compose");
}

bool GapPlan::open(int bar, std::size_t part) const {
    if (bar < first_ || bar > last_) return false;
    if (part >= source_of_.size()) return true;
    return gap_.open[static_cast<std::size_t>(bar)][source_of_[part]];
}

void GapPlan::spell(const score::Score& excerpt, std::span<const std::uint8_t> unseen,
                    const std::string& name) {
    const tokens::Layout& layout = tokenizer_.layout();
    GridPiece piece = tokenizer_.prepare(excerpt);
    require_known_music(tokenizer_, excerpt, tokenizer_.encode(excerpt), unseen, name);
    // Which part of the source each of the tokens' parts is.
    source_of_.assign(piece.parts.size(), 0);
    for (const tokens::GridNote& note : piece.notes)
        source_of_[static_cast<std::size_t>(note.part)] =
            static_cast<std::size_t>(note.source_part);
    const std::size_t kept = piece.parts.size();
    const auto most = static_cast<std::size_t>(layout.range(Kind::kPart).count);
    if (gap_.most_chosen > 0 && gap_.added.empty() && kept >= most)
        throw base::Error(base::ErrorKind::kInput,
                          fmt::format("all {} players that the model knows are in it", most), name,
                          "leave parts out, or take a model that learned music for more");
    if (!gap_.added.empty()) {
        const auto& known = layout.values().parts;
        for (const GridPart& part : piece.parts)
            players_.push_back(
                layout.range(Kind::kPart)
                    .id(static_cast<std::size_t>(
                        std::find(known.begin(), known.end(), part.part_class) - known.begin())));
        const auto added = parts_named(tokenizer_, gap_.added, players_);
        players_.insert(players_.end(), added.begin(), added.end());
    }
    // Given from the gap's first bar on: all that is not open. Before it the music goes as usual.
    tokens::GivenCells given{.bars_ahead = kBarsAhead};
    const int bars = static_cast<int>(piece.bars.size());
    if (begin_ + bars != static_cast<int>(gap_.open.size()))
        throw base::Error(base::ErrorKind::kInput,
                          fmt::format("{} bars of the file are {} bars of the model's tokens",
                                      gap_.open.size() - static_cast<std::size_t>(begin_), bars),
                          name, "bars without end or silent ones at the end cannot be told");
    for (int b = 0; b < bars; ++b) {
        auto& row = given.cells.emplace_back(kept, false);
        for (std::size_t p = 0; p < kept && begin_ + b >= first_; ++p)
            row[p] = !open(begin_ + b, p);
    }
    std::size_t bar = 0;
    std::erase_if(piece.notes, [&](const tokens::GridNote& note) {
        while (note.onset >= piece.bars[bar].onset + piece.bars[bar].length) ++bar;
        return open(begin_ + static_cast<int>(bar), static_cast<std::size_t>(note.part));
    });
    const std::vector<TokenId> ids = tokenizer_.encode_with_given(piece, given).ids;
    const std::vector<BarTokens> places = bars_in(layout, ids);
    assert(places.size() == piece.bars.size());
    const auto first = static_cast<std::size_t>(first_ - begin_);
    const auto last = static_cast<std::size_t>(last_ - begin_);
    prime_.name = name;
    prime_.bars = static_cast<int>(first);
    prime_.ids = cut(ids, 0, places[first].opening);
    for (std::size_t b = first; b <= last; ++b)
        script_.openings.push_back(cut(ids, places[b].opening, places[b].content));
    // The way out: the next bar at once, without what would be told ahead of it.
    const int bars_left = bars - 1 - static_cast<int>(last);
    script_.openings.push_back(
        {bars_left == 0 ? tokenizer_.end_token() : layout.bar(bars_left - 1)});
    const auto named = static_cast<int>(kept + gap_.added.size());
    script_.least_parts = named + (gap_.added.empty() && gap_.most_chosen > 0 ? 1 : 0);
    script_.most_parts = named + (gap_.added.empty() ? gap_.most_chosen : 0);
}

void GapPlan::ask(Request& request) const {
    request.prime = prime_;
    request.script = script_;
    request.players = players_;
    request.first_bar = begin_;
    request.bars = prime_.bars + static_cast<int>(script_.openings.size()) - 1;
    std::vector<std::vector<bool>> cells(static_cast<std::size_t>(last_) + 1,
                                         std::vector<bool>(source_of_.size(), false));
    for (int b = first_; b <= last_; ++b)
        for (std::size_t p = 0; p < source_of_.size(); ++p)
            cells[static_cast<std::size_t>(b)][p] = open(b, p);
    request.laws.push_back(keep_to_cells(std::move(cells)));
    if (!request.copy_limit) return;
    request.copy_limit->is_kept_between =
        [this, limit = *request.copy_limit](std::span<const TokenId> ids) {
            Take so_far;
            so_far.ids.assign(ids.begin(), ids.end());
            const score::Score whole = filled(so_far);
            return filling_keeps(limit, tokenizer_, whole, open_cells(whole));
        };
    request.copy_limit->is_composed = [this](std::size_t bar, std::size_t part) {
        return open(begin_ + static_cast<int>(bar), part);
    };
}

score::Score GapPlan::filled(const Take& take) const {
    const GridPiece piece = tokenizer_.read(take.ids);
    const std::vector<score::Bar> bars = score::bars_of(source_);
    score::Score result = source_;
    const score::Score composed = tokens::to_score(piece);
    for (std::size_t p = source_of_.size(); p < piece.parts.size(); ++p) {
        score::Part& part = result.parts.emplace_back(composed.parts[p]);
        part.notes.clear();
    }
    const auto target = [&](std::size_t p) {
        return p < source_of_.size() ? source_of_[p]
                                     : source_.parts.size() + (p - source_of_.size());
    };
    // What the gap held goes.
    for (std::size_t p = 0; p < source_of_.size(); ++p)
        std::erase_if(result.parts[source_of_[p]].notes, [&](const score::Note& note) {
            return open(static_cast<int>(score::bar_index(bars, note.onset)), p);
        });
    const auto kept_parts = result.parts;
    std::size_t bar = 0;
    for (const tokens::GridNote& note : piece.notes) {
        while (bar + 1 < piece.bars.size() && note.onset >= piece.bars[bar + 1].onset) ++bar;
        const int in_source = begin_ + static_cast<int>(bar);
        const auto p = static_cast<std::size_t>(note.part);
        if (!open(in_source, p)) continue;
        // Its last bar is the last open one in a row: beyond, all is as it was.
        int until = in_source;
        while (open(until + 1, p)) ++until;
        const score::Bar& here = bars[static_cast<std::size_t>(in_source)];
        const score::Bar& edge = bars[static_cast<std::size_t>(until)];
        const auto ticks = [&](std::int64_t steps) {
            return score::rescaled(Ticks(steps), piece.steps_per_quarter,
                                   source_.ticks_per_quarter);
        };
        score::Note made{.onset = here.onset + ticks(note.onset - piece.bars[bar].onset)};
        Ticks end = std::min(made.onset + ticks(note.end - note.onset), edge.onset + edge.length);
        made.pitch = static_cast<std::uint8_t>(note.pitch);
        made.velocity = static_cast<std::uint8_t>(note.velocity);
        made.role = piece.parts[p].role;
        // What was there on the same key is not touched: the new note ends before it.
        bool free = made.onset < here.onset + here.length;
        for (const score::Note& old : kept_parts[target(p)].notes) {
            if (old.pitch != made.pitch || old.end() <= made.onset) continue;
            if (old.onset <= made.onset) free = false;
            if (old.onset > made.onset) end = std::min(end, old.onset);
        }
        if (!free || end <= made.onset) continue;
        made.duration = end - made.onset;
        result.parts[target(p)].notes.push_back(made);
    }
    score::sort_events(result);
    return result;
}

std::vector<std::pair<int, int>> GapPlan::open_cells(const score::Score& filled) const {
    std::vector<std::pair<int, int>> cells;
    for (int b = first_; b <= last_; ++b) {
        int playing = 0;
        for (std::size_t p = 0; p < filled.parts.size(); ++p) {
            if (filled.parts[p].notes.empty()) continue;
            const bool is_open =
                p >= source_.parts.size() || gap_.open[static_cast<std::size_t>(b)][p];
            if (is_open) cells.push_back({b, playing});
            ++playing;
        }
    }
    return cells;
}

}  // namespace symphony::generate
