#include "symphony/generate/rule.h"

#include <algorithm>

namespace symphony::generate {

namespace {

using tokens::TokenId;

bool contains(const std::vector<TokenId>& ids, TokenId id) {
    return std::find(ids.begin(), ids.end(), id) != ids.end();
}

void clear(std::span<std::uint8_t> mask, const std::vector<TokenId>& ids) {
    for (const TokenId id : ids) mask[static_cast<std::size_t>(id)] = 0;
}

void allow_only(std::span<std::uint8_t> mask, TokenId id) {
    std::fill(mask.begin(), mask.end(), std::uint8_t{0});
    mask[static_cast<std::size_t>(id)] = 1;
}

class ForbidUnseen : public Rule {
  public:
    explicit ForbidUnseen(std::vector<std::uint8_t> unseen) : unseen_(std::move(unseen)) {}
    void apply(const Moment&, std::span<std::uint8_t> mask) override {
        for (std::size_t id = 0; id < unseen_.size(); ++id)
            if (unseen_[id]) mask[id] = 0;
    }
    void step(TokenId) override {}
    void reset() override {}

  private:
    std::vector<std::uint8_t> unseen_;
};

class Forbid : public Rule {
  public:
    explicit Forbid(std::vector<TokenId> ids) : ids_(std::move(ids)) {}
    void apply(const Moment&, std::span<std::uint8_t> mask) override { clear(mask, ids_); }
    void step(TokenId) override {}
    void reset() override {}

  private:
    std::vector<TokenId> ids_;
};

class ForceToken : public Rule {
  public:
    ForceToken(TokenId asked, std::vector<TokenId> family)
        : asked_(asked), family_(std::move(family)) {}
    void apply(const Moment&, std::span<std::uint8_t> mask) override {
        if (!taken_ && mask[static_cast<std::size_t>(asked_)]) return allow_only(mask, asked_);
        clear(mask, family_);
    }
    void step(TokenId id) override { taken_ = taken_ || id == asked_; }
    void reset() override { taken_ = false; }

  private:
    TokenId asked_;
    std::vector<TokenId> family_;
    bool taken_ = false;
};

class KeepAsBegun : public Rule {
  public:
    KeepAsBegun(std::vector<TokenId> family, std::size_t after_tokens)
        : family_(std::move(family)), after_tokens_(after_tokens) {}
    void apply(const Moment&, std::span<std::uint8_t> mask) override {
        if (taken_ >= after_tokens_) clear(mask, family_);
    }
    void step(TokenId) override { ++taken_; }
    void reset() override { taken_ = 0; }

  private:
    std::vector<TokenId> family_;
    std::size_t after_tokens_, taken_ = 0;
};

class EndAfter : public Rule {
  public:
    EndAfter(int bars, std::vector<TokenId> bar_ids) : bars_(bars), bar_ids_(std::move(bar_ids)) {}
    void apply(const Moment& moment, std::span<std::uint8_t> mask) override {
        const int begun = moment.grammar.bars_begun();
        const TokenId next_bar =
            begun < bars_ ? moment.tokenizer.bar_token(bars_ - 1 - begun) : TokenId{-1};
        for (const TokenId id : bar_ids_)
            if (id != next_bar) mask[static_cast<std::size_t>(id)] = 0;
        if (begun < bars_) mask[static_cast<std::size_t>(moment.tokenizer.end_token())] = 0;
    }
    void step(TokenId) override {}
    void reset() override {}

  private:
    int bars_;
    std::vector<TokenId> bar_ids_;
};

class LimitBarLength : public Rule {
  public:
    LimitBarLength(int limit, std::vector<TokenId> bar_ids, TokenId end)
        : limit_(limit), bar_ids_(std::move(bar_ids)), leave_(bar_ids_) {
        leave_.push_back(end);
    }
    void apply(const Moment&, std::span<std::uint8_t> mask) override {
        if (tokens_in_bar_ < limit_) return;
        const bool can_leave = std::any_of(leave_.begin(), leave_.end(), [&](TokenId id) {
            return mask[static_cast<std::size_t>(id)] != 0;
        });
        if (!can_leave) return;
        for (std::size_t id = 0; id < mask.size(); ++id)
            if (!contains(leave_, static_cast<TokenId>(id))) mask[id] = 0;
    }
    // Counted here and not in apply(): tokens that are only read again are never asked about.
    void step(TokenId id) override {
        tokens_in_bar_ = contains(bar_ids_, id) ? 0 : tokens_in_bar_ + 1;
    }
    void reset() override { tokens_in_bar_ = 0; }

  private:
    int limit_, tokens_in_bar_ = 0;
    std::vector<TokenId> bar_ids_, leave_;  // what begins a bar; what ends one
};

std::vector<TokenId> distinct(std::vector<TokenId> ids) {
    std::sort(ids.begin(), ids.end());
    ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
    std::erase(ids, TokenId{-1});
    return ids;
}

std::vector<score::Meter> writable_meters() {
    std::vector<score::Meter> meters;
    for (int numerator = 1; numerator <= 64; ++numerator)
        for (int denominator = 1; denominator <= 128; denominator *= 2)
            meters.push_back(
                {static_cast<std::uint8_t>(numerator), static_cast<std::uint8_t>(denominator)});
    return meters;
}

}  // namespace

std::unique_ptr<Rule> forbid_unseen(std::vector<std::uint8_t> unseen) {
    return std::make_unique<ForbidUnseen>(std::move(unseen));
}

std::unique_ptr<Rule> forbid(std::vector<TokenId> ids) {
    return std::make_unique<Forbid>(std::move(ids));
}

std::unique_ptr<Rule> force_token(TokenId asked, std::vector<TokenId> family) {
    return std::make_unique<ForceToken>(asked, std::move(family));
}

std::unique_ptr<Rule> keep_as_begun(std::vector<TokenId> family, std::size_t after_tokens) {
    return std::make_unique<KeepAsBegun>(std::move(family), after_tokens);
}

std::unique_ptr<Rule> end_after(int bars, const tokens::Tokenizer& tokenizer) {
    return std::make_unique<EndAfter>(bars, bar_tokens(tokenizer));
}

std::unique_ptr<Rule> limit_bar_length(int limit, const tokens::Tokenizer& tokenizer) {
    return std::make_unique<LimitBarLength>(limit, bar_tokens(tokenizer), tokenizer.end_token());
}

std::vector<TokenId> key_tokens(const tokens::Tokenizer& tokenizer) {
    std::vector<TokenId> ids;
    for (int sharps = -7; sharps <= 7; ++sharps)
        for (const bool minor : {false, true})
            ids.push_back(tokenizer.key_token({static_cast<std::int8_t>(sharps), minor}));
    return distinct(std::move(ids));
}

std::vector<TokenId> meter_tokens(const tokens::Tokenizer& tokenizer) {
    std::vector<TokenId> ids;
    for (const score::Meter meter : writable_meters()) ids.push_back(tokenizer.meter_token(meter));
    return distinct(std::move(ids));
}

std::vector<score::Meter> known_meters(const tokens::Tokenizer& tokenizer) {
    std::vector<score::Meter> known;
    for (const score::Meter meter : writable_meters())
        if (tokenizer.meter_token(meter) >= 0) known.push_back(meter);
    // A scheme without metre tokens learned one metre only, which decoding puts in.
    if (known.empty())
        for (const score::MeterChange& change : tokenizer.decode({}).meters)
            known.push_back(change.meter);
    return known;
}

std::vector<TokenId> tempo_tokens(const tokens::Tokenizer& tokenizer) {
    std::vector<TokenId> ids;
    for (int bpm = 1; bpm <= 1000; ++bpm) ids.push_back(tokenizer.tempo_token(bpm));
    return distinct(std::move(ids));
}

std::vector<TokenId> given_tokens(const tokens::Tokenizer& tokenizer) {
    std::vector<TokenId> ids;
    for (int ahead = 0; tokenizer.given_token(ahead) >= 0; ++ahead)
        ids.push_back(tokenizer.given_token(ahead));
    return ids;
}

std::vector<TokenId> bar_tokens(const tokens::Tokenizer& tokenizer) {
    constexpr int kMoreThanAnyCount = 1000;
    std::vector<TokenId> ids = {tokenizer.bar_token(kMoreThanAnyCount)};
    for (int left = 0; left <= 64; ++left) ids.push_back(tokenizer.bar_token(left));
    return distinct(std::move(ids));
}

}  // namespace symphony::generate
