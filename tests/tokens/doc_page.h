// The worked bars and tables of docs/tokens*, as tests read them: what a page says must be what the
// code gives.
#pragma once

#include "symphony/base/file.h"
#include "symphony/tokens/tokenizer.h"

#include <algorithm>
#include <filesystem>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace symphony::tests {

inline std::string doc_page(const std::string& path) {
    return base::read_file(std::filesystem::path(SYMPHONY_SOURCE_DIR) / "docs" / path).value();
}

// A block of a page: its words, and the numbers that stand alone apart from them. What follows
// " # " in a line is a remark.
struct DocBlock {
    std::string words;  // one space between two
    std::vector<tokens::TokenId> ids;
};

inline std::string words_of(const std::string& text) {
    std::istringstream in(text);
    std::string words;
    for (std::string word; in >> word;) words += (words.empty() ? "" : " ") + word;
    return words;
}

// The first ``` block under that heading line, or under the heading of docs/tokens/<scheme>.md.
inline DocBlock doc_block(const std::string& scheme, const std::string& heading) {
    std::istringstream in(doc_page("tokens/" + scheme + ".md"));
    DocBlock block;
    bool found = false, inside = false;
    for (std::string line; std::getline(in, line);) {
        found = found || line == heading;
        if (found && line.starts_with("```")) {
            if (inside) return block;
            inside = true;
        } else if (inside) {
            std::istringstream words(line.substr(0, line.find(" # ")));
            for (std::string word; words >> word;)
                if (std::all_of(word.begin(), word.end(),
                                [](char c) { return c >= '0' && c <= '9'; }))
                    block.ids.push_back(static_cast<tokens::TokenId>(std::stoi(word)));
                else
                    block.words += (block.words.empty() ? "" : " ") + word;
        }
    }
    throw std::runtime_error("no block under " + heading + " on the page of " + scheme);
}

inline std::string spelled_out(const tokens::Tokenizer& tokenizer,
                               const std::vector<tokens::TokenId>& ids) {
    std::string text;
    for (const tokens::TokenId id : ids) text += tokenizer.vocabulary().name(id) + ' ';
    return words_of(text);
}

inline constexpr const char* kWorkedBar = "## A worked bar";

}  // namespace symphony::tests
