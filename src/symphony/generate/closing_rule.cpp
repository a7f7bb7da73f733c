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
    LeadToClose(Close close, const tokens::Tokenizer& tokenizer)
        : close_(close), layout_(layout_of(tokenizer)) {}

    void apply(const Moment& moment, std::span<std::uint8_t> mask) override {
        const StreamGrammar& grammar = grammar_of(moment);
        if (grammar.bars_begun() == 0 || grammar.bars_left() != 0 || grammar.given()) return;
        const tokens::GridBar& bar = grammar.bar();
        const std::int64_t end = bar.onset + bar.length;
        const std::int64_t beat =
            score::beat_length(bar.meter, layout_.values().steps_per_quarter).value;
        const std::int64_t last_onset = std::max(bar.onset, end - beat);
        const int waiting = first_waiting(grammar, end);
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
                    mask[i] = until == end || until <= last_onset;
                    break;
                }
                // At the last position nobody who is waited for is passed over.
                case Kind::kPart:
                    mask[i] = waiting < 0 || grammar.position_steps() < last_onset ||
                              order_of(grammar, index) <= waiting;
                    break;
                case Kind::kEnd:
                    mask[i] = waiting < 0;
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

    static int order_of(const StreamGrammar& grammar, std::size_t part_index) {
        const auto declared = grammar.declared();
        return static_cast<int>(
            std::find(declared.begin(), declared.end(), static_cast<int>(part_index)) -
            declared.begin());
    }

    Close close_;
    const tokens::Layout& layout_;
};

}  // namespace

std::unique_ptr<Rule> lead_to_close(Close close, const tokens::Tokenizer& tokenizer) {
    return std::make_unique<LeadToClose>(close, tokenizer);
}

}  // namespace symphony::generate
