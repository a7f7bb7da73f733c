// What schemes hold: the table in docs/tokens.md says what the registry says, every scheme has a
// page, and two schemes are compared as far as they hold the same.
#include "symphony/tokens/registry.h"

#include "tokens/doc_page.h"
#include <gtest/gtest.h>

namespace symphony::tokens {
namespace {

// The cells of the row whose first cell names the scheme, that cell first; empty if there is none.
std::vector<std::string> row_of(const std::string& page, const std::string& scheme) {
    std::istringstream in(page);
    for (std::string line; std::getline(in, line);) {
        if (!line.starts_with("| [`")) continue;
        std::vector<std::string> cells;
        std::istringstream row(line.substr(1));
        for (std::string cell; std::getline(row, cell, '|');) {
            std::erase(cell, '\\');
            cells.push_back(tests::words_of(cell));
        }
        if (cells.at(0).find("`" + scheme + "`") != std::string::npos) return cells;
    }
    return {};
}

TEST(SchemeFacts, TheTableSaysTheSame) {
    const std::string page = tests::doc_page("tokens.md");
    for (const Scheme& scheme : schemes()) {
        const std::vector<std::string> cells = row_of(page, scheme.name);
        const auto columns = scheme.facts.columns();
        ASSERT_EQ(cells.size(), columns.size() + 1) << scheme.name;
        for (std::size_t c = 0; c < columns.size(); ++c)
            EXPECT_EQ(cells[c + 1], columns[c].second) << scheme.name << ' ' << columns[c].first;
    }
    EXPECT_NE(page.find("| scheme | pitch | onset | length | part | velocity | tempo | metre | "
                        "drums | controls |\n"),
              std::string::npos);
}

TEST(SchemeFacts, EverySchemeHasAPage) {
    const std::string page = tests::doc_page("tokens.md");
    for (const Scheme& scheme : schemes()) {
        const std::string cell = row_of(page, scheme.name).at(0);
        const std::size_t link = cell.find("`" + scheme.name + "`](") + scheme.name.size() + 4;
        const std::string path = cell.substr(link, cell.find(')', link) - link);
        EXPECT_NE(tests::doc_page(path).find("`" + scheme.name + "`"), std::string::npos) << path;
    }
}

TEST(SchemeFacts, AStarIsARemarkAndNoDifference) {
    const SchemeFacts grid{.pitch = "yes", .onset = "grid", .length = "grid", .part = "yes"};
    SchemeFacts other = grid;
    EXPECT_EQ(compare_facts(grid, other).objection + compare_facts(grid, other).remark, "");
    other.onset = "grid*";
    other.part = "no";
    EXPECT_EQ(compare_facts(grid, other).objection, "");
    EXPECT_EQ(compare_facts(grid, other).remark,
              "part (yes against no), by their options perhaps onset");
    other.length = "classes*";
    EXPECT_EQ(compare_facts(grid, other).objection, "length (grid against classes)");
}

}  // namespace
}  // namespace symphony::tokens
