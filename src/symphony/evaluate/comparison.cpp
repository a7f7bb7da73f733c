#include "symphony/evaluate/comparison.h"

#include "symphony/base/error.h"
#include "symphony/tokens/registry.h"

#include <fmt/format.h>

#include <algorithm>

namespace symphony::evaluate {

namespace {

using tokens::TokenKind;

std::vector<RatioTerm> terms_of(const ModelLikelihood& model, const std::vector<TokenKind>& kinds) {
    std::vector<RatioTerm> terms;
    for (const PieceLikelihood& piece : model.pieces) {
        RatioTerm term{piece.group, 0, static_cast<double>(piece.notes)};
        for (const TokenKind kind : kinds)
            term.numerator += piece.bits[static_cast<std::size_t>(kind)];
        terms.push_back(std::move(term));
    }
    return terms;
}

std::vector<TokenKind> all_kinds() {
    return {TokenKind::kPitch, TokenKind::kOnset,    TokenKind::kLength,
            TokenKind::kPart,  TokenKind::kDynamics, TokenKind::kOther};
}

bool same_pieces(const ModelLikelihood& first, const ModelLikelihood& second) {
    return std::equal(first.pieces.begin(), first.pieces.end(), second.pieces.begin(),
                      second.pieces.end(), [](const PieceLikelihood& a, const PieceLikelihood& b) {
                          return a.id == b.id && a.group == b.group && a.notes == b.notes;
                      });
}

bool has_parts(const ModelLikelihood& model) {
    return std::any_of(model.pieces.begin(), model.pieces.end(), [](const PieceLikelihood& piece) {
        return piece.tokens[static_cast<std::size_t>(TokenKind::kPart)] > 0;
    });
}

// Tokens are comparable one by one: same scheme, grid and vocabulary on the same data.
bool same_tokens(const ModelLikelihood& first, const ModelLikelihood& second) {
    return first.scheme == second.scheme && first.steps_per_quarter == second.steps_per_quarter &&
           first.vocabulary_size == second.vocabulary_size && first.data_hash == second.data_hash;
}

std::int64_t tokens_of(const ModelLikelihood& model, TokenKind kind) {
    std::int64_t sum = 0;
    for (const PieceLikelihood& piece : model.pieces)
        sum += piece.tokens[static_cast<std::size_t>(kind)];
    return sum;
}

// Sub-words put pitches and lengths into tokens of no kind, whose bits no kind is charged with.
std::string merging_objection(const ModelLikelihood& first, const ModelLikelihood& second) {
    const auto pitches = [](const ModelLikelihood& m) { return tokens_of(m, TokenKind::kPitch); };
    const auto lacks_lengths = [&](const ModelLikelihood& m) {
        return tokens_of(m, TokenKind::kLength) < pitches(m);
    };
    if (pitches(first) != pitches(second))
        return fmt::format("{} has {} tokens for pitch, {} has {}", first.name, pitches(first),
                           second.name, pitches(second));
    if (lacks_lengths(first) != lacks_lengths(second))
        return fmt::format("only {} gives every note a length of its own",
                           lacks_lengths(first) ? second.name : first.name);
    return {};
}

std::string losses_in_words(const ModelLikelihood& model) {
    if (model.losses.empty()) return "nothing";
    std::string text;
    for (const auto& [code, count] : model.losses)
        text += fmt::format("{}{} {}", text.empty() ? "" : ", ", count, code);
    return text;
}

const tokens::SchemeFacts& facts_of(const ModelLikelihood& model) {
    return tokens::scheme_named(model.scheme, base::ErrorKind::kModel, model.folder).facts;
}

// Why the two cannot be ranked across schemes; empty if they can.
std::string fidelity_objection(const ModelLikelihood& first, const ModelLikelihood& second) {
    if (first.steps_per_quarter != second.steps_per_quarter)
        return fmt::format("different grids: {} steps a quarter against {}",
                           first.steps_per_quarter, second.steps_per_quarter);
    if (first.losses != second.losses)
        return fmt::format("unequal fidelity: {} dropped {}, {} dropped {}", first.name,
                           losses_in_words(first), second.name, losses_in_words(second));
    if (has_parts(first) != has_parts(second))
        return fmt::format("only {} says which part plays a note",
                           has_parts(first) ? first.name : second.name);
    return merging_objection(first, second);
}

Verdict verdict_of(const Interval& difference) {
    if (difference.high < 0) return Verdict::kFirstWon;
    if (difference.low > 0) return Verdict::kSecondWon;
    return Verdict::kCannotBeToldApart;
}

// Did models[m] win every pair it is in?
bool won_all(const Evaluation& evaluation, const std::string& name) {
    return std::all_of(evaluation.pairs.begin(), evaluation.pairs.end(),
                       [&](const PairComparison& pair) {
                           if (pair.first == name) return pair.verdict == Verdict::kFirstWon;
                           if (pair.second == name) return pair.verdict == Verdict::kSecondWon;
                           return true;
                       });
}

std::string conclusion_of(const Evaluation& evaluation) {
    if (evaluation.models.empty()) return "No model was evaluated.";
    const auto best = std::min_element(evaluation.models.begin(), evaluation.models.end(),
                                       [](const ModelLikelihood& a, const ModelLikelihood& b) {
                                           return a.bits_per_note() < b.bits_per_note();
                                       });
    if (evaluation.models.size() == 1)
        return fmt::format("{} needs {:.3f} bits per note.", best->name, best->bits_per_note());
    for (const ModelLikelihood& model : evaluation.models)
        if (won_all(evaluation, model.name))
            return fmt::format(
                "{} won: {:.3f} bits per note; against every other model the paired "
                "95 % interval excludes zero.",
                model.name, model.bits_per_note());
    std::string tied, refused;
    for (const PairComparison& pair : evaluation.pairs) {
        if (pair.first != best->name && pair.second != best->name) continue;
        const std::string& other = pair.first == best->name ? pair.second : pair.first;
        if (pair.verdict == Verdict::kCannotBeToldApart) tied += (tied.empty() ? "" : ", ") + other;
        if (pair.verdict == Verdict::kNotComparable)
            refused += (refused.empty() ? "" : ", ") + other;
    }
    std::string text = fmt::format("No single winner: {} has the fewest bits per note ({:.3f})",
                                   best->name, best->bits_per_note());
    if (!tied.empty()) text += fmt::format(", but cannot be told apart from {}", tied);
    if (!refused.empty())
        text +=
            fmt::format("{} cannot be compared with {}", tied.empty() ? ", but" : ", and", refused);
    return text + ".";
}

const std::vector<std::pair<Verdict, std::string>>& verdict_names() {
    static const std::vector<std::pair<Verdict, std::string>> names = {
        {Verdict::kFirstWon, "first won"},
        {Verdict::kSecondWon, "second won"},
        {Verdict::kCannotBeToldApart, "cannot be told apart"},
        {Verdict::kNotComparable, "not comparable"}};
    return names;
}

}  // namespace

std::string verdict_name(Verdict verdict) {
    for (const auto& [v, name] : verdict_names())
        if (v == verdict) return name;
    return {};
}

Verdict verdict_from_name(const std::string& name) {
    for (const auto& [v, n] : verdict_names())
        if (n == name) return v;
    throw base::Error(base::ErrorKind::kInput, "unknown verdict \"" + name + "\"");
}

std::string PairComparison::sentence() const {
    if (verdict == Verdict::kNotComparable)
        return fmt::format("{} and {} are not comparable: {}.", first, second, reason);
    const std::string numbers =
        fmt::format("{:+.3f} {} (95 % interval {:+.3f} to {:+.3f})", difference.mean, measure,
                    difference.low, difference.high) +
        (remark.empty() ? "" : "; what the two hold differs in " + remark);
    if (verdict == Verdict::kCannotBeToldApart)
        return fmt::format("{} and {} cannot be told apart: {}.", first, second, numbers);
    return fmt::format("{} won against {}: {} less {} is {}.",
                       verdict == Verdict::kFirstWon ? first : second,
                       verdict == Verdict::kFirstWon ? second : first, first, second, numbers);
}

PairComparison compare(const ModelLikelihood& first, const ModelLikelihood& second,
                       const BootstrapOptions& options) {
    PairComparison pair;
    pair.first = first.name;
    pair.second = second.name;
    pair.measure = "bits per note";
    if (first.pieces.empty() || !same_pieces(first, second)) {
        pair.reason = "they were not scored on the same pieces";
        return pair;
    }
    std::vector<TokenKind> kinds = all_kinds();
    if (!same_tokens(first, second)) {
        const tokens::FactsComparison facts =
            tokens::compare_facts(facts_of(first), facts_of(second));
        pair.reason = facts.objection.empty() ? fidelity_objection(first, second)
                                              : "their schemes hold differently " + facts.objection;
        if (!pair.reason.empty()) return pair;
        pair.remark = facts.remark;
        kinds = {TokenKind::kPitch, TokenKind::kOnset, TokenKind::kLength};
        if (has_parts(first)) kinds.push_back(TokenKind::kPart);
        pair.measure = has_parts(first) ? "bits per note (pitch, onset, length, part)"
                                        : "bits per note (pitch, onset, length)";
    }
    const auto first_terms = terms_of(first, kinds), second_terms = terms_of(second, kinds);
    if (count_groups(first_terms) < 2) {
        pair.reason = "one work alone gives no interval";
        return pair;
    }
    pair.difference = bootstrap_difference(first_terms, second_terms, options);
    pair.verdict = verdict_of(pair.difference);
    return pair;
}

Evaluation compare_all(std::vector<ModelLikelihood> models, const BootstrapOptions& options) {
    Evaluation evaluation;
    evaluation.models = std::move(models);
    for (const ModelLikelihood& model : evaluation.models)
        evaluation.bits_per_note.push_back(bootstrap_ratio(terms_of(model, all_kinds()), options));
    for (std::size_t i = 0; i < evaluation.models.size(); ++i)
        for (std::size_t j = i + 1; j < evaluation.models.size(); ++j)
            evaluation.pairs.push_back(
                compare(evaluation.models[i], evaluation.models[j], options));
    if (!evaluation.models.empty()) evaluation.split = evaluation.models[0].split;
    evaluation.conclusion = conclusion_of(evaluation);
    return evaluation;
}

}  // namespace symphony::evaluate
