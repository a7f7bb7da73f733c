// The rule that leads a last bar to a last chord (law_rule.h). Source: own.
#include "symphony/generate/law_rule.h"
#include "symphony/generate/stream_access.h"
#include "symphony/score/beat.h"

#include <algorithm>

namespace symphony::generate {
namespace {

using tokens::Kind;
using tokens::StreamGrammar;
using tokens::TokenId;

class LeadToClose : public Rule {
  public:
    LeadToClose(Close close, const tokens::Tokenizer& tokenizer,
                std::span<const std::uint8_t> unseen)
        : close_(close),
          layout_(layout_of(tokenizer)),
          known_(known_pitches(layout_, unseen, /*drums=*/false)) {}

    void apply(const Moment& moment, std::span<std::uint8_t> mask) override {
        const StreamGrammar& grammar = grammar_of(moment);
        if (grammar.bars_begun() == 0 || grammar.bars_left() != 0 || grammar.given()) return;
        const tokens::GridBar& bar = grammar.bar();
        const std::int64_t end = bar.onset + bar.length;
        const std::int64_t beat =
            score::beat_length(bar.meter, layout_.values().steps_per_quarter).value;
        const std::int64_t last_onset = std::max(bar.onset, end - beat);
        const bool stays = grammar.position_steps() == last_onset;  // what is struck here
        const int waiting = first_waiting(grammar, end);
        const int lowest = lowest_held(grammar, end);
        const bool lacks_root = waiting < 0 && !is_root(grammar, lowest);
        const int playing = std::max(0, grammar.part());
        for (std::size_t i = 0; i < mask.size(); ++i) {
            if (!mask[i]) continue;
            const auto id = static_cast<TokenId>(i);
            const std::size_t index = layout_.index(id);
            switch (layout_.kind(id)) {
                case Kind::kPosition:
                    mask[i] = bar.onset + layout_.values().positions[index] <= last_onset;
                    break;
                case Kind::kLater:
                    mask[i] = grammar.position_steps() + (std::int64_t{1} << index) <= last_onset;
                    break;
                case Kind::kLength: {
                    const std::int64_t until = grammar.note_end() + layout_.values().lengths[index];
                    mask[i] = until == end ? closes(grammar, grammar.pitch())
                                           : until <= last_onset && !lacks_root;
                    break;
                }
                case Kind::kPitch: {
                    const int pitch = layout_.values().lowest_pitch + static_cast<int>(index);
                    if (lacks_root)
                        mask[i] = pitch < lowest && is_root(grammar, pitch);
                    else
                        mask[i] = !stays || closes(grammar, pitch);
                    break;
                }
                case Kind::kVelocity:
                    if (lacks_root && !grammar.velocity_after_note())
                        mask[i] = can_found(grammar, playing, std::min(lowest, grammar.pitch()));
                    break;
                // At the last position nobody who is waited for is passed over.
                case Kind::kPart: {
                    const int order = order_of(grammar, index);
                    mask[i] = lacks_root ? can_found(grammar, order, lowest)
                                         : waiting < 0 || !stays || order <= waiting;
                    break;
                }
                case Kind::kEnd:
                    mask[i] = waiting < 0 && !lacks_root;
                    break;
                default:
                    break;
            }
        }
    }
    void step(TokenId) override {}
    void reset() override {}

  private:
    // The first part of the ending that does not sound to the bar's end yet; -1: all do.
    int first_waiting(const StreamGrammar& grammar, std::int64_t end) const {
        // Whoever sounded in the bar before closes too; bars are taken to be equally long.
        const std::int64_t from =
            grammar.bar().onset - (close_ == Close::kTogether ? grammar.bar().length : 0);
        for (int part = 0; part < static_cast<int>(grammar.declared().size()); ++part)
            if (!grammar.is_drums(part) && grammar.last_end(part) > from &&
                grammar.last_end(part) < end)
                return part;
        return -1;
    }

    // May the last chord hold this pitch? Where all are to close together: a tone of the tonic
    // triad of the key in force.
    bool closes(const StreamGrammar& grammar, int pitch) const {
        if (close_ != Close::kTogether) return true;
        const int above_tonic = (pitch + 12 - grammar.key().tonic_pitch_class()) % 12;
        const bool in_triad =
            above_tonic == 0 || above_tonic == 7 || above_tonic == (grammar.key().minor ? 3 : 4);
        // Under it there is room for the root.
        return in_triad && (above_tonic == 0 || lowest_root(grammar) < pitch);
    }

    int lowest_root(const StreamGrammar& grammar) const {
        for (int pitch = 0; pitch < score::kPitches; ++pitch)
            if (known_[static_cast<std::size_t>(pitch)] && is_root(grammar, pitch)) return pitch;
        return score::kPitches;
    }

    // Can the part strike a root below `highest` here?
    bool can_found(const StreamGrammar& grammar, int part, int highest) const {
        if (grammar.is_drums(part)) return false;
        for (int pitch = 0; pitch < highest; ++pitch)
            if (known_[static_cast<std::size_t>(pitch)] && is_root(grammar, pitch) &&
                grammar.may_strike(part, pitch, grammar.position_steps()))
                return true;
        return false;
    }

    // May this be the lowest note of the last chord?
    bool is_root(const StreamGrammar& grammar, int pitch) const {
        return close_ != Close::kTogether || pitch % 12 == grammar.key().tonic_pitch_class();
    }

    // The lowest pitch that is held to the bar's end; one above all pitches where there is none.
    static int lowest_held(const StreamGrammar& grammar, std::int64_t end) {
        for (int pitch = 0; pitch < score::kPitches; ++pitch)
            for (int part = 0; part < static_cast<int>(grammar.declared().size()); ++part)
                if (!grammar.is_drums(part) && !grammar.may_strike(part, pitch, end - 1))
                    return pitch;
        return score::kPitches;
    }

    static int order_of(const StreamGrammar& grammar, std::size_t part_index) {
        const auto declared = grammar.declared();
        return static_cast<int>(
            std::find(declared.begin(), declared.end(), static_cast<int>(part_index)) -
            declared.begin());
    }

    Close close_;
    const tokens::Layout& layout_;
    PitchSet known_;
};

}  // namespace

std::unique_ptr<Rule> lead_to_close(Close close, const tokens::Tokenizer& tokenizer,
                                    std::span<const std::uint8_t> unseen) {
    return std::make_unique<LeadToClose>(close, tokenizer, unseen);
}

}  // namespace symphony::generate
