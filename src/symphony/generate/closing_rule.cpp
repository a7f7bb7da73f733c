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

// E1, a double bass's lowest string: under it a last chord is hardly heard as one.
constexpr int kLowestClosing = 28;

class LeadToClose : public Rule {
  public:
    LeadToClose(Close close, const tokens::Tokenizer& tokenizer,
                std::span<const std::uint8_t> unseen, Laws laws, int first_bar)
        : close_(close),
          layout_(layout_of(tokenizer)),
          known_(known_pitches(layout_, unseen, /*drums=*/false)),
          laws_(std::move(laws)),
          first_bar_(first_bar) {}

    void apply(const Moment& moment, std::span<std::uint8_t> mask) override {
        const StreamGrammar& grammar = grammar_of(moment);
        if (grammar.bars_begun() == 0 || grammar.bars_left() != 0 || grammar.given()) return;
        const tokens::GridBar& bar = grammar.bar();
        const std::int64_t end = bar.onset + bar.length;
        const std::int64_t beat =
            score::beat_length(bar.meter, layout_.values().steps_per_quarter).value;
        const std::int64_t last_onset = std::max(bar.onset, end - beat);
        const bool stays = grammar.position_steps() == last_onset;  // what is struck here
        wants_tonic_ = close_ == Close::kTogether && laws_leave_triad(grammar, last_onset);
        lowest_root_ = lowest_root(grammar);
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
                        mask[i] =
                            is_nearest_root(grammar, pitch, std::min(lowest, grammar.pitch()));
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

    // May the tonic and its third be struck where the last chord is, as far as laws about all notes
    // say? The key may be any, whatever scale was asked for.
    bool laws_leave_triad(const StreamGrammar& grammar, std::int64_t at) const {
        Place place;
        place.bar = first_bar_ + grammar.bars_begun() - 1;
        place.position = at - grammar.bar().onset;
        place.length = grammar.bar().length;
        PitchSet left = known_;
        for (const auto& law : laws_)
            if (law->strength() >= 1) left &= law->pitches(place);
        const int tonic = grammar.key().tonic_pitch_class();
        const int third = (tonic + (grammar.key().minor ? 3 : 4)) % 12;
        bool has_tonic = false, has_third = false;
        for (int pitch = 0; pitch < score::kPitches; ++pitch) {
            if (!left[static_cast<std::size_t>(pitch)]) continue;
            has_tonic = has_tonic || pitch % 12 == tonic;
            has_third = has_third || pitch % 12 == third;
        }
        return has_tonic && has_third;
    }

    // May the last chord hold this pitch? Where the tonic is wanted: a tone of its triad.
    bool closes(const StreamGrammar& grammar, int pitch) const {
        if (!wants_tonic_) return true;
        const int above_tonic = (pitch + 12 - grammar.key().tonic_pitch_class()) % 12;
        const bool in_triad =
            above_tonic == 0 || above_tonic == 7 || above_tonic == (grammar.key().minor ? 3 : 4);
        // Under it there is room for the root.
        return in_triad && pitch >= lowest_root_;
    }

    int lowest_root(const StreamGrammar& grammar) const {
        for (int pitch = kLowestClosing; pitch < score::kPitches; ++pitch)
            if (known_[static_cast<std::size_t>(pitch)] && is_root(grammar, pitch)) return pitch;
        return score::kPitches;
    }

    // Is it the first root below `highest`? One far down is out of reach of hands and ears.
    bool is_nearest_root(const StreamGrammar& grammar, int pitch, int highest) const {
        return pitch >= kLowestClosing && pitch < highest && pitch >= highest - 12 &&
               is_root(grammar, pitch);
    }

    // Can the part strike a root below `highest` here?
    bool can_found(const StreamGrammar& grammar, int part, int highest) const {
        if (grammar.is_drums(part)) return false;
        for (int pitch = 0; pitch < highest; ++pitch)
            if (known_[static_cast<std::size_t>(pitch)] &&
                is_nearest_root(grammar, pitch, highest) &&
                grammar.may_strike(part, pitch, grammar.position_steps()))
                return true;
        return false;
    }

    // May this be the lowest note of the last chord?
    bool is_root(const StreamGrammar& grammar, int pitch) const {
        return !wants_tonic_ || pitch % 12 == grammar.key().tonic_pitch_class();
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
    Laws laws_;
    int first_bar_;
    bool wants_tonic_ = false;  // in the bar at hand
    int lowest_root_ = 0;       // that the model knows and that is heard
};

}  // namespace

std::unique_ptr<Rule> lead_to_close(Close close, const tokens::Tokenizer& tokenizer,
                                    std::span<const std::uint8_t> unseen, Laws laws,
                                    int first_bar) {
    return std::make_unique<LeadToClose>(close, tokenizer, unseen, std::move(laws), first_bar);
}

}  // namespace symphony::generate
