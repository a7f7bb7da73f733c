#include "symphony/corpus/piece_id.h"

#include "symphony/base/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace symphony::corpus {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t kMarkLength = 4;  // "\xE4"

bool begins_with_mark(std::string_view text) {
    const auto is_digit = [](char c) { return std::isxdigit(static_cast<unsigned char>(c)) != 0; };
    return text.size() >= kMarkLength && text.starts_with("\\x") && is_digit(text[2]) &&
           is_digit(text[3]);
}

// Length of the character at the front of `text`, 0 if it is not UTF-8.
std::size_t character_length(std::string_view text) {
    for (std::size_t length = 1; length <= std::min<std::size_t>(4, text.size()); ++length)
        if (base::is_utf8(text.substr(0, length))) return length;
    return 0;
}

}  // namespace

std::string id_of_name(std::string_view name) {
    std::string id;
    while (!name.empty()) {
        const std::size_t length = begins_with_mark(name) ? 0 : character_length(name);
        if (length == 0)
            id += fmt::format("\\x{:02X}", static_cast<unsigned char>(name.front()));
        else
            id += name.substr(0, length);
        name.remove_prefix(std::max<std::size_t>(length, 1));
    }
    return id;
}

std::string name_of_id(std::string_view id) {
    std::string name;
    while (!id.empty()) {
        const bool is_mark = begins_with_mark(id);
        name += is_mark ? static_cast<char>(std::stoi(std::string(id.substr(2, 2)), nullptr, 16))
                        : id.front();
        id.remove_prefix(is_mark ? kMarkLength : 1);
    }
    return name;
}

fs::path path_of_piece(const fs::path& root, std::string_view id) {
    return fs::is_directory(root) ? root / name_of_id(id) : root;
}

}  // namespace symphony::corpus
