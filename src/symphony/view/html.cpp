#include "symphony/view/html.h"

#include "symphony/base/text.h"
#include "symphony/view/assets.h"
#include "symphony/view/palette.h"

#include <fmt/format.h>

#include <cmath>

namespace symphony::view {

std::string escape(std::string_view text) { return base::escape_xml(base::to_utf8(text)); }

std::string thousands(std::int64_t value) {
    std::string digits = std::to_string(value < 0 ? -value : value);
    for (int at = static_cast<int>(digits.size()) - 3; at > 0; at -= 3)
        digits.insert(static_cast<std::size_t>(at), ",");
    return value < 0 ? "-" + digits : digits;
}

std::string fixed(double value, int digits) {
    if (!std::isfinite(value)) return "–";
    return fmt::format("{:.{}f}", value, digits);
}

std::string percent(double share, int digits) {
    if (!std::isfinite(share)) return "–";
    return fmt::format("{:.{}f} %", 100 * share, digits);
}

std::string span_of_time(double seconds) {
    const auto whole = static_cast<std::int64_t>(std::llround(seconds));
    if (whole >= 3600) return fmt::format("{} h {} min", whole / 3600, whole / 60 % 60);
    if (whole >= 60) return fmt::format("{} min {} s", whole / 60, whole % 60);
    return fmt::format("{} s", whole);
}

std::string join_words(const std::vector<std::string>& words) {
    std::string out;
    for (std::size_t i = 0; i < words.size(); ++i) {
        if (i > 0) out += i + 1 == words.size() ? " and " : ", ";
        out += words[i];
    }
    return out;
}

std::string counted(std::int64_t count, std::string_view noun) {
    return fmt::format("{} {}{}", thousands(count), noun, count == 1 ? "" : "s");
}

std::string data_uri(std::string_view mime, std::string_view bytes) {
    static constexpr char kDigits[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string out = fmt::format("data:{};base64,", mime);
    out.reserve(out.size() + bytes.size() * 4 / 3 + 4);
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        const auto byte = [&](std::size_t k) -> std::uint32_t {
            return k < bytes.size() ? static_cast<unsigned char>(bytes[k]) : 0;
        };
        const std::uint32_t group = byte(i) << 16 | byte(i + 1) << 8 | byte(i + 2);
        out += kDigits[group >> 18];
        out += kDigits[group >> 12 & 63];
        out += i + 1 < bytes.size() ? kDigits[group >> 6 & 63] : '=';
        out += i + 2 < bytes.size() ? kDigits[group & 63] : '=';
    }
    return out;
}

std::string format_table(const Table& table) {
    const auto cell_class = [&](std::size_t column) {
        return column < table.numeric.size() && table.numeric[column] ? " class=\"n\"" : "";
    };
    std::string out = "<div class=\"scroll\" tabindex=\"0\"><table>";
    if (!table.caption.empty()) out += "<caption>" + escape(table.caption) + "</caption>";
    out += "<thead><tr>";
    for (std::size_t c = 0; c < table.headers.size(); ++c)
        out += fmt::format("<th scope=\"col\"{}>{}</th>", cell_class(c), escape(table.headers[c]));
    out += "</tr></thead>\n<tbody>";
    for (const auto& row : table.rows_html) {
        out += "<tr>";
        for (std::size_t c = 0; c < row.size(); ++c)
            out += c == 0 ? fmt::format("<th scope=\"row\">{}</th>", row[c])
                          : fmt::format("<td{}>{}</td>", cell_class(c), row[c]);
        out += "</tr>\n";
    }
    return out + "</tbody></table></div>\n";
}

std::string figure(std::string_view svg_html, std::string_view caption_html) {
    return fmt::format(
        "<figure>{}{}</figure>\n", svg_html,
        caption_html.empty() ? "" : fmt::format("<figcaption>{}</figcaption>", caption_html));
}

std::string section(std::string_view id, std::string_view heading, std::string_view body_html) {
    return fmt::format(
        "<section id=\"{0}\" aria-labelledby=\"{0}-h\"><h2 id=\"{0}-h\">{1}</h2>\n{2}"
        "</section>\n",
        id, escape(heading), body_html);
}

std::string facts(const std::vector<Fact>& list) {
    std::string out = "<dl class=\"facts\">";
    for (const Fact& fact : list)
        out +=
            fmt::format("<div><dt>{}</dt><dd>{}</dd></div>", escape(fact.name), escape(fact.value));
    return out + "</dl>\n";
}

std::string folded(std::string_view summary, std::string_view body_html) {
    return fmt::format("<details><summary>{}</summary>{}</details>\n", escape(summary), body_html);
}

std::string format_document(std::string_view title, std::string_view css, std::string_view js,
                            std::string_view body_html) {
    return fmt::format(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
        "'unsafe-inline'; script-src 'unsafe-inline'; img-src data:; media-src data:\">\n"
        "<title>{}</title>\n<style>\n{}{}</style>\n</head>\n<body>\n{}\n<script>\n{}</script>\n"
        "</body>\n</html>\n",
        escape(title), palette_css(), css, body_html, js);
}

std::string format_page(const Page& page) {
    std::string nav;
    for (const NavLink& link : page.nav)
        nav += fmt::format("<a href=\"#{}\">{}</a>", escape(link.id), escape(link.name));
    const std::string body = fmt::format(
        "<a class=\"skip\" href=\"#content\">Skip to the content</a>\n"
        "<nav aria-label=\"Sections\"><div>{}<button type=\"button\" id=\"theme\" "
        "aria-label=\"Light or dark\" title=\"Light or dark\">◐</button></div></nav>\n"
        "<header><h1>{}</h1>\n{}</header>\n<main id=\"content\">\n{}</main>\n"
        "<footer>{}</footer>",
        nav, escape(page.title), page.lead_html, page.body_html, page.footer_html);
    return format_document(page.title, assets::page_css, assets::page_js, body);
}

}  // namespace symphony::view
