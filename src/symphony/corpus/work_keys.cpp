#include "symphony/corpus/work_keys.h"

#include "symphony/base/text.h"

#include <algorithm>
#include <cctype>
#include <map>
#include <regex>
#include <set>

namespace symphony::corpus {
namespace {

constexpr std::size_t kMostPiecesOfAWork = 24;
constexpr std::size_t kSmallCorpus = 20;

bool is_digit(char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; }

bool begins_with_number(const std::string& name) { return !name.empty() && is_digit(name[0]); }

// Letters (ASCII, and any byte beyond it) and digits, lower case.
std::string normalised(const std::string& text) {
    std::string out;
    for (const char c : base::to_lower(text))
        if (std::isalnum(static_cast<unsigned char>(c)) || static_cast<unsigned char>(c) >= 0x80)
            out += c;
    return out;
}

// "Symphony5_2" -> "symphony"; empty if only numbers are left.
std::string without_closing_numbers(const std::string& stem) {
    std::string text = base::to_lower(stem);
    const auto closes = [](char c) {
        return is_digit(c) || std::ispunct(static_cast<unsigned char>(c)) || c == ' ';
    };
    while (!text.empty() && closes(text.back())) text.pop_back();
    return normalised(text);
}

std::string file_name(const std::string& id) { return id.substr(id.rfind('/') + 1); }
std::string stem_of(const std::string& id) {
    const std::string name = file_name(id);
    return name.substr(0, name.rfind('.'));
}
std::string folder_of(const std::string& id) {
    const std::size_t slash = id.rfind('/');
    return slash == std::string::npos ? std::string() : id.substr(0, slash);
}

using Keys = std::vector<std::set<std::string>>;

void add_catalogue_keys(const WorkHints& piece, std::set<std::string>& keys) {
    std::string above;
    const std::string path = folder_of(piece.id).empty()
                                 ? stem_of(piece.id)
                                 : folder_of(piece.id) + "/" + stem_of(piece.id);
    for (const std::string& name : base::split(path, '/')) {
        for (const std::string& number : catalogue_numbers(name))
            keys.insert("catalogue " + above + number);
        above += name + "/";
    }
    if (piece.composer.empty()) return;
    for (const std::string& number : catalogue_numbers(piece.title))
        keys.insert("catalogue " + normalised(piece.composer) + "/" + number);
}

// Adds "folder F" for files named by number side by side, and for folders named by number that hold
// one file each.
void add_folder_keys(std::span<const WorkHints> pieces, Keys& keys) {
    std::map<std::string, std::vector<std::size_t>> in_folder;
    for (std::size_t i = 0; i < pieces.size(); ++i) in_folder[folder_of(pieces[i].id)].push_back(i);
    for (const auto& [folder, members] : in_folder) {
        if (folder.empty()) continue;
        if (members.size() == 1 && begins_with_number(file_name(folder))) {
            const std::string parent = folder_of(folder);
            if (!parent.empty()) keys[members[0]].insert("folder " + parent);
            continue;
        }
        const bool numbered = std::all_of(members.begin(), members.end(), [&](std::size_t i) {
            return begins_with_number(stem_of(pieces[i].id));
        });
        if (members.size() > 1 && numbered)
            for (const std::size_t i : members) keys[i].insert("folder " + folder);
    }
}

void drop_manners_of_naming(Keys& keys) {
    std::map<std::string, std::size_t> pieces_with;
    for (const auto& own : keys)
        for (const std::string& key : own) ++pieces_with[key];
    for (auto& own : keys)
        std::erase_if(own, [&](const std::string& key) {
            if (key.starts_with("catalogue ")) return false;
            const std::size_t count = pieces_with[key];
            return count > kMostPiecesOfAWork ||
                   (keys.size() >= kSmallCorpus && count * 5 > keys.size());
        });
}

}  // namespace

std::vector<std::string> catalogue_numbers(const std::string& text) {
    // Letters before the abbreviation would make it the end of a word ("loop 3").
    static const std::regex pattern(
        R"((^|[^a-z])(bwv|buxwv|hwv|twv|rv|woo|hob|opus|op|kv|k|d|wq|sz)[ ._]*([ivxl]+:)?([0-9]+[a-z]?)(?![0-9]))");
    // "QuartetOpus18" and "SonataOp2" run the words together.
    static const std::regex inside(R"((opus|bwv|woo)[ ._]*()([0-9]+))");
    const std::string lower = base::to_lower(text);
    std::vector<std::string> numbers;
    const auto add = [&](const std::string& abbreviation, const std::string& number) {
        // K and KV are Köchel's; Opus is Op.
        const std::string name = abbreviation == "opus" ? "op"
                                 : abbreviation == "kv" ? "k"
                                                        : abbreviation;
        const std::string key = name + number;
        if (std::find(numbers.begin(), numbers.end(), key) == numbers.end()) numbers.push_back(key);
    };
    for (std::sregex_iterator it(lower.begin(), lower.end(), pattern), end; it != end; ++it)
        add((*it)[2], (*it)[3].str() + (*it)[4].str());
    for (std::sregex_iterator it(lower.begin(), lower.end(), inside), end; it != end; ++it)
        add((*it)[1], (*it)[3]);
    return numbers;
}

std::vector<std::vector<std::string>> work_keys(std::span<const WorkHints> pieces) {
    Keys keys(pieces.size());
    for (std::size_t i = 0; i < pieces.size(); ++i) {
        const WorkHints& piece = pieces[i];
        add_catalogue_keys(piece, keys[i]);
        const std::string series = without_closing_numbers(stem_of(piece.id));
        // A file named by its catalogue number says more than the name of the catalogue.
        if (!series.empty() && catalogue_numbers(stem_of(piece.id)).empty())
            keys[i].insert("series " + folder_of(piece.id) + "/" + series);
        const std::string title = normalised(piece.title);
        if (!title.empty()) keys[i].insert("title " + normalised(piece.composer) + "/" + title);
    }
    add_folder_keys(pieces, keys);
    drop_manners_of_naming(keys);
    std::vector<std::vector<std::string>> lists;
    for (const auto& own : keys) lists.emplace_back(own.begin(), own.end());
    return lists;
}

}  // namespace symphony::corpus
