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

// Which matches are looked for: those that end in a composed note, or those that hold one.
enum class Ends { kComposed, kAnywhere };

// The composed notes of a line.
class Composed {
  public:
    Composed(const NoteLines& piece, const corpus::NoteLine& line, const CopyLimit& limit) {
        if (!limit.is_composed) return;
        std::optional<std::size_t> latest;
        for (std::size_t i = 0; i < line.notes.size(); ++i) {
            const auto bar = static_cast<std::size_t>(piece.bars_before(line.notes[i].onset));
            if (limit.is_composed(bar, line.part)) latest = i;
            latest_.push_back(latest);
        }
    }
    // The last one up to `note`, if there is any.
    std::optional<std::size_t> up_to(std::size_t note) const {
        return latest_.empty() ? std::optional(note) : latest_[note];
    }

  private:
    std::vector<std::optional<std::size_t>> latest_;  // empty: all are composed
};

bool copies(const NoteLines& piece, const CopyLimit& limit, std::size_t from_bar, Ends ends) {
    for (std::size_t l = 0; l < piece.lines.size(); ++l) {
        const corpus::Line& notes = piece.lines[l].notes;
        const Composed composed(piece, piece.lines[l], limit);
        for (std::size_t last = notes_before(piece, notes, static_cast<double>(from_bar));
             last < notes.size(); ++last) {
            const auto latest = composed.up_to(last);
            if (!latest || (ends == Ends::kComposed && *latest != last)) continue;
            // The shortest stretch up to this note that would be too long and holds a composed one:
            // longer ones match only if it does.
            const std::size_t begun = notes_before(
                piece, notes, piece.bars_before(notes[last].onset) - limit.bars - kRounding);
            if (begun == 0 || last + 1 < limit.fewest_notes) continue;
            const std::size_t first = std::min({begun - 1, last + 1 - limit.fewest_notes, *latest});
            if (limit.is_copied(piece, {l, first, last + 1 - first})) return true;
        }
    }
    return false;
}

// Asking is dear where a match may come of it: then each token is tried. It may only in a bar that
// begins while a match is under way that reaches back far enough.
class LimitCopying : public Rule {
  public:
    LimitCopying(CopyLimit limit, const tokens::Tokenizer& tokenizer) : limit_(std::move(limit)) {
        leaves_bar_ = bar_tokens(tokenizer);
        for (const TokenId id : given_tokens(tokenizer)) leaves_bar_.push_back(id);
        leaves_bar_.push_back(tokenizer.end_token());
    }

    void apply(const Moment&, std::span<std::uint8_t>) override {}
    void step(TokenId) override {}
    void reset() override { in_danger_.reset(); }

    bool vetoes(const Moment& moment, TokenId id) override {
        const int bar = moment.grammar.bars_begun();
        // What follows a bar that is full may be given.
        if (limit_.is_kept_between && bar > 0 &&
            std::find(leaves_bar_.begin(), leaves_bar_.end(), id) != leaves_bar_.end())
            return !limit_.is_kept_between(moment.ids);
        if (bar <= limit_.bars) return false;
        if (!in_danger_ || bar != bar_) {
            bar_ = bar;
            in_danger_ = match_under_way(lines_of(moment, moment.ids));
        }
        if (!*in_danger_) return false;
        std::vector<TokenId> ids(moment.ids.begin(), moment.ids.end());
        ids.push_back(id);
        return copies(lines_of(moment, ids), limit_, static_cast<std::size_t>(bar_) - 1,
                      Ends::kComposed);
    }

  private:
    static NoteLines lines_of(const Moment& moment, std::span<const TokenId> ids) {
        return corpus::note_lines_of(corpus::as_held(moment.tokenizer, ids));
    }

    // A match that becomes too long in this bar begins before the bar that lies limit_.bars back,
    // and holds all notes from there to this bar.
    bool match_under_way(const NoteLines& piece) const {
        for (std::size_t l = 0; l < piece.lines.size(); ++l) {
            const corpus::Line& notes = piece.lines[l].notes;
            const std::size_t begun = notes_before(piece, notes, bar_ - limit_.bars);
            const std::size_t all = notes_before(piece, notes, bar_ - 1);
            if (begun == 0) continue;
            const std::size_t first = begun - 1;
            if (limit_.may_be_copied(piece, {l, first, std::max(all, begun) - first})) return true;
        }
        return false;
    }

    CopyLimit limit_;
    std::vector<TokenId> leaves_bar_;
    int bar_ = 0;
    std::optional<bool> in_danger_;  // in bar_
};

}  // namespace

CopyLimit limit_by(std::shared_ptr<const corpus::CopyIndex> index, int bars) {
    CopyLimit limit{.bars = bars};
    limit.is_copied = [index = std::move(index)](const NoteLines& piece,
                                                 const corpus::CopyMatch& stretch) {
        return index->contains(piece, stretch, corpus::CopySense::kTransposed);
    };
    limit.may_be_copied = limit.is_copied;
    return limit;
}

CopyLimit limit_by(std::shared_ptr<const corpus::CopyPrints> prints, int bars) {
    CopyLimit limit{.bars = bars, .fewest_notes = prints->shape().notes()};
    limit.is_copied = [prints](const NoteLines& piece, const corpus::CopyMatch& stretch) {
        return prints->hold(piece.lines[stretch.line].notes, stretch.first, stretch.notes);
    };
    // A run is seen from its first fingerprint on, but for the notes after its last one.
    limit.may_be_copied = [prints](const NoteLines& piece, const corpus::CopyMatch& stretch) {
        const corpus::PrintShape& shape = prints->shape();
        return stretch.notes < shape.notes() ||
               prints->hold(piece.lines[stretch.line].notes, stretch.first,
                            stretch.notes + 1 - shape.window);
    };
    return limit;
}

bool copies_too_much(const NoteLines& piece, const CopyLimit& limit, std::size_t from_bar) {
    return copies(piece, limit, from_bar, Ends::kAnywhere);
}

std::unique_ptr<Rule> limit_copying(CopyLimit limit, const tokens::Tokenizer& tokenizer) {
    return std::make_unique<LimitCopying>(std::move(limit), tokenizer);
}

}  // namespace symphony::generate
