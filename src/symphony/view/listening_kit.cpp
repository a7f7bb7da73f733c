#include "symphony/view/listening_kit.h"

#include "symphony/evaluate/listening_test.h"
#include "symphony/view/assets.h"
#include "symphony/view/html.h"
#include "symphony/view/report/section.h"

#include <fmt/format.h>

#include <array>

namespace symphony::view {
namespace {

constexpr std::array<const char*, evaluate::kHighestRating> kWords = {"poor", "weak", "fair",
                                                                      "good", "excellent"};

std::string excerpt_html(const KitExcerpt& excerpt) {
    std::string ratings;
    for (int r = evaluate::kLowestRating; r <= evaluate::kHighestRating; ++r)
        ratings += fmt::format(
            "<label><input type=\"radio\" name=\"{0}\" value=\"{1}\"> {1} {2}</label>\n",
            escape(excerpt.id), r, kWords[static_cast<std::size_t>(r - evaluate::kLowestRating)]);
    return fmt::format(
        "<li data-id=\"{0}\"><h2></h2>{1}\n<fieldset><legend>How good is it as music?</legend>\n{2}"
        "</fieldset>\n<label class=\"known\"><input type=\"checkbox\"> I know this piece</label>"
        "</li>\n",
        escape(excerpt.id), player(excerpt.clip, "Excerpt"), ratings);
}

}  // namespace

std::string format_listening_page(const std::string& kit, const std::vector<KitExcerpt>& excerpts) {
    std::string items;
    for (const KitExcerpt& excerpt : excerpts) items += excerpt_html(excerpt);
    const std::string body = fmt::format(
        "<header><h1>Listening test</h1>\n<p>{} excerpts. Listen to each to its end, with "
        "headphones if you can, and rate it. Nobody is named, and everything stays on this page "
        "until you save it: then send the file to whoever asked you.</p></header>\n"
        "<main data-kit=\"{}\">\n<ol class=\"excerpts\">\n{}</ol>\n"
        "<p class=\"score\" role=\"status\"></p>\n"
        "<p><button type=\"button\" id=\"save\">Save my ratings</button></p>\n</main>",
        excerpts.size(), escape(kit), items);
    return format_document("Listening test", assets::listening_css, assets::listening_js, body);
}

}  // namespace symphony::view
