#include "symphony/tokens/scheme_facts.h"

namespace symphony::tokens {
namespace {

// The first columns are those that bits per note of two schemes have in common.
constexpr std::size_t kSharedColumns = 3;

std::string without_star(const std::string& words) {
    return words.ends_with('*') ? words.substr(0, words.size() - 1) : words;
}

void append(std::string& text, const std::string& words) {
    text += (text.empty() ? "" : ", ") + words;
}

}  // namespace

std::vector<std::pair<std::string, std::string>> SchemeFacts::columns() const {
    const auto column = [](const char* name, std::string_view words) {
        return std::pair(std::string(name), std::string(words));
    };
    return {column("pitch", pitch), column("onset", onset),       column("length", length),
            column("part", part),   column("velocity", velocity), column("tempo", tempo),
            column("metre", metre), column("drums", drums),       column("controls", controls)};
}

FactsComparison compare_facts(const SchemeFacts& first, const SchemeFacts& second) {
    FactsComparison result;
    std::string options;
    const auto ours = first.columns(), theirs = second.columns();
    for (std::size_t c = 0; c < ours.size(); ++c) {
        const auto& [name, words] = ours[c];
        const std::string& other = theirs[c].second;
        if (without_star(words) != without_star(other))
            append(c < kSharedColumns ? result.objection : result.remark,
                   name + " (" + without_star(words) + " against " + without_star(other) + ")");
        else if (words.ends_with('*') || other.ends_with('*'))
            append(options, name);
    }
    if (!options.empty()) append(result.remark, "by their options perhaps " + options);
    return result;
}

}  // namespace symphony::tokens
