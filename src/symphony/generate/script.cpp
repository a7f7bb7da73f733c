// The rule that follows a script of bar openings (rule.h), for tokens that can tell notes ahead.
#include "symphony/generate/rule.h"
#include "symphony/generate/stream_access.h"

#include <algorithm>
#include <cassert>

namespace symphony::generate {
namespace {

using tokens::Kind;
using tokens::TokenId;

class FollowScript : public Rule {
  public:
    FollowScript(const Script& script, int bars_before, const tokens::Tokenizer& tokenizer)
        : script_(script), bars_before_(bars_before), layout_(layout_of(tokenizer)) {}

    void apply(const Moment& moment, std::span<std::uint8_t> mask) override {
        const tokens::StreamGrammar& grammar = grammar_of(moment);
        if (said_ > 0) return allow_only(mask, script_.openings[opening_][said_]);
        const auto declared = static_cast<int>(grammar.declared().size());
        const bool in_header = grammar.bars_begun() == 0;
        bool may_leave = false;
        for (std::size_t i = 0; i < mask.size(); ++i) {
            if (!mask[i]) continue;
            switch (layout_.kind(static_cast<TokenId>(i))) {
                case Kind::kBar:
                case Kind::kGiven:
                case Kind::kEnd:
                    may_leave = may_leave || !in_header || declared >= script_.least_parts;
                    mask[i] = 0;
                    break;
                case Kind::kPart:
                    if (in_header) mask[i] = declared < script_.most_parts;
                    break;
                // All bars' forms are decided, and so is what all parts share.
                case Kind::kMeter:
                case Kind::kBarLength:
                case Kind::kKey:
                case Kind::kTempo:
                case Kind::kPhrase:
                    mask[i] = 0;
                    break;
                default:
                    break;
            }
        }
        if (may_leave && opening_ < script_.openings.size())
            mask[static_cast<std::size_t>(script_.openings[opening_].front())] = 1;
    }

    void step(TokenId id) override {
        if (layout_.kind(id) == Kind::kBar) ++bars_;
        if (opening_ == script_.openings.size()) return;
        const std::vector<TokenId>& opening = script_.openings[opening_];
        // An opening begins after the bars before the script, in the header or in a bar's end.
        const bool begins = said_ == 0 && id == opening.front() && leaves(id) &&
                            bars_ >= bars_before_ + (layout_.kind(id) == Kind::kBar ? 1 : 0);
        if (said_ == 0 && !begins) return;
        assert(id == opening[said_]);
        if (++said_ < opening.size()) return;
        said_ = 0;
        ++opening_;
    }

    void reset() override { bars_ = 0, opening_ = said_ = 0; }

  private:
    bool leaves(TokenId id) const {
        const Kind kind = layout_.kind(id);
        return kind == Kind::kBar || kind == Kind::kGiven || kind == Kind::kEnd;
    }
    static void allow_only(std::span<std::uint8_t> mask, TokenId id) {
        std::fill(mask.begin(), mask.end(), std::uint8_t{0});
        mask[static_cast<std::size_t>(id)] = 1;
    }

    const Script& script_;
    int bars_before_;
    const tokens::Layout& layout_;
    int bars_ = 0;                        // begun
    std::size_t opening_ = 0, said_ = 0;  // the opening that comes or is being said, and how far
};

}  // namespace

std::unique_ptr<Rule> follow_script(const Script& script, int bars_before,
                                    const tokens::Tokenizer& tokenizer) {
    return std::make_unique<FollowScript>(script, bars_before, tokenizer);
}

}  // namespace symphony::generate
