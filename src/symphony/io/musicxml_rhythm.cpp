// Written values of a bar. Source: as in the header; the search for tuplets is own.
#include "symphony/io/musicxml_rhythm.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

namespace symphony::io::musicxml {
namespace {

constexpr std::int64_t kFinest = kUnits / 64;  // a 256th
constexpr int kShortestType = 8;

std::int64_t length_of_type(int type) { return type < 0 ? 8 * kUnits : 4 * kUnits >> type; }

struct Value {
    int type, dots;
};

// The written value of exactly this length, if there is one.
std::optional<Value> value_of(std::int64_t length, int max_dots) {
    for (int type = -1; type <= kShortestType; ++type) {
        const std::int64_t plain = length_of_type(type);
        if (plain > length) continue;
        std::int64_t sum = plain, dot = plain;
        for (int dots = 0; dots <= max_dots; ++dots) {
            if (sum == length) return Value{type, dots};
            if (dot % 2 != 0) break;
            dot /= 2;
            sum += dot;
        }
        return std::nullopt;
    }
    return std::nullopt;
}

// `actual` equal units in the time of `normal` between two places of the bar.
struct Tuplet {
    std::int64_t from, to;
    int actual, normal;
};

class Bar {
  public:
    Bar(const std::vector<Stretch>& stretches, std::int64_t length, std::int64_t offset,
        const BeatTree& beats)
        : stretches_(stretches), length_(length), offset_(offset), beats_(beats) {}

    std::vector<Piece> write() {
        find_tuplets();
        for (const Stretch& stretch : stretches_) {
            std::int64_t at = stretch.from;
            for (const Tuplet& tuplet : tuplets_) {
                if (tuplet.to <= at || tuplet.from >= stretch.to) continue;
                if (tuplet.from > at) plain(stretch, at, tuplet.from);
                const std::int64_t from = std::max(at, tuplet.from);
                at = std::min(stretch.to, tuplet.to);
                inside(stretch, from, at, tuplet);
            }
            if (at < stretch.to) plain(stretch, at, stretch.to);
        }
        beam();
        return std::move(pieces_);
    }

  private:
    void find_tuplets() {
        std::int64_t free_from = 0;
        for (const Stretch& stretch : stretches_) {
            if (stretch.from < free_from || stretch.from % kFinest == 0) continue;
            if (const auto tuplet = tuplet_around(stretch.from, free_from)) {
                tuplets_.push_back(*tuplet);
                free_from = tuplet->to;
            }
        }
    }

    // How many stretches go over the edges.
    int crossings(std::int64_t from, std::int64_t to) const {
        int count = 0;
        for (const Stretch& stretch : stretches_)
            count +=
                (stretch.from < from && stretch.to > from) + (stretch.from < to && stretch.to > to);
        return count;
    }

    std::optional<Tuplet> fitting(std::int64_t from, std::int64_t span, bool is_dotted) const {
        constexpr std::array kActuals{3, 5, 7, 9, 11, 13};
        for (const int actual : kActuals) {
            // Long tuplets are of whole units, those within a beat may divide them.
            const std::int64_t unit = span / actual;
            const std::int64_t finest = span <= kUnits       ? unit / 4
                                        : span <= 2 * kUnits ? unit / 2
                                                             : unit;
            if (span % actual != 0) continue;
            const bool fits =
                std::all_of(stretches_.begin(), stretches_.end(), [&](const Stretch& stretch) {
                    return stretch.from <= from || stretch.from >= from + span ||
                           (stretch.from - from) % finest == 0;
                });
            if (!fits) continue;
            int normal = is_dotted ? 3 : 2;
            while (normal * 2 <= actual) normal *= 2;
            if (is_dotted && actual == 3) continue;
            return Tuplet{from, from + span, actual, normal};
        }
        return std::nullopt;
    }

    std::optional<Tuplet> tuplet_around(std::int64_t at, std::int64_t free_from) const {
        struct Span {
            std::int64_t length;
            bool is_dotted;
        };
        constexpr std::array kSpans{Span{kUnits / 4, false},    Span{kUnits / 2, false},
                                    Span{kUnits * 3 / 4, true}, Span{kUnits, false},
                                    Span{kUnits * 3 / 2, true}, Span{2 * kUnits, false},
                                    Span{3 * kUnits, true},     Span{4 * kUnits, false}};
        std::optional<Tuplet> best;
        int best_cost = 0;
        for (const Span& span : kSpans) {
            const std::int64_t from = (at + offset_) / span.length * span.length - offset_;
            if (from < free_from || from + span.length > length_) continue;
            const auto tuplet = fitting(from, span.length, span.is_dotted);
            if (!tuplet) continue;
            const int crossed = crossings(tuplet->from, tuplet->to);
            if (crossed == 0) return tuplet;
            // If a tie cannot be helped, let the tuplet fill a beat.
            const int cost = 4 * crossed + (span.length == kUnits ? 0 : 1);
            if (!best || cost < best_cost) {
                best = tuplet;
                best_cost = cost;
            }
        }
        return best;
    }

    Piece piece(const Stretch& stretch, std::int64_t from, std::int64_t to, Value value) const {
        Piece made;
        made.from = from;
        made.length = to - from;
        made.notes = stretch.notes;
        made.type = value.type;
        made.dots = value.dots;
        return made;
    }

    // May this stand as one value, or would it hide a beat that the reader looks for?
    bool is_readable(std::int64_t from, std::int64_t to, Value value, bool is_rest) const {
        const std::int64_t inner = beats_.strongest_between(from, to);
        if (inner == to) return true;
        const int crossed = beats_.level(inner), start = beats_.level(from);
        if (crossed == 0) return false;
        if (is_rest) return start <= crossed && (value.dots == 0 || beats_.is_compound());
        if (value.dots > 1) return start <= 2 && beats_.level(to) <= 3;
        // A syncopation of one level is a figure that everybody reads; a longer one is tied.
        return start <= crossed + 1;
    }

    void plain(const Stretch& stretch, std::int64_t from, std::int64_t to) {
        const std::int64_t a = from + offset_, b = to + offset_;
        const bool is_rest = stretch.notes.empty();
        const auto value = value_of(to - from, is_rest ? 1 : 2);
        if (value && is_readable(a, b, *value, is_rest)) {
            pieces_.push_back(piece(stretch, from, to, *value));
            return;
        }
        const std::int64_t cut = beats_.strongest_between(a, b);
        if (cut == b) {
            irregular(stretch, from, to);
            return;
        }
        plain(stretch, from, cut - offset_);
        plain(stretch, cut - offset_, to);
    }

    void irregular(const Stretch& stretch, std::int64_t from, std::int64_t to) {
        int type = -1;
        while (type < kShortestType && length_of_type(type) > to - from) ++type;
        pieces_.push_back(piece(stretch, from, to, {type, 0}));
        pieces_.back().is_irregular = true;
    }

    // Inside a tuplet: values of its units, the longest first.
    void inside(const Stretch& stretch, std::int64_t from, std::int64_t to, const Tuplet& tuplet) {
        const auto written = [&](std::int64_t time) {
            return time * tuplet.actual / tuplet.normal;
        };
        std::int64_t at = from;
        while (at < to) {
            std::int64_t end = to;
            std::optional<Value> value = value_of(written(end - at), 1);
            if (!value) {
                for (int type = 0; type <= kShortestType && !value; ++type) {
                    const std::int64_t length =
                        length_of_type(type) * tuplet.normal / tuplet.actual;
                    if (length > to - at) continue;
                    value = Value{type, 0};
                    end = at + length;
                }
            }
            if (!value) {
                irregular(stretch, at, to);
                return;
            }
            pieces_.push_back(piece(stretch, at, end, *value));
            Piece& made = pieces_.back();
            made.actual = tuplet.actual;
            made.normal = tuplet.normal;
            made.tuplet_starts = at == tuplet.from;
            made.tuplet_stops = end == tuplet.to;
            at = end;
        }
    }

    static int beams_of(const Piece& piece) {
        return piece.notes.empty() || piece.is_irregular ? 0 : std::max(0, piece.type - 2);
    }

    void beam() {
        for (std::size_t i = 0; i < pieces_.size();) {
            const std::int64_t group_end = beats_.next_group(pieces_[i].from + offset_) - offset_;
            std::size_t end = i;
            while (end < pieces_.size() && pieces_[end].from < group_end &&
                   beams_of(pieces_[end]) > 0)
                ++end;
            if (end - i >= 2) beam_group(i, end);
            i = std::max(end, i + 1);
        }
    }

    void beam_group(std::size_t first, std::size_t end) {
        for (std::size_t i = first; i < end; ++i)
            for (int beam = 1; beam <= std::min(6, beams_of(pieces_[i])); ++beam) {
                const bool before = i > first && beams_of(pieces_[i - 1]) >= beam;
                const bool after = i + 1 < end && beams_of(pieces_[i + 1]) >= beam;
                const bool is_last = i + 1 == end;
                pieces_[i].beams.push_back(before && after ? "continue"
                                           : before        ? "end"
                                           : after         ? "begin"
                                           : is_last       ? "backward hook"
                                                           : "forward hook");
            }
    }

    const std::vector<Stretch>& stretches_;
    std::int64_t length_, offset_;
    const BeatTree& beats_;
    std::vector<Tuplet> tuplets_;
    std::vector<Piece> pieces_;
};

}  // namespace

std::vector<Piece> written_values(const std::vector<Stretch>& stretches, std::int64_t length,
                                  std::int64_t offset, const BeatTree& beats) {
    return Bar(stretches, length, offset, beats).write();
}

}  // namespace symphony::io::musicxml
