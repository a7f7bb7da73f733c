#include "symphony/generate/limit_copying.h"

#include <algorithm>
#include <optional>

namespace symphony::generate {
namespace {

using corpus::NoteLines;
using tokens::TokenId;

// Bars are told as a number and a share, whose sums are rounded.
constexpr double kRounding = 1e-9;

// How many of the line's notes begin before `bars` bars are over.
std::size_t notes_before(const NoteLines& piece, const corpus::Line& notes, double bars) {
    return static_cast<std::size_t>(std::partition_point(notes.begin(), notes.end(),
                                                         [&](const corpus::LineNote& note) {
                                                             return piece.bars_before(note.onset) <
                                                                    bars;
                                                         }) -
                                    notes.begin());
}

// Asking is dear where a match may come of it: then each token is tried. It may only in a bar that
// begins while a match is under way that reaches back far enough.
class LimitCopying : public Rule {
  public:
    explicit LimitCopying(CopyLimit limit) : limit_(std::move(limit)) {}

    void apply(const Moment&, std::span<std::uint8_t>) override {}
    void step(TokenId) override {}
    void reset() override { in_danger_.reset(); }

    bool vetoes(const Moment& moment, TokenId id) override {
        const int bar = moment.grammar.bars_begun();
        if (bar <= limit_.bars) return false;
        if (!in_danger_ || bar != bar_) {
            bar_ = bar;
            in_danger_ = match_under_way(
                corpus::note_lines_of(corpus::as_held(moment.tokenizer, moment.ids)));
        }
        if (!*in_danger_) return false;
        std::vector<TokenId> ids(moment.ids.begin(), moment.ids.end());
        ids.push_back(id);
        return copies_too_much(corpus::note_lines_of(corpus::as_held(moment.tokenizer, ids)),
                               limit_, static_cast<std::size_t>(bar_) - 1);
    }

  private:
    // A match that becomes too long in this bar begins before the bar that lies limit_.bars back,
    // and holds all notes from there to this bar.
    bool match_under_way(const NoteLines& piece) const {
        for (std::size_t l = 0; l < piece.lines.size(); ++l) {
            const corpus::Line& notes = piece.lines[l].notes;
            const std::size_t begun = notes_before(piece, notes, bar_ - limit_.bars);
            const std::size_t all = notes_before(piece, notes, bar_ - 1);
            if (begun == 0) continue;
            const std::size_t first = begun - 1;
            if (limit_.index->contains(piece, {l, first, std::max(all, begun) - first},
                                       corpus::CopySense::kTransposed))
                return true;
        }
        return false;
    }

    CopyLimit limit_;
    int bar_ = 0;
    std::optional<bool> in_danger_;  // in bar_
};

}  // namespace

bool copies_too_much(const NoteLines& piece, const CopyLimit& limit, std::size_t from_bar) {
    for (std::size_t l = 0; l < piece.lines.size(); ++l) {
        const corpus::Line& notes = piece.lines[l].notes;
        for (std::size_t last = notes_before(piece, notes, static_cast<double>(from_bar));
             last < notes.size(); ++last) {
            // The shortest stretch up to this note that would be too long: longer ones match only
            // if it does.
            const std::size_t begun = notes_before(
                piece, notes, piece.bars_before(notes[last].onset) - limit.bars - kRounding);
            if (begun == 0 || last + 1 < kFewestCopiedNotes) continue;
            const std::size_t first = std::min(begun - 1, last + 1 - kFewestCopiedNotes);
            if (limit.index->contains(piece, {l, first, last + 1 - first},
                                      corpus::CopySense::kTransposed))
                return true;
        }
    }
    return false;
}

std::unique_ptr<Rule> limit_copying(CopyLimit limit) {
    return std::make_unique<LimitCopying>(std::move(limit));
}

}  // namespace symphony::generate
