#include "symphony/generate/composer.h"

#include "symphony/base/error.h"
#include "symphony/base/parallel.h"
#include "symphony/base/stop_signal.h"
#include "symphony/generate/copy_proof.h"
#include "symphony/generate/law_walk.h"
#include "symphony/generate/take_rules.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <deque>
#include <map>
#include <optional>

namespace symphony::generate {

namespace {

using tokens::TokenId;

// How often a bar is composed anew that ended as no piece may, or in which every way was tried in
// vain; then the last bar's chord is held.
constexpr int kAttemptsPerBar = 24;
// Tokens drawn in all attempts at a bar, after which no further one is begun.
constexpr int kMostTokensInAttempts = 1024;
// So many attempts at an end are the model's alone; later ones are led to a last chord.
constexpr int kFreeAttempts = 3;
// So many attempts at an end are to bring all parts together; later ones, whoever is left.
constexpr int kAttemptsTogether = 8;
// How often a take is begun that comes to no end.
constexpr int kMostStarts = 8;
// Tokens taken back in one attempt at a bar.
constexpr int kStepsBackPerAttempt = 64;

// Takes that one thread composes together. More gain little: the multiplications are then what
// costs, not reading the weights (docs/performance-notes.md), and each keeps two caches, the second
// as it was at the start of the bar.
constexpr int kMostTogether = 32;

// What every take begins with: a model that has read the prime, and what it said then.
struct Opening {
    std::unique_ptr<models::LanguageModel> model;
    std::vector<float> logits;
};

Opening opening_of(std::unique_ptr<models::LanguageModel> model, const Request& request) {
    std::vector<TokenId> read{model->start_token()};
    if (request.prime)
        read.insert(read.end(), request.prime->ids.begin(), request.prime->ids.end());
    model->reset();
    const auto logits = model->read(read);
    return {std::move(model), {logits.begin(), logits.end()}};
}

// Composes one take after the other, a token at a time, so that many can share a step of the model.
class Composer {
  public:
    Composer(const Opening& opening, const tokens::Tokenizer& tokenizer, const Request& request)
        : opening_(opening),
          tokenizer_(tokenizer),
          request_(request),
          has_bars_(!bar_tokens(tokenizer).empty()),
          rules_(rules_of(request, tokenizer)) {
        if (can_obey(tokenizer) && !request.script)
            for (const Close close : {Close::kTogether, Close::kWhoeverIsLeft})
                closing_[close] = lead_to_close(close, tokenizer, request.unseen, request.laws,
                                                request.first_bar);
        mask_.resize(static_cast<std::size_t>(tokenizer.vocabulary().size()));
    }

    void begin(int index) {
        rng_ = base::Rng(request_.seed, "take", static_cast<std::uint64_t>(index));
        take_ = {};
        take_.index = index;
        if (request_.prime) {
            take_.prime_tokens = static_cast<std::int64_t>(request_.prime->ids.size());
            take_.prime_losses = request_.prime->losses;
        }
        starts_ = 0;
        start();
    }

    // From the prime on, with further draws.
    void start() {
        ++starts_;
        bar_start_ = {static_cast<std::size_t>(take_.prime_tokens), opening_.model->copy(),
                      opening_.logits};
        restart(request_.prime ? request_.prime->ids : std::vector<TokenId>{});
        bar_ = grammar_->bars_begun();
        try_bar();
        attempts_ = 1;
        drawn_in_bar_ = 0;
    }

    models::LanguageModel& model() { return *model_; }
    // Goes on until the model must read a token, and gives it; none when the take is done.
    std::optional<TokenId> advance() {
        const auto start = std::chrono::steady_clock::now();
        const std::optional<TokenId> token = choose();
        const std::chrono::duration<double> time = std::chrono::steady_clock::now() - start;
        take_.choosing_seconds += time.count();
        take_.tokens_read += token.has_value();
        return token;
    }
    // What the model says after the token that advance() gave; valid until the next one.
    void hear(std::span<const float> logits_V) { logits_ = logits_V; }

    // Once advance() gives nothing more.
    Take take() {
        take_.last_bar_attempts = attempts_;
        take_.score = take_.ending == "held" ? held() : tokenizer_.decode(ids_);
        if (request_.prime) keep_tempos(*request_.prime, take_.score);
        take_.ids = ids_;
        return std::move(take_);
    }

  private:
    std::optional<TokenId> choose() {
        if (!unread_.empty()) return next_unread();
        while (!grammar_->ended()) {
            base::throw_if_stop_requested();
            if (grammar_->bars_begun() != bar_) {
                bar_ = grammar_->bars_begun();
                bar_start_ = {ids_.size(), model_->copy(), {logits_.begin(), logits_.end()}};
                try_bar();
                attempts_ = 1;
                drawn_in_bar_ = 0;
            }
            if (request_.script && bar_ == last_bar() + 1) {
                take_.ending = "given";
                break;
            }
            // A scheme without bars cannot be told how many are left: it is cut at the bar line.
            if (!has_bars_ && bar_ > request_.bars) {
                take_.ending = "cut";
                break;
            }
            if (const auto id = draw()) {
                ++drawn_in_bar_;
                note(*id);
                if (!grammar_->ended()) return id;
                if (request_.script || ends_properly(tokenizer_.decode(ids_), close())) {
                    if (is_led()) take_.ending = "led";
                    break;
                }
            } else if (ids_.size() > bar_start_.tokens && steps_back_ < kStepsBackPerAttempt) {
                ++steps_back_;
                take_back();
                if (!unread_.empty()) return next_unread();
                continue;
            }
            // An end that is none, or a bar with no way out: the bar is composed anew.
            if (attempts_ < kAttemptsPerBar && drawn_in_bar_ < kMostTokensInAttempts) {
                ++attempts_;
                try_bar();
                restart(
                    {ids_.begin(), ids_.begin() + static_cast<std::ptrdiff_t>(bar_start_.tokens)});
            } else if (bar_ == request_.bars && !request_.script &&
                       (is_whole_when_held() || (request_.laws.empty() && !request_.copy_limit &&
                                                 starts_ == kMostStarts))) {
                take_.ending = "held";
                break;
            } else if (starts_ < kMostStarts) {
                start();
            } else {
                throw base::Error(
                    base::ErrorKind::kInput,
                    fmt::format("take {}: nothing may follow in bar {} under the rules asked for",
                                take_.index + 1, request_.first_bar + bar_),
                    {}, "ask for less: a wider range, more notes a bar, another --seed");
            }
        }
        return std::nullopt;
    }

    // Of a script: the last bar that is composed, counted with the prime's.
    int last_bar() const {
        return request_.prime->bars + static_cast<int>(request_.script->openings.size()) - 1;
    }

    // Who is to end together in this attempt.
    Close close() const {
        return attempts_ <= kAttemptsTogether ? Close::kTogether : Close::kWhoeverIsLeft;
    }
    bool is_led() const { return !closing_.empty() && attempts_ > kFreeAttempts; }

    // The take so far with its last chord held.
    score::Score held() const { return with_held_last_chord(tokenizer_.decode(ids_)); }
    // Does it sound to the last bar, and has holding left out no note that laws or the limit of
    // copying want?
    bool is_whole_when_held() const {
        const score::Score score = held();
        if (score.bars.empty() || score.end() <= score.bars.back().onset) return false;
        const int first_bar = request_.prime ? request_.prime->bars : 0;
        if (request_.copy_limit && !take_keeps(*request_.copy_limit, tokenizer_, score, first_bar))
            return false;
        return !first_breach_of(score, request_.laws, {.first_bar = first_bar});
    }

    void try_bar() {
        steps_back_ = 0;
        tried_.clear();
    }

    // Begins anew with the given tokens; what the model read up to the bar's start, it keeps.
    void restart(const std::vector<TokenId>& ids) {
        grammar_ = tokenizer_.grammar();
        for (const auto& rule : rules_) rule->reset();
        ids_.clear();
        for (const TokenId id : ids) note(id);
        model_ = bar_start_.model->copy();
        logits_ = bar_start_.logits;
        unread_.assign(ids.begin() + static_cast<std::ptrdiff_t>(bar_start_.tokens), ids.end());
    }

    TokenId next_unread() {
        const TokenId id = unread_.front();
        unread_.pop_front();
        return id;
    }

    // Grammar and rules are told of a token.
    void note(TokenId id) {
        grammar_->step(id);
        for (const auto& rule : rules_) rule->step(id);
        ids_.push_back(id);
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

    // The next token, or none at a dead end.
    std::optional<TokenId> draw() {
        for (bool any = apply_rules(); any; any = any_allowed()) {
            const TokenId id = sample(logits_, mask_, request_.sampler, rng_);
            const Moment moment{tokenizer_, *grammar_, ids_};
            if (std::none_of(rules_.begin(), rules_.end(),
                             [&](const auto& rule) { return rule->vetoes(moment, id); }))
                return id;
            mask_[static_cast<std::size_t>(id)] = 0;
        }
        return std::nullopt;
    }

    // Sets mask_; false at a dead end.
    bool apply_rules() {
        std::fill(mask_.begin(), mask_.end(), std::uint8_t{0});
        grammar_->allowed(mask_);
        const Moment moment{tokenizer_, *grammar_, ids_};
        for (const auto& rule : rules_) rule->apply(moment, mask_);
        if (bar_ == request_.bars && is_led()) closing_.at(close())->apply(moment, mask_);
        if (const auto tried = tried_.find(ids_.size()); tried != tried_.end())
            for (const TokenId id : tried->second) mask_[static_cast<std::size_t>(id)] = 0;
        return any_allowed();
    }

    bool any_allowed() const {
        return std::any_of(mask_.begin(), mask_.end(), [](std::uint8_t m) { return m != 0; });
    }

    // What was read and said when the current bar began.
    struct BarStart {
        std::size_t tokens = 0;
        std::unique_ptr<models::LanguageModel> model;
        std::vector<float> logits;
    };

    const Opening& opening_;
    std::unique_ptr<models::LanguageModel> model_;
    const tokens::Tokenizer& tokenizer_;
    const Request& request_;
    bool has_bars_;
    std::vector<std::unique_ptr<Rule>> rules_;
    std::map<Close, std::unique_ptr<Rule>> closing_;  // empty: the scheme cannot be led
    std::unique_ptr<tokens::Grammar> grammar_;
    std::vector<TokenId> ids_;
    std::deque<TokenId> unread_;  // the last of ids_, which the model is yet to read again
    std::map<std::size_t, std::vector<TokenId>>
        tried_;  // [place]: led nowhere after ids_[0, place)
    BarStart bar_start_;
    std::span<const float> logits_;  // what was heard last, or bar_start_'s
    std::vector<std::uint8_t> mask_;
    base::Rng rng_{0, "take"};
    Take take_;
    int bar_ = 0, attempts_ = 1, steps_back_ = 0, drawn_in_bar_ = 0, starts_ = 0;
};

// Composes takes until none is left: up to `seats` at a time, which read their tokens together. A
// take that is done leaves its seat to the next one.
void compose_together(Opening opening, const tokens::Tokenizer& tokenizer, const Request& request,
                      int seats, const std::function<std::optional<int>()>& next_take,
                      const std::function<void(Take)>& done) {
    const auto batch = opening.model->batch();
    std::vector<std::unique_ptr<Composer>> composers;
    while (static_cast<int>(composers.size()) < seats) {
        const auto index = next_take();
        if (!index) break;
        composers.push_back(std::make_unique<Composer>(opening, tokenizer, request));
        composers.back()->begin(*index);
    }
    std::vector<models::LanguageModel*> streams;
    std::vector<TokenId> wanted;
    while (true) {
        streams.clear();
        wanted.clear();
        for (auto& composer : composers) {
            std::optional<TokenId> token = composer->advance();
            while (!token) {
                done(composer->take());
                const auto index = next_take();
                if (!index) break;
                composer->begin(*index);
                token = composer->advance();
            }
            if (!token) {
                composer = nullptr;
                continue;
            }
            streams.push_back(&composer->model());
            wanted.push_back(*token);
        }
        std::erase(composers, nullptr);
        if (composers.empty()) return;
        const auto rows_NV = batch->step(streams, wanted);
        for (std::size_t i = 0; i < composers.size(); ++i) composers[i]->hear(rows_NV[i]);
    }
}

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
    const int seats = std::min(kMostTogether, (count + workers - 1) / workers);
    std::atomic<int> next{0}, done{0};  // counted from the first take
    base::parallel_for(static_cast<std::size_t>(workers), workers, [&](std::size_t) {
        const auto next_take = [&]() -> std::optional<int> {
            const int index = next++;
            return index < count ? std::optional(request.first_take + index) : std::nullopt;
        };
        compose_together(opening_of(make_model(), request), tokenizer, request, seats, next_take,
                         [&](Take take) {
                             takes[static_cast<std::size_t>(take.index - request.first_take)] =
                                 std::move(take);
                             progress.update(++done);
                         });
    });
    return takes;
}

}  // namespace symphony::generate
