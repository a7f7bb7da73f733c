// SubWords <-> the JSON of Hugging Face tokenizers.
#include "symphony/base/error.h"
#include "symphony/base/json.h"
#include "symphony/tokens/miditok/subword.h"

#include <fmt/format.h>

#include <cmath>
#include <unordered_set>

namespace symphony::tokens::miditok {
namespace {

using base::Json;

constexpr const char* kMetaspace = "\u2581";  // the character of a boundary
// More than anyone trains: they bound what a hostile file can ask for.
constexpr std::size_t kMostSubWords = 1 << 20;
constexpr std::size_t kLongestPiece = 1024;
constexpr std::size_t kMostPieceTokens = 1 << 22;  // of all pieces together

std::vector<std::string> characters(const std::string& text) {
    std::vector<std::string> result;
    for (const char c : text) {
        if ((static_cast<unsigned char>(c) & 0xC0) != 0x80) result.emplace_back();
        if (!result.empty()) result.back() += c;
    }
    return result;
}

class Reader {
  public:
    Reader(const std::unordered_map<std::string, int>& base_id_of_character,
           const std::string& path)
        : base_id_of_character_(base_id_of_character), path_(path) {}

    // Written, a base id has the character that its number gives it.
    void check_characters(bool ends_at_bars) const {
        const int most = SubWords::most_base_tokens(ends_at_bars);
        std::unordered_set<int> bases;
        for (const auto& [character, base] : base_id_of_character_) {
            if (base >= most)
                throw damaged(fmt::format("sub-words over more than {} tokens", most));
            if (!bases.insert(base).second)
                throw damaged(fmt::format("the token {} has two characters", base));
        }
    }
    base::Error damaged(const std::string& what) const {
        return base::Error(base::ErrorKind::kModel,
                           "MidiTok tokenizer.json is damaged: _model: " + what, path_);
    }

    // Takes note of a sub-word.
    void add(std::size_t id, const std::string& text) {
        std::vector<int>& piece = pieces_[id];
        for (const std::string& character : characters(text)) {
            const auto base = base_id_of_character_.find(character);
            if (base != base_id_of_character_.end())
                piece.push_back(base->second);
            else if (character == kMetaspace)
                piece.push_back(kBoundary);
            else
                throw damaged("a sub-word has a character that is no token");
        }
        if (piece.empty() || piece.size() > kLongestPiece)
            throw damaged(fmt::format("a sub-word of {} tokens, expected 1 to {}", piece.size(),
                                      kLongestPiece));
        tokens_ += piece.size();
        if (tokens_ > kMostPieceTokens)
            throw damaged(fmt::format("sub-words of more than {} tokens in all", kMostPieceTokens));
        if (!id_of_.emplace(text, static_cast<int>(id)).second)
            throw damaged(fmt::format("sub-word {} is there twice", id));
    }
    void expect(std::size_t count) {
        if (count > kMostSubWords)
            throw damaged(fmt::format("{} sub-words, expected at most {}", count, kMostSubWords));
        pieces_.resize(count);
    }
    // -1 if there is none.
    int id_of(const std::string& text) const {
        const auto found = id_of_.find(text);
        return found == id_of_.end() ? -1 : found->second;
    }
    std::vector<std::vector<int>>& pieces() { return pieces_; }

  private:
    const std::unordered_map<std::string, int>& base_id_of_character_;
    const std::string& path_;
    std::vector<std::vector<int>> pieces_;
    std::unordered_map<std::string, int> id_of_;
    std::size_t tokens_ = 0;
};

BytePairs read_byte_pairs(const Json& model, Reader& reader) {
    const auto vocab = model.find("vocab"), merges = model.find("merges");
    if (vocab == model.end() || !vocab->is_object() || merges == model.end() || !merges->is_array())
        throw reader.damaged("its vocabulary or its merges are missing");
    reader.expect(vocab->size());
    std::vector<bool> seen(vocab->size(), false);
    for (const auto& [name, value] : vocab->items()) {
        if (!value.is_number_unsigned() || value.get<std::uint64_t>() >= seen.size() ||
            seen[value.get<std::size_t>()])
            throw reader.damaged(fmt::format("ids are not 0 to {} once each", seen.size() - 1));
        seen[value.get<std::size_t>()] = true;
        reader.add(value.get<std::size_t>(), name);
    }
    BytePairs result;
    for (const Json& merge : *merges) {
        std::string left, right;
        if (merge.is_array() && merge.size() == 2 && merge[0].is_string() && merge[1].is_string()) {
            left = merge[0].get<std::string>();
            right = merge[1].get<std::string>();
        } else if (merge.is_string() && merge.get<std::string>().find(' ') != std::string::npos) {
            const auto both = merge.get<std::string>();
            left = both.substr(0, both.find(' '));
            right = both.substr(both.find(' ') + 1);
        } else {
            throw reader.damaged("a merge is no pair");
        }
        const int l = reader.id_of(left), r = reader.id_of(right), m = reader.id_of(left + right);
        if (l < 0 || r < 0 || m < 0)
            throw reader.damaged("a merge is of sub-words that are not in the vocabulary");
        result.add(l, r, m);
    }
    return result;
}

Unigram read_unigram(const Json& model, Reader& reader) {
    const auto vocab = model.find("vocab");
    if (vocab == model.end() || !vocab->is_array())
        throw reader.damaged("its vocabulary is missing");
    reader.expect(vocab->size());
    std::vector<double> scores;
    for (const Json& one : *vocab) {
        if (!one.is_array() || one.size() != 2 || !one[0].is_string() || !one[1].is_number() ||
            !std::isfinite(one[1].get<double>()))
            throw reader.damaged(
                fmt::format("sub-word {} is no text with a finite score", scores.size()));
        reader.add(scores.size(), one[0].get<std::string>());
        scores.push_back(one[1].get<double>());
    }
    return {reader.pieces(), std::move(scores)};
}

}  // namespace

SubWords SubWords::from_json(const std::string& text,
                             const std::unordered_map<std::string, int>& base_id_of_character,
                             const std::string& path) {
    Reader reader(base_id_of_character, path);
    const auto parsed = base::parse_json(text, path);
    if (!parsed.ok()) throw reader.damaged("it is no JSON");
    const Json& json = parsed.value();
    if (!json.is_object()) throw reader.damaged("it is no object");
    const auto model = json.find("model");
    if (model == json.end() || !model->is_object()) throw reader.damaged("it holds no model");
    const auto type = model->find("type");
    if (type == model->end() || !type->is_string()) throw reader.damaged("its model has no type");
    SubWords result;
    const auto pre = json.find("pre_tokenizer");
    result.ends_at_bars_ = pre != json.end() && pre->is_object() && pre->contains("type") &&
                           (*pre)["type"] == "Metaspace";
    reader.check_characters(result.ends_at_bars_);
    if (*type == "BPE")
        result.model_ = read_byte_pairs(*model, reader);
    else if (*type == "Unigram")
        result.model_ = read_unigram(*model, reader);
    else
        throw base::Error(base::ErrorKind::kModel,
                          "tokenizer.json has sub-words of the type " + type->get<std::string>() +
                              ", expected BPE or Unigram",
                          path, "train the MidiTok tokenizer with one of these");
    result.set_pieces(std::move(reader.pieces()));
    for (const auto& [character, base] : base_id_of_character)
        if (characters(character).size() == 1 && result.id_of_base(base) < 0)
            throw reader.damaged(fmt::format("the token {} is no sub-word of its own", base));
    if (result.model() == SubwordModel::kUnigram && result.ends_at_bars_ &&
        result.id_of_base(kBoundary) < 0)
        throw reader.damaged("the boundary of bars is no sub-word of its own");
    std::vector<std::vector<int>> specials;
    if (const auto added = json.find("added_tokens"); added != json.end() && added->is_array())
        for (const Json& token : *added) {
            if (!token.is_object() || !token.contains("content") || !token["content"].is_string())
                throw reader.damaged("an added token has no content");
            const int id = reader.id_of(token["content"].get<std::string>());
            if (id < 0) throw reader.damaged("an added token is no sub-word");
            specials.push_back(result.pieces_[static_cast<std::size_t>(id)]);
        }
    result.set_specials(std::move(specials));
    return result;
}

std::string SubWords::to_json() const {
    Json json;
    json["version"] = "1.0";
    json["truncation"] = nullptr;
    json["padding"] = nullptr;
    json["added_tokens"] = Json::array();
    for (const int special : special_ids_)
        json["added_tokens"].push_back({{"id", special},
                                        {"content", text_of(special)},
                                        {"single_word", false},
                                        {"lstrip", false},
                                        {"rstrip", false},
                                        {"normalized", false},
                                        {"special", true}});
    json["normalizer"] = nullptr;
    const Json metaspace = {{"type", "Metaspace"},
                            {"replacement", kMetaspace},
                            {"prepend_scheme", "always"},
                            {"split", true}};
    json["pre_tokenizer"] = ends_at_bars_ ? metaspace : Json();
    json["post_processor"] = nullptr;
    json["decoder"] = ends_at_bars_ ? metaspace : Json();
    Json model;
    if (const auto* unigram = std::get_if<Unigram>(&model_)) {
        model["type"] = "Unigram";
        model["unk_id"] = nullptr;
        model["vocab"] = Json::array();
        for (int id = 0; id < size(); ++id)
            model["vocab"].push_back(
                Json::array({text_of(id), unigram->scores()[static_cast<std::size_t>(id)]}));
        model["byte_fallback"] = false;
    } else {
        model["type"] = "BPE";
        model["dropout"] = nullptr;
        model["unk_token"] = nullptr;
        model["continuing_subword_prefix"] = ends_at_bars_ ? Json("") : Json();
        model["end_of_word_suffix"] = ends_at_bars_ ? Json("") : Json();
        model["fuse_unk"] = false;
        model["byte_fallback"] = false;
        model["ignore_merges"] = false;
        // Texts are distinct; the index operator would look each up among all.
        Json::object_t vocab;
        for (int id = 0; id < size(); ++id) vocab.emplace_back(text_of(id), id);
        model["vocab"] = std::move(vocab);
        model["merges"] = Json::array();
        for (const auto& [left, right] : std::get<BytePairs>(model_).merges())
            model["merges"].push_back({text_of(left), text_of(right)});
    }
    json["model"] = model;
    return json.dump();
}

}  // namespace symphony::tokens::miditok
