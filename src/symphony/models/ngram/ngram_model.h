// Interpolated modified Kneser-Ney (Chen & Goodman, "An empirical study of smoothing techniques",
// 1999, section 3): with c the counts of context h (continuation counts except at the highest
// order), D(1), D(2), D(3+) that order's discounts and h' the context without its oldest token,
//
//   p(w | h) = (c(h w) - D(c(h w)) + (D(1) N1(h) + D(2) N2(h) + D(3+) N3+(h)) p(w | h')) / c(h)
//
// where Nk(h) says how many tokens followed h exactly k times; below the empty context stands the
// uniform distribution. A context never seen passes the shorter one's distribution on.
#pragma once

#include "symphony/models/language_model.h"
#include "symphony/models/ngram/count_tree.h"

#include <array>
#include <filesystem>
#include <memory>
#include <vector>

namespace symphony::models::ngram {

using Discounts = std::array<float, 3>;  // D(1), D(2), D(3+), each 0 .. its count

// What a saved model holds: a CountTree cut to `order` levels, one count per entry.
struct NgramTables {
    int vocabulary_size = 0;
    int end_token = 0;
    std::vector<std::uint16_t> keys;
    std::vector<std::uint32_t> child_begin, entry_begin;
    std::vector<std::uint16_t> tokens;
    std::vector<std::uint32_t> counts;
    std::vector<Discounts> discounts;  // one per context length, 0 first: as many as the order

    int order() const { return static_cast<int>(discounts.size()); }
};

// Continuation counts below, raw counts at the highest level. Precondition: discounts.size() <=
// tree.levels().
NgramTables make_tables(const CountTree& tree, std::vector<Discounts> discounts);

class NgramModel : public LanguageModel {
  public:
    explicit NgramModel(std::shared_ptr<const NgramTables> tables);

    std::string family() const override { return "ngram"; }
    int vocabulary_size() const override { return tables_->vocabulary_size; }
    // Counts stored.
    std::int64_t parameter_count() const override {
        return static_cast<std::int64_t>(tables_->counts.size());
    }
    int context_length() const override { return tables_->order() - 1; }
    int start_token() const override { return tables_->end_token; }
    void reset() override { history_.clear(); }
    std::unique_ptr<LanguageModel> copy() const override {
        return std::make_unique<NgramModel>(*this);
    }
    // Log probabilities of the whole vocabulary; they sum to 1.
    std::span<const float> next(int token) override;

    const NgramTables& tables() const { return *tables_; }

  private:
    void interpolate(std::int64_t node, int level);

    std::shared_ptr<const NgramTables> tables_;
    std::vector<int> history_;  // oldest first, back to the last end token, at most order - 1
    std::vector<double> probabilities_V_;
    std::vector<float> logits_V_;
};

// config.json and model.safetensors in an existing folder.
void save_ngram(const NgramTables& tables, const std::filesystem::path& folder);
// Throws Error (kModel) if a table is missing or inconsistent.
std::unique_ptr<NgramModel> load_ngram(const std::filesystem::path& folder);

}  // namespace symphony::models::ngram
