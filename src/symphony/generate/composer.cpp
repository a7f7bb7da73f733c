#include "symphony/generate/composer.h"

#include "symphony/base/error.h"
#include "symphony/base/parallel.h"
#include "symphony/base/stop_signal.h"
#include "symphony/generate/music_names.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <map>

namespace symphony::generate {

namespace {

using tokens::TokenId;

// More tokens than any bar of real music holds; a model stuck in a bar is made to leave it.
constexpr int kMostTokensPerBar = 768;
// How often a bar is composed anew that ended as no piece may, or in which every way was tried in
// vain; then the last bar's chord is held.
constexpr int kAttemptsPerBar = 24;
// Tokens taken back in one attempt at a bar.
constexpr int kStepsBackPerAttempt = 64;

std::string names_of(const tokens::Tokenizer& tokenizer, const std::vector<TokenId>& ids) {
    std::vector<std::string> names;
    for (const TokenId id : ids) names.push_back(tokenizer.vocabulary().name(id));
    return names.empty() ? "none: all its training music was alike in this"
                         : fmt::format("{}", fmt::join(names, ", "));
}

// A rule that takes `asked`, if training music had it.
std::unique_ptr<Rule> forced(const Request& request, const tokens::Tokenizer& tokenizer,
                             TokenId asked, std::vector<TokenId> family, const std::string& what) {
    std::vector<TokenId> seen = family;
    std::erase_if(seen, [&](TokenId id) {
        return !request.unseen.empty() && request.unseen[static_cast<std::size_t>(id)];
    });
    if (std::find(seen.begin(), seen.end(), asked) == seen.end())
        throw base::Error(base::ErrorKind::kUsage, "the model never saw the " + what, {},
                          "it knows " + names_of(tokenizer, seen));
    return force_token(asked, std::move(family));
}

class Composer {
  public:
    Composer(std::unique_ptr<models::LanguageModel> model, const tokens::Tokenizer& tokenizer,
             const Request& request)
        : model_(std::move(model)),
          tokenizer_(tokenizer),
          request_(request),
          has_bars_(!bar_tokens(tokenizer).empty()) {
        mask_.resize(static_cast<std::size_t>(tokenizer.vocabulary().size()));
        add_rules();
    }

    Take compose(int index) {
        base::Rng rng(request_.seed, "take", static_cast<std::uint64_t>(index));
        Take take;
        take.index = index;
        bar_start_.model = nullptr;
        restart(request_.prime ? request_.prime->ids : std::vector<TokenId>{});
        take.prime_tokens = static_cast<std::int64_t>(ids_.size());
        if (request_.prime) take.prime_losses = request_.prime->losses;
        int bar = grammar_->bars_begun(), attempts = 1, steps_back = 0;
        const auto try_bar = [&] {
            steps_back = 0;
            tried_.clear();
        };
        remember_bar_start();
        while (!grammar_->ended()) {
            base::throw_if_stop_requested();
            if (grammar_->bars_begun() != bar) {
                bar = grammar_->bars_begun();
                remember_bar_start();
                try_bar();
                attempts = 1;
            }
            // A scheme without bars cannot be told how many are left: it is cut at the bar line.
            if (!has_bars_ && bar > request_.bars) {
                take.ending = "cut";
                break;
            }
            if (apply_rules()) {
                step(sample(logits_, mask_, request_.sampler, rng));
                if (!grammar_->ended() || ends_properly(tokenizer_.decode(ids_))) continue;
            } else if (ids_.size() > bar_start_.tokens && steps_back < kStepsBackPerAttempt) {
                ++steps_back;
                take_back();
                continue;
            }
            // An end that is none, or a bar with no way out: the bar is composed anew.
            if (attempts < kAttemptsPerBar) {
                ++attempts;
                try_bar();
                restart(
                    {ids_.begin(), ids_.begin() + static_cast<std::ptrdiff_t>(bar_start_.tokens)});
            } else if (bar == request_.bars) {
                take.ending = "held";
                break;
            } else {
                throw base::Error(base::ErrorKind::kInternal,
                                  fmt::format("take {}: nothing may follow token {} in bar {}",
                                              index + 1, ids_.size(), bar));
            }
        }
        take.last_bar_attempts = attempts;
        take.score = tokenizer_.decode(ids_);
        if (request_.prime) keep_tempos(*request_.prime, take.score);
        if (take.ending == "held") take.score = with_held_last_chord(std::move(take.score));
        take.ids = ids_;
        return take;
    }

  private:
    void add_rules() {
        if (!request_.unseen.empty()) {
            // Bars are counted down from what is asked, also where no piece was as long.
            auto unseen = request_.unseen;
            for (const TokenId id : bar_tokens(tokenizer_))
                unseen[static_cast<std::size_t>(id)] = 0;
            rules_.push_back(forbid_unseen(std::move(unseen)));
        }
        if (request_.key)
            rules_.push_back(forced(request_, tokenizer_, tokenizer_.key_token(*request_.key),
                                    key_tokens(tokenizer_), "key " + request_.key->name()));
        // The only metre there is needs no asking.
        if (request_.meter && known_meters(tokenizer_) != std::vector{*request_.meter})
            rules_.push_back(forced(request_, tokenizer_, tokenizer_.meter_token(*request_.meter),
                                    meter_tokens(tokenizer_),
                                    "metre " + meter_text(*request_.meter)));
        // A model without tempo tokens plays at any tempo: the score is simply marked with it.
        if (request_.tempo_bpm && !request_.prime && !tempo_tokens(tokenizer_).empty())
            rules_.push_back(
                forced(request_, tokenizer_, tokenizer_.tempo_token(*request_.tempo_bpm),
                       tempo_tokens(tokenizer_), fmt::format("tempo {:g}", *request_.tempo_bpm)));
        if (request_.prime) {
            for (auto family :
                 {key_tokens(tokenizer_), meter_tokens(tokenizer_), tempo_tokens(tokenizer_)})
                rules_.push_back(keep_as_begun(std::move(family), request_.prime->ids.size()));
        }
        if (has_bars_) rules_.push_back(limit_bar_length(kMostTokensPerBar, tokenizer_));
        rules_.push_back(end_after(request_.bars, tokenizer_));
    }

    // Begins anew with the given tokens; what the model read up to the bar's start, it keeps.
    void restart(const std::vector<TokenId>& ids) {
        grammar_ = tokenizer_.grammar();
        for (const auto& rule : rules_) rule->reset();
        ids_.clear();
        for (const TokenId id : ids) note(id);
        std::vector<TokenId> unread;
        if (bar_start_.model) {
            model_ = bar_start_.model->copy();
            logits_ = bar_start_.logits;
            unread.assign(ids.begin() + static_cast<std::ptrdiff_t>(bar_start_.tokens), ids.end());
        } else {
            model_->reset();
            unread.push_back(model_->start_token());
            unread.insert(unread.end(), ids.begin(), ids.end());
        }
        if (!unread.empty()) logits_ = model_->read(unread);
    }

    void remember_bar_start() {
        bar_start_ = {ids_.size(), model_->copy(), {logits_.begin(), logits_.end()}};
    }

    // Grammar and rules are told of a token.
    void note(TokenId id) {
        grammar_->step(id);
        for (const auto& rule : rules_) rule->step(id);
        ids_.push_back(id);
    }

    void step(TokenId id) {
        note(id);
        if (!grammar_->ended()) logits_ = model_->next(id);
    }

    // Nothing may follow the last token: it is taken back and not taken again in its place.
    void take_back() {
        const TokenId last = ids_.back();
        ids_.pop_back();
        const std::size_t place = ids_.size();
        tried_.erase(tried_.upper_bound(place), tried_.end());  // they followed what is taken back
        tried_[place].push_back(last);
        restart(std::vector<TokenId>(ids_));
    }

    // Sets mask_; false at a dead end.
    bool apply_rules() {
        std::fill(mask_.begin(), mask_.end(), std::uint8_t{0});
        grammar_->allowed(mask_);
        for (const auto& rule : rules_) rule->apply({tokenizer_, *grammar_, ids_}, mask_);
        if (const auto tried = tried_.find(ids_.size()); tried != tried_.end())
            for (const TokenId id : tried->second) mask_[static_cast<std::size_t>(id)] = 0;
        return std::any_of(mask_.begin(), mask_.end(), [](std::uint8_t m) { return m != 0; });
    }

    // What was read and said when the current bar began.
    struct BarStart {
        std::size_t tokens = 0;
        std::unique_ptr<models::LanguageModel> model;  // null: before the first bar
        std::vector<float> logits;
    };

    std::unique_ptr<models::LanguageModel> model_;
    const tokens::Tokenizer& tokenizer_;
    const Request& request_;
    bool has_bars_;
    std::vector<std::unique_ptr<Rule>> rules_;
    std::unique_ptr<tokens::Grammar> grammar_;
    std::vector<TokenId> ids_;
    std::map<std::size_t, std::vector<TokenId>>
        tried_;  // [place]: led nowhere after ids_[0, place)
    BarStart bar_start_;
    std::span<const float> logits_;  // of model_, or bar_start_'s
    std::vector<std::uint8_t> mask_;
};

}  // namespace

std::vector<Take> compose(const std::function<std::unique_ptr<models::LanguageModel>()>& make_model,
                          const tokens::Tokenizer& tokenizer, const Request& request, int count,
                          int threads, base::Progress& progress) {
    const bool asks_what_a_prime_says =
        request.key || request.meter ||
        (request.tempo_bpm && request.prime && !request.prime->tempos.empty());
    if (request.prime && asks_what_a_prime_says)
        throw base::Error(
            base::ErrorKind::kUsage,
            "a prime's key, metre and tempo are kept, got both a prime and one of them", {},
            "leave out --key, --meter and --tempo, or change the prime");
    std::vector<Take> takes(static_cast<std::size_t>(count));
    const int workers =
        std::clamp(threads > 0 ? threads : base::available_threads(), 1, std::max(count, 1));
    std::atomic<int> next{0}, done{0};
    base::parallel_for(static_cast<std::size_t>(workers), workers, [&](std::size_t) {
        Composer composer(make_model(), tokenizer, request);
        for (int i = next++; i < count; i = next++) {
            takes[static_cast<std::size_t>(i)] = composer.compose(i);
            progress.update(++done);
        }
    });
    return takes;
}

}  // namespace symphony::generate
