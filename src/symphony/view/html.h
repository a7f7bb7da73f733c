// The few pieces of HTML that pages are made of. Whatever comes from a file goes through escape()
// or a parameter said to be text; parameters named *_html are trusted markup.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace symphony::view {

// Text for element content and attribute values; invalid UTF-8 is read as Latin-1.
std::string escape(std::string_view text);

// "12,345"; "0.123" with `digits` places; "12.3 %" of a share; "3 h 12 min", "4 min 5 s".
std::string thousands(std::int64_t value);
std::string fixed(double value, int digits);
std::string percent(double share, int digits = 1);
std::string span_of_time(double seconds);
// "a", "a and b", "a, b and c".
std::string join_words(const std::vector<std::string>& words);
// A plural by count: counted(1, "piece") = "1 piece", counted(3, "piece") = "3 pieces".
std::string counted(std::int64_t count, std::string_view noun);

// data:MIME;base64,…
std::string data_uri(std::string_view mime, std::string_view bytes);

struct Table {
    std::string caption;               // text
    std::vector<std::string> headers;  // text; the first column is a row's heading
    std::vector<std::vector<std::string>> rows_html;
    std::vector<bool> numeric;  // columns set right; missing: text
};
std::string format_table(const Table& table);

// A drawing with what it shows said beneath.
std::string figure(std::string_view svg_html, std::string_view caption_html);

// <section id="id"><h2>heading</h2>body</section>
std::string section(std::string_view id, std::string_view heading, std::string_view body_html);

// Small figures that a page opens with: {"382", "pieces"}.
struct Fact {
    std::string value, name;  // text
};
std::string facts(const std::vector<Fact>& list);

// <details><summary>…: long lists stay folded.
std::string folded(std::string_view summary, std::string_view body_html);

struct NavLink {
    std::string id, name;
};

struct Page {
    std::string title;         // text
    std::string lead_html;     // under the title
    std::string body_html;     // sections
    std::vector<NavLink> nav;  // in the order of sections
    std::string footer_html;
};
// A whole document that loads nothing from anywhere (a content security policy says so too).
std::string format_page(const Page& page);
// The same frame with another style sheet and script and no header of its own.
std::string format_document(std::string_view title, std::string_view css, std::string_view js,
                            std::string_view body_html);

}  // namespace symphony::view
