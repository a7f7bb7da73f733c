// The smallest Trainee with real gradients: one logit per token, trained by plain descent.
#pragma once

#include "symphony/base/file.h"
#include "symphony/training/trainee.h"

#include <cmath>
#include <cstring>
#include <limits>
#include <string>
#include <vector>

namespace symphony::training {

class UnigramModel : public models::LanguageModel {
  public:
    explicit UnigramModel(std::vector<float> logits) : logits_(std::move(logits)) {}
    std::string family() const override { return "unigram"; }
    int vocabulary_size() const override { return static_cast<int>(logits_.size()); }
    std::int64_t parameter_count() const override { return vocabulary_size(); }
    int context_length() const override { return 0; }
    void reset() override {}
    std::unique_ptr<models::LanguageModel> copy() const override {
        return std::make_unique<UnigramModel>(*this);
    }
    std::span<const float> next(int) override { return logits_; }
    int start_token() const override { return 0; }

  private:
    std::vector<float> logits_;
};

class UnigramTrainee : public Trainee {
  public:
    explicit UnigramTrainee(int vocabulary_size)
        : logits(static_cast<std::size_t>(vocabulary_size), 0.0) {}

    std::vector<double> logits;
    std::int64_t diverge_at = -1;               // step whose loss is NaN
    std::vector<std::vector<int>> seen_inputs;  // of every micro-batch, in order

    std::int64_t parameter_count() const override { return static_cast<int>(logits.size()); }
    std::int64_t memory_bytes() const override { return parameter_count() * 8; }

    StepResult step(std::span<const Batch> batches, std::int64_t step, double rate) override {
        StepResult result;
        std::vector<double> gradient(logits.size(), 0.0);
        const std::vector<double> p = probabilities();
        for (const Batch& batch : batches) {
            seen_inputs.push_back(batch.inputs_BT);
            for (int target : batch.targets_BT) {
                const auto t = static_cast<std::size_t>(target);
                result.loss -= std::log(p[t]);
                ++result.tokens;
                for (std::size_t i = 0; i < p.size(); ++i) gradient[i] += p[i];
                gradient[t] -= 1;
            }
        }
        const double n = static_cast<double>(result.tokens);
        result.loss /= n;
        for (std::size_t i = 0; i < logits.size(); ++i) {
            result.gradient_norm += gradient[i] * gradient[i] / n / n;
            logits[i] -= 100 * rate * gradient[i] / n;
        }
        result.gradient_norm = std::sqrt(result.gradient_norm);
        if (step == diverge_at) result.loss = std::numeric_limits<double>::quiet_NaN();
        return result;
    }

    SplitResult evaluate(const std::vector<std::vector<int>>& sequences) override {
        SplitResult result;
        const std::vector<double> p = probabilities();
        for (const auto& ids : sequences)
            for (int id : ids) {
                result.loss -= std::log(p[static_cast<std::size_t>(id)]);
                ++result.tokens;
            }
        result.loss /= static_cast<double>(result.tokens);
        return result;
    }

    std::unique_ptr<models::LanguageModel> snapshot() const override {
        return std::make_unique<UnigramModel>(std::vector<float>(logits.begin(), logits.end()));
    }
    void save_model(const std::filesystem::path& folder) const override {
        write(folder / "model.safetensors");
        base::write_json_file(folder / "config.json", {{"model_type", "unigram"}});
    }
    void save_state(const std::filesystem::path& folder) const override {
        write(folder / "trainee.safetensors");
    }
    void load_state(const std::filesystem::path& folder) override {
        const std::string bytes = base::read_file(folder / "trainee.safetensors").value();
        std::memcpy(logits.data(), bytes.data(), bytes.size());
    }
    void load_weights(const std::filesystem::path&) override {}

  private:
    std::vector<double> probabilities() const {
        std::vector<double> p;
        double sum = 0;
        for (double logit : logits) sum += p.emplace_back(std::exp(logit));
        for (double& x : p) x /= sum;
        return p;
    }
    void write(const std::filesystem::path& path) const {
        base::write_file_atomically(
            path, {reinterpret_cast<const char*>(logits.data()), logits.size() * sizeof(double)});
    }
};

}  // namespace symphony::training
