#include "symphony/tokens/miditok/subword.h"

#include "symphony/base/error.h"
#include "symphony/base/json.h"

#include <algorithm>
#include <map>
#include <queue>
#include <set>

namespace symphony::tokens::miditok {
namespace {

using base::Json;

constexpr int kFirstCharacter = 33;           // of id 0, as in MidiTok
constexpr const char* kMetaspace = "\u2581";  // the character of a boundary
constexpr int kMetaspaceCode = 0x2581;

std::string utf8(int code) {
    std::string text;
    const auto byte = [&](int value) { text += static_cast<char>(value); };
    if (code < 0x80) {
        byte(code);
    } else if (code < 0x800) {
        byte(0xC0 | code >> 6);
        byte(0x80 | (code & 0x3F));
    } else if (code < 0x10000) {
        byte(0xE0 | code >> 12);
        byte(0x80 | (code >> 6 & 0x3F));
        byte(0x80 | (code & 0x3F));
    } else {
        byte(0xF0 | code >> 18);
        byte(0x80 | (code >> 12 & 0x3F));
        byte(0x80 | (code >> 6 & 0x3F));
        byte(0x80 | (code & 0x3F));
    }
    return text;
}

std::vector<std::string> characters(const std::string& text) {
    std::vector<std::string> result;
    for (const char c : text) {
        if ((static_cast<unsigned char>(c) & 0xC0) != 0x80) result.emplace_back();
        if (!result.empty()) result.back() += c;
    }
    return result;
}

// A pair that may be merged next, with the words it was seen in.
struct Candidate {
    std::int64_t count = 0;
    std::pair<int, int> pair;
    std::set<std::size_t> words;

    // The most frequent first; of these the smallest pair.
    bool operator<(const Candidate& other) const {
        return count != other.count ? count < other.count : other.pair < pair;
    }
};

struct Change {
    std::pair<int, int> pair;
    int by = 0;
};

// Merges `pair` in `word` from left to right; what that does to the counts of neighbours.
std::vector<Change> merge_in(std::vector<int>& word, std::pair<int, int> pair, int merged) {
    std::vector<Change> changes;
    for (std::size_t i = 0; i + 1 < word.size(); ++i) {
        if (word[i] != pair.first || word[i + 1] != pair.second) continue;
        if (i > 0) {
            changes.push_back({{word[i - 1], pair.first}, -1});
            changes.push_back({{word[i - 1], merged}, 1});
        }
        word[i] = merged;
        word.erase(word.begin() + static_cast<std::ptrdiff_t>(i) + 1);
        if (i + 1 < word.size()) {
            changes.push_back({{pair.second, word[i + 1]}, -1});
            changes.push_back({{merged, word[i + 1]}, 1});
        }
    }
    return changes;
}

}  // namespace

std::string character_of(int base_id) { return utf8(base_id + kFirstCharacter); }

SubWords SubWords::learn(std::span<const std::vector<int>> sequences, int base_size,
                         const Learning& options) {
    SubWords model;
    model.ends_at_bars_ = options.ends_at_bars;
    model.specials_ = options.specials;
    std::map<std::vector<int>, int> known;  // piece -> id
    const auto add = [&](std::vector<int> piece) {
        const auto [at, is_new] = known.emplace(piece, model.size());
        if (is_new) model.pieces_.push_back(std::move(piece));
        return at->second;
    };
    // Special tokens first, then single characters in the order of their codes.
    for (const int special : options.specials) model.id_of_base_[special] = add({special});
    std::map<int, int> by_code;
    for (int base = 0; base < base_size; ++base) by_code[base + kFirstCharacter] = base;
    if (options.ends_at_bars && !sequences.empty()) by_code[kMetaspaceCode] = kBoundary;
    for (const auto& [code, base] : by_code) model.id_of_base_[base] = add({base});

    std::map<std::vector<int>, std::int64_t> counted;
    for (const std::vector<int>& sequence : sequences) {
        if (sequence.empty()) continue;
        std::vector<int> word;
        if (options.ends_at_bars) word.push_back(model.id_of_base_.at(kBoundary));
        for (const int base : sequence) word.push_back(model.id_of_base_.at(base));
        ++counted[std::move(word)];
    }
    std::vector<std::vector<int>> words;
    std::vector<std::int64_t> counts;
    for (auto& [word, count] : counted) {
        words.push_back(word);
        counts.push_back(count);
    }
    std::map<std::pair<int, int>, std::int64_t> pairs;
    std::map<std::pair<int, int>, std::set<std::size_t>> places;
    for (std::size_t w = 0; w < words.size(); ++w)
        for (std::size_t i = 0; i + 1 < words[w].size(); ++i) {
            pairs[{words[w][i], words[w][i + 1]}] += counts[w];
            places[{words[w][i], words[w][i + 1]}].insert(w);
        }
    std::priority_queue<Candidate> queue;
    for (auto& [pair, where] : places) queue.push({pairs[pair], pair, std::move(where)});
    while (model.size() < options.vocabulary_size && !queue.empty()) {
        Candidate top = queue.top();
        queue.pop();
        if (top.count != pairs[top.pair]) {  // it changed since it was put in
            top.count = pairs[top.pair];
            queue.push(std::move(top));
            continue;
        }
        if (top.count < 1) break;
        std::vector<int> piece = model.pieces_[static_cast<std::size_t>(top.pair.first)];
        const auto& right = model.pieces_[static_cast<std::size_t>(top.pair.second)];
        piece.insert(piece.end(), right.begin(), right.end());
        const int merged = add(std::move(piece));
        model.merges_[key(top.pair.first, top.pair.second)] = {
            static_cast<int>(model.merge_list_.size()), merged};
        model.merge_list_.push_back(top.pair);
        std::map<std::pair<int, int>, std::set<std::size_t>> touched;
        for (const std::size_t w : top.words)
            for (const Change& change : merge_in(words[w], top.pair, merged)) {
                pairs[change.pair] += change.by * counts[w];
                if (change.by > 0) touched[change.pair].insert(w);
            }
        for (auto& [pair, where] : touched)
            if (pairs[pair] > 0) queue.push({pairs[pair], pair, std::move(where)});
    }
    return model;
}

std::vector<int> SubWords::base_ids(int id) const {
    std::vector<int> bases = pieces_[static_cast<std::size_t>(id)];
    std::erase(bases, kBoundary);
    return bases;
}

int SubWords::id_of_base(int base) const {
    const auto found = id_of_base_.find(base);
    return found == id_of_base_.end() ? -1 : found->second;
}

std::string SubWords::text_of(int id) const {
    std::string text;
    for (const int base : pieces_[static_cast<std::size_t>(id)])
        text += base == kBoundary ? kMetaspace : character_of(base);
    return text;
}

std::vector<int> SubWords::encode(std::span<const int> base_ids,
                                  std::span<const std::size_t> begins,
                                  std::vector<int>& counts) const {
    std::vector<int> ids;
    const auto is_special = [&](int base) {
        return std::find(specials_.begin(), specials_.end(), base) != specials_.end();
    };
    for (std::size_t b = 0; b < std::max<std::size_t>(1, begins.size()); ++b) {
        const std::size_t first = begins.empty() ? 0 : begins[b];
        const std::size_t last = b + 1 < begins.size() ? begins[b + 1] : base_ids.size();
        std::size_t from = first;
        for (std::size_t i = first; i <= last; ++i) {
            if (i < last && !is_special(base_ids[i])) continue;
            encode_segment(base_ids.subspan(from, i - from), ids, counts);
            if (i < last) {
                ids.push_back(id_of_base(base_ids[i]));
                counts.push_back(1);
            }
            from = i + 1;
        }
    }
    return ids;
}

void SubWords::encode_segment(std::span<const int> base_ids, std::vector<int>& ids,
                              std::vector<int>& counts) const {
    if (base_ids.empty()) return;
    struct Symbol {
        int id = 0, count = 0;  // base tokens; 0: a boundary alone
        int before = -1, after = -1;
        bool alive = true;
    };
    std::vector<Symbol> symbols;
    if (ends_at_bars_ && id_of_base(kBoundary) >= 0) symbols.push_back({id_of_base(kBoundary), 0});
    for (const int base : base_ids)
        if (id_of_base(base) >= 0) symbols.push_back({id_of_base(base), 1});
    struct Step {
        int rank = 0, at = 0, id = 0;
        bool operator<(const Step& other) const {
            return rank != other.rank ? other.rank < rank : other.at < at;
        }
    };
    std::priority_queue<Step> queue;
    const auto merge_of = [&](int left, int right) -> const Merge* {
        const auto found = merges_.find(key(symbols[static_cast<std::size_t>(left)].id,
                                            symbols[static_cast<std::size_t>(right)].id));
        return found == merges_.end() ? nullptr : &found->second;
    };
    const auto offer = [&](int left, int right) {
        if (left < 0 || right < 0) return;
        if (const Merge* merge = merge_of(left, right)) queue.push({merge->rank, left, merge->id});
    };
    for (int i = 0; i < static_cast<int>(symbols.size()); ++i) {
        symbols[static_cast<std::size_t>(i)].before = i - 1;
        symbols[static_cast<std::size_t>(i)].after =
            i + 1 < static_cast<int>(symbols.size()) ? i + 1 : -1;
        offer(i - 1, i);
    }
    while (!queue.empty()) {
        const Step step = queue.top();
        queue.pop();
        Symbol& left = symbols[static_cast<std::size_t>(step.at)];
        if (!left.alive || left.after < 0) continue;
        const Merge* merge = merge_of(step.at, left.after);
        if (!merge || merge->id != step.id) continue;
        Symbol& right = symbols[static_cast<std::size_t>(left.after)];
        left.id = step.id;
        left.count += right.count;
        right.alive = false;
        left.after = right.after;
        if (left.after >= 0) symbols[static_cast<std::size_t>(left.after)].before = step.at;
        offer(left.before, step.at);
        offer(step.at, left.after);
    }
    for (const Symbol& symbol : symbols) {
        if (!symbol.alive) continue;
        ids.push_back(symbol.id);
        counts.push_back(symbol.count);
    }
}

std::string SubWords::to_json() const {
    Json json;
    json["version"] = "1.0";
    json["truncation"] = nullptr;
    json["padding"] = nullptr;
    json["added_tokens"] = Json::array();
    for (const int special : specials_)
        json["added_tokens"].push_back({{"id", id_of_base(special)},
                                        {"content", character_of(special)},
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
    model["type"] = "BPE";
    model["dropout"] = nullptr;
    model["unk_token"] = nullptr;
    model["continuing_subword_prefix"] = ends_at_bars_ ? Json("") : Json();
    model["end_of_word_suffix"] = ends_at_bars_ ? Json("") : Json();
    model["fuse_unk"] = false;
    model["byte_fallback"] = false;
    model["ignore_merges"] = false;
    model["vocab"] = Json::object();
    for (int id = 0; id < size(); ++id) model["vocab"][text_of(id)] = id;
    model["merges"] = Json::array();
    for (const auto& [left, right] : merge_list_)
        model["merges"].push_back({text_of(left), text_of(right)});
    json["model"] = model;
    return json.dump();
}

SubWords SubWords::from_json(const std::string& text,
                             const std::unordered_map<std::string, int>& base_id_of_character,
                             const std::string& path) {
    const auto damaged = [&](const std::string& what) {
        return base::Error(base::ErrorKind::kModel,
                           "MidiTok tokenizer.json is damaged: _model: " + what, path);
    };
    const auto parsed = base::parse_json(text, path);
    if (!parsed.ok()) throw damaged("it is no JSON");
    const Json& json = parsed.value();
    if (!json.is_object()) throw damaged("it is no object");
    const auto model = json.find("model");
    if (model == json.end() || !model->is_object()) throw damaged("it holds no model");
    const auto type = model->find("type");
    if (type == model->end() || !type->is_string()) throw damaged("its model has no type");
    if (type->get<std::string>() != "BPE")
        throw base::Error(base::ErrorKind::kModel,
                          "tokenizer.json has sub-words of the type " + type->get<std::string>() +
                              ", expected BPE",
                          path, "train the MidiTok tokenizer with model=\"BPE\"");
    const auto vocab = model->find("vocab"), merges = model->find("merges");
    if (vocab == model->end() || !vocab->is_object() || merges == model->end() ||
        !merges->is_array())
        throw damaged("its vocabulary or its merges are missing");
    SubWords result;
    const auto pre = json.find("pre_tokenizer");
    result.ends_at_bars_ =
        pre != json.end() && pre->is_object() && pre->value("type", std::string()) == "Metaspace";
    result.pieces_.resize(vocab->size());
    std::vector<bool> seen(vocab->size(), false);
    std::unordered_map<std::string, int> id_of;
    for (const auto& [name, value] : vocab->items()) {
        if (!value.is_number_unsigned() || value.get<std::uint64_t>() >= seen.size() ||
            seen[value.get<std::size_t>()])
            throw damaged("ids are not 0 to " + std::to_string(seen.size()) + " once each");
        const auto id = value.get<std::size_t>();
        seen[id] = true;
        id_of.emplace(name, static_cast<int>(id));
        for (const std::string& character : characters(name)) {
            if (character == kMetaspace && !base_id_of_character.contains(character)) {
                result.pieces_[id].push_back(kBoundary);
                continue;
            }
            const auto base = base_id_of_character.find(character);
            if (base == base_id_of_character.end())
                throw damaged("a sub-word has a character that is no token");
            result.pieces_[id].push_back(base->second);
        }
        if (result.pieces_[id].size() == 1)
            result.id_of_base_[result.pieces_[id].front()] = static_cast<int>(id);
    }
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
            throw damaged("a merge is no pair");
        }
        const auto l = id_of.find(left), r = id_of.find(right), m = id_of.find(left + right);
        if (l == id_of.end() || r == id_of.end() || m == id_of.end())
            throw damaged("a merge is of sub-words that are not in the vocabulary");
        result.merges_[key(l->second, r->second)] = {static_cast<int>(result.merge_list_.size()),
                                                     m->second};
        result.merge_list_.emplace_back(l->second, r->second);
    }
    if (const auto added = json.find("added_tokens"); added != json.end() && added->is_array())
        for (const Json& token : *added) {
            if (!token.is_object() || !token.contains("content") || !token["content"].is_string())
                throw damaged("an added token has no content");
            const auto base = base_id_of_character.find(token["content"].get<std::string>());
            if (base == base_id_of_character.end())
                throw damaged("an added token is no base token");
            result.specials_.push_back(base->second);
        }
    return result;
}

}  // namespace symphony::tokens::miditok
