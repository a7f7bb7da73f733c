// The id of a piece: the path of its file under the corpus root, as text that JSON can hold.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace symphony::corpus {

// A file's name may hold any bytes. Each that is not UTF-8 becomes `\xE4`, and so does the
// backslash of a name that has such a mark itself (`\x5C`), so that two names are never one id.
// Other names stay as they are.
std::string id_of_name(std::string_view name);
// The name of which it is the id.
std::string name_of_id(std::string_view id);

// The file of a piece of the corpus at `root`, which may be that file itself.
std::filesystem::path path_of_piece(const std::filesystem::path& root, std::string_view id);

}  // namespace symphony::corpus
