// A tiny corpus in four parts, its tokenizer, and a model that counts which token follows which:
// the least that composes.
#pragma once

#include "symphony/models/language_model.h"
#include "symphony/score/score.h"
#include "symphony/tokens/tokenizer.h"

#include <cmath>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace symphony::generate::testing {

class CountModel : public models::LanguageModel {
  public:
    CountModel(int vocabulary_size, int start) : size_(vocabulary_size), start_(start) {}
    void learn(std::span<const int> ids) {
        int before = start_;
        for (const int id : ids) {
            counts_[before].resize(static_cast<std::size_t>(size_));
            ++counts_[before][static_cast<std::size_t>(id)];
            before = id;
        }
    }
    std::string family() const override { return "count"; }
    int vocabulary_size() const override { return size_; }
    std::int64_t parameter_count() const override { return 0; }
    int context_length() const override { return 1; }
    void reset() override {}
    std::unique_ptr<models::LanguageModel> copy() const override {
        return std::make_unique<CountModel>(*this);
    }
    std::span<const float> next(int token) override {
        logits_.assign(static_cast<std::size_t>(size_), std::log(0.01F));
        const auto found = counts_.find(token);
        if (found != counts_.end())
            for (std::size_t id = 0; id < logits_.size(); ++id)
                logits_[id] = std::log(0.01F + static_cast<float>(found->second[id]));
        return logits_;
    }
    int start_token() const override { return start_; }

  private:
    int size_, start_;
    std::map<int, std::vector<int>> counts_;
    std::vector<float> logits_;
};

// `bars` bars in four parts of one program, in the metre and key given: quarters, and a last chord
// that fills its bar.
inline score::Score small_chorale(int bars, score::Meter meter, score::Key key, int shift) {
    constexpr int kTicksPerQuarter = 24;
    const std::int64_t bar_ticks =
        std::int64_t{4} * kTicksPerQuarter * meter.numerator / meter.denominator;
    score::Score score;
    score.ticks_per_quarter = kTicksPerQuarter;
    score.meters.push_back({score::Ticks(0), meter});
    score.keys.push_back({score::Ticks(0), key});
    const char* names[] = {"Soprano", "Alto", "Tenor", "Bass"};
    const int lows[] = {67, 62, 55, 43};
    for (int p = 0; p < 4; ++p) {
        score::Part part;
        part.name = names[p];
        part.program = 52;
        for (int bar = 0; bar < bars; ++bar) {
            const std::int64_t step = bar + 1 == bars ? bar_ticks : kTicksPerQuarter;
            for (std::int64_t at = 0; at < bar_ticks; at += step) {
                score::Note note;
                note.onset = score::Ticks(bar * bar_ticks + at);
                note.duration = score::Ticks(step);
                note.pitch = static_cast<std::uint8_t>(
                    lows[p] + (bar * 2 + static_cast<int>(at / kTicksPerQuarter) + shift) % 7);
                part.notes.push_back(note);
            }
        }
        score.parts.push_back(std::move(part));
    }
    return score;
}

struct SmallWorld {
    std::vector<score::Score> scores;
    std::unique_ptr<tokens::Tokenizer> tokenizer;
    std::vector<std::uint8_t> unseen;

    explicit SmallWorld(const std::string& scheme = "remi",
                        const tokens::StreamOptions& stream = {}) {
        for (int i = 0; i < 6; ++i)
            scores.push_back(small_chorale(6 + i,
                                           i % 3 == 0 ? score::Meter{3, 4} : score::Meter{4, 4},
                                           {static_cast<std::int8_t>(i % 2), i % 4 == 3}, i));
        tokens::TokenizerOptions options;
        options.scheme = scheme;
        options.stream = stream;
        tokenizer = tokens::learn_tokenizer(scores, options);
        unseen.assign(static_cast<std::size_t>(tokenizer->vocabulary().size()), 1);
        for (const auto& score : scores)
            for (const int id : tokenizer->encode(score).ids)
                unseen[static_cast<std::size_t>(id)] = 0;
    }
    std::unique_ptr<models::LanguageModel> model() const {
        auto model =
            std::make_unique<CountModel>(tokenizer->vocabulary().size(), tokenizer->end_token());
        for (const auto& score : scores) model->learn(tokenizer->encode(score).ids);
        return model;
    }
};

}  // namespace symphony::generate::testing
