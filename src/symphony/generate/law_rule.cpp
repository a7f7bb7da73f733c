#include "symphony/generate/law_rule.h"

#include "symphony/base/error.h"
#include "symphony/base/rng.h"
#include "symphony/generate/music_names.h"
#include "symphony/generate/stream_access.h"

#include <algorithm>

namespace symphony::generate {
namespace {

using tokens::Kind;
using tokens::Layout;
using tokens::StreamGrammar;
using tokens::TokenId;

// What a take's tokens say of its parts: who they are and what they have played.
class Parts {
  public:
    explicit Parts(const Layout& layout) : layout_(layout) { reset(); }

    void reset() {
        parts_.clear();
        if (layout_.range(Kind::kPart).empty()) parts_.push_back({layout_.values().roles.front()});
        current_ = 0;
        in_bar_ = in_given_ = false;
    }

    void step(TokenId id) {
        const Kind kind = layout_.kind(id);
        if (kind == Kind::kGiven) in_given_ = true;
        if (kind == Kind::kBar) {
            in_bar_ = true;
            in_given_ = false;
            for (Part& part : parts_) part.struck = 0;
        }
        if (in_given_) return;
        const std::size_t index = layout_.index(id);
        if (kind == Kind::kPart && !in_bar_) {
            parts_.push_back({layout_.values().roles.front(), static_cast<int>(index)});
        } else if (kind == Kind::kPart) {
            const auto found = std::find_if(parts_.begin(), parts_.end(), [&](const Part& part) {
                return part.index == static_cast<int>(index);
            });
            current_ = static_cast<std::size_t>(found - parts_.begin());
        } else if (kind == Kind::kRole) {
            parts_.back().role = layout_.values().roles[index];
        } else if (kind == Kind::kPitch || kind == Kind::kDrum) {
            Part& part = parts_[current_];
            ++part.struck;
            part.before.push_back(kind == Kind::kDrum
                                      ? layout_.values().drums[index]
                                      : layout_.values().lowest_pitch + static_cast<int>(index));
        }
    }

    std::size_t size() const { return parts_.size(); }

    Place place(std::size_t order, const StreamGrammar& grammar, std::int64_t at,
                int first_bar) const {
        const Part& part = parts_[order];
        const tokens::PartClass& who =
            layout_.values().parts[static_cast<std::size_t>(std::max(0, part.index))];
        int all = 0;
        for (const Part& each : parts_) all += each.struck;
        return {.part = static_cast<int>(order),
                .role = part.role,
                .is_drums = who.is_drums,
                .program = who.program,
                .bar = first_bar + grammar.bars_begun() - 1,
                .position = at - grammar.bar().onset,
                .length = grammar.bar().length,
                .sounding = grammar.sounding(static_cast<int>(order), at),
                .struck = part.struck,
                .struck_in_all = all,
                .before = part.before};
    }

  private:
    struct Part {
        score::Role role = score::Role::kUnknown;
        int index = -1;  // into the layout's parts; -1 where there is but one
        int struck = 0;  // in this bar
        std::vector<int> before{};
    };
    const Layout& layout_;
    std::vector<Part> parts_;
    std::size_t current_ = 0;
    bool in_bar_ = false, in_given_ = false;
};

class Obey : public Rule {
  public:
    Obey(Laws laws, const tokens::Tokenizer& tokenizer, std::span<const std::uint8_t> unseen,
         int first_bar, std::uint64_t seed)
        : laws_(std::move(laws)),
          layout_(layout_of(tokenizer)),
          pitches_(known_pitches(layout_, unseen, false)),
          drums_(known_pitches(layout_, unseen, true)),
          first_bar_(first_bar),
          seed_(seed),
          parts_(layout_) {}

    void apply(const Moment& moment, std::span<std::uint8_t> mask) override {
        const StreamGrammar& grammar = grammar_of(moment);
        if (grammar.bars_begun() == 0 || grammar.given()) return;
        const std::int64_t here = grammar.position_steps();
        bool enough = true;
        for (std::size_t part = 0; part < parts_.size(); ++part) {
            const Place place = parts_.place(part, grammar, here, first_bar_);
            enough = enough && std::all_of(laws_.begin(), laws_.end(),
                                           [&](const auto& law) { return law->is_enough(place); });
        }
        const int playing = std::max(0, grammar.part());
        const PitchSet free = struck_by(static_cast<std::size_t>(playing), moment, here, true);
        for (std::size_t i = 0; i < mask.size(); ++i) {
            if (!mask[i]) continue;
            const auto id = static_cast<TokenId>(i);
            const std::size_t index = layout_.index(id);
            switch (layout_.kind(id)) {
                case Kind::kPosition:
                    mask[i] =
                        anyone_at(moment, grammar.bar().onset + layout_.values().positions[index]);
                    break;
                case Kind::kPart: {
                    const auto declared = grammar.declared();
                    const auto order =
                        std::find(declared.begin(), declared.end(), static_cast<int>(index)) -
                        declared.begin();
                    mask[i] = struck_by(static_cast<std::size_t>(order), moment, here).any();
                    break;
                }
                case Kind::kPitch:
                    mask[i] = free[static_cast<std::size_t>(layout_.values().lowest_pitch) + index];
                    break;
                case Kind::kDrum:
                    mask[i] = free[static_cast<std::size_t>(layout_.values().drums[index])];
                    break;
                case Kind::kVelocity:
                    // Behind the note it says nothing of a next one.
                    if (!grammar.velocity_after_note()) mask[i] = free.any();
                    break;
                case Kind::kBar:
                case Kind::kEnd:
                case Kind::kGiven:
                    mask[i] = enough;
                    break;
                default:
                    break;
            }
        }
    }
    void step(TokenId id) override { parts_.step(id); }
    void reset() override { parts_.reset(); }

  private:
    // What a part may strike at a step; `colours`: also by laws that are weaker than 1, where they
    // leave anything.
    PitchSet struck_by(std::size_t part, const Moment& moment, std::int64_t at,
                       bool colours = false) const {
        const StreamGrammar& grammar = grammar_of(moment);
        const Place place = parts_.place(part, grammar, at, first_bar_);
        PitchSet pitches;
        for (int p = 0; p < score::kPitches; ++p)
            pitches[static_cast<std::size_t>(p)] =
                grammar.may_strike(static_cast<int>(part), p, at);
        pitches &= place.is_drums ? drums_ : pitches_;
        // In a chord the next note lies below the last.
        if (at == grammar.position_steps() && static_cast<int>(part) == grammar.part())
            for (int p = std::max(0, grammar.pitch()); p < score::kPitches; ++p)
                pitches.reset(static_cast<std::size_t>(p));
        for (const auto& law : laws_)
            if (law->strength() >= 1) pitches &= law->pitches(place);
        if (!colours) return pitches;
        base::Rng rng(seed_, "colour",
                      moment.ids.size() * 65536 + static_cast<std::uint64_t>(moment.ids.back()));
        for (const auto& law : laws_)
            if (law->strength() < 1 && rng.uniform() < law->strength())
                if (const PitchSet coloured = pitches & law->pitches(place); coloured.any())
                    pitches = coloured;
        return pitches;
    }

    bool anyone_at(const Moment& moment, std::int64_t at) const {
        for (std::size_t part = 0; part < parts_.size(); ++part)
            if (struck_by(part, moment, at).any()) return true;
        return false;
    }

    Laws laws_;
    const Layout& layout_;
    PitchSet pitches_, drums_;  // known
    int first_bar_;
    std::uint64_t seed_;
    Parts parts_;
};

class AnnounceChords : public Rule {
  public:
    AnnounceChords(ChordTrack track, const tokens::Tokenizer& tokenizer, int first_bar)
        : track_(std::move(track)), layout_(layout_of(tokenizer)), first_bar_(first_bar) {}

    void apply(const Moment& moment, std::span<std::uint8_t> mask) override {
        const StreamGrammar& grammar = grammar_of(moment);
        const tokens::IdRange& chords = layout_.range(Kind::kChord);
        if (chords.empty() || grammar.bars_begun() == 0 || grammar.given()) return;
        const auto position = static_cast<double>(grammar.position_steps() - grammar.bar().onset);
        const score::Chord chord = track_.at(first_bar_ + grammar.bars_begun() - 1,
                                             position / static_cast<double>(grammar.bar().length));
        const TokenId asked = layout_.chord(chord);
        const bool now = mask[static_cast<std::size_t>(asked)] != 0;
        // The beat's chord is said first of all that sounds there.
        if (now) std::fill(mask.begin(), mask.end(), std::uint8_t{0});
        for (int i = 0; i < chords.count; ++i) mask[static_cast<std::size_t>(chords.first + i)] = 0;
        mask[static_cast<std::size_t>(asked)] = now;
    }
    void step(TokenId) override {}
    void reset() override {}

  private:
    ChordTrack track_;
    const Layout& layout_;
    int first_bar_;
};

class PlayBy : public Rule {
  public:
    PlayBy(std::vector<TokenId> parts, const tokens::Tokenizer& tokenizer)
        : parts_(std::move(parts)), layout_(layout_of(tokenizer)) {}

    void apply(const Moment& moment, std::span<std::uint8_t> mask) override {
        if (moment.grammar.bars_begun() > 0 || layout_.range(Kind::kPart).empty()) return;
        for (std::size_t i = 0; i < mask.size(); ++i) {
            const auto id = static_cast<TokenId>(i);
            const Kind kind = layout_.kind(id);
            if (kind == Kind::kPart)
                mask[i] = mask[i] && next_ < parts_.size() && id == parts_[next_];
            if (kind == Kind::kBar || kind == Kind::kGiven)
                mask[i] = mask[i] && next_ == parts_.size();
        }
    }
    void step(TokenId id) override { next_ += next_ < parts_.size() && id == parts_[next_]; }
    void reset() override { next_ = 0; }

  private:
    std::vector<TokenId> parts_;
    const Layout& layout_;
    std::size_t next_ = 0;
};

}  // namespace

bool can_obey(const tokens::Tokenizer& tokenizer) {
    return dynamic_cast<const tokens::StreamTokenizer*>(&tokenizer) != nullptr;
}

std::unique_ptr<Rule> obey(Laws laws, const tokens::Tokenizer& tokenizer,
                           std::span<const std::uint8_t> unseen, int first_bar,
                           std::uint64_t seed) {
    return std::make_unique<Obey>(std::move(laws), tokenizer, unseen, first_bar, seed);
}

std::unique_ptr<Rule> announce_chords(ChordTrack track, const tokens::Tokenizer& tokenizer,
                                      int first_bar) {
    return std::make_unique<AnnounceChords>(std::move(track), tokenizer, first_bar);
}

std::unique_ptr<Rule> play_by(std::vector<TokenId> parts, const tokens::Tokenizer& tokenizer) {
    return std::make_unique<PlayBy>(std::move(parts), tokenizer);
}

std::vector<TokenId> parts_named(const tokens::Tokenizer& tokenizer,
                                 std::span<const std::string> words,
                                 std::span<const TokenId> taken) {
    const Layout& layout = layout_of(tokenizer);
    const tokens::IdRange& range = layout.range(Kind::kPart);
    const auto& known = layout.values().parts;
    std::vector<TokenId> ids(taken.begin(), taken.end());
    for (const std::string& word : words) {
        TokenId found = -1;
        for (std::size_t i = 0; i < known.size() && found < 0 && !range.empty(); ++i) {
            const TokenId id = range.id(i);
            const bool plays = std::find(ids.begin(), ids.end(), id) != ids.end();
            // The second of two equal players comes after the first.
            const bool follows =
                known[i].ordinal == 1 || std::find(ids.begin(), ids.end(), id - 1) != ids.end();
            const bool fits =
                names_player(word, known[i].is_drums, known[i].program, known[i].name);
            if (fits && !plays && follows) found = id;
        }
        if (found < 0) {
            std::string names;
            for (const tokens::PartClass& part : known)
                if (part.ordinal == 1)
                    names += (names.empty() ? "" : ", ") + part.token().substr(5);
            throw base::Error(base::ErrorKind::kUsage,
                              "the model knows no (further) player \"" + word + "\"", {},
                              range.empty() ? "all its music is for one and the same player"
                                            : "it knows " + names);
        }
        ids.push_back(found);
    }
    ids.erase(ids.begin(), ids.begin() + std::ssize(taken));
    return ids;
}

}  // namespace symphony::generate
