// The unigram model: its parts against plain versions that try everything, and what it learns
// against what Hugging Face tokenizers 0.23 learned (tools/make_miditok_goldens.py).
#include "symphony/base/file.h"
#include "symphony/base/json.h"
#include "symphony/base/rng.h"
#include "symphony/io/midi_message_reader.h"
#include "symphony/io/score_file.h"
#include "symphony/tokens/miditok/miditok_tokenizer.h"
#include "symphony/tokens/miditok/unigram_lattice.h"
#include "symphony/tokens/miditok/unigram_trainer.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <functional>
#include <map>
#include <set>

namespace symphony::tokens::miditok {
namespace {

using base::Json;
using Codes = std::vector<int>;

std::vector<CountedWord> random_words(std::uint64_t seed, int count, int longest, int alphabet) {
    base::Rng rng(seed, "words");
    std::map<Codes, std::int64_t> words;
    for (int i = 0; i < count; ++i) {
        Codes word(1 + rng.below(static_cast<std::uint64_t>(longest)));
        for (int& code : word)
            code = 1 + static_cast<int>(rng.below(static_cast<std::uint64_t>(alphabet)));
        words[word] += 1 + static_cast<std::int64_t>(rng.below(5));
    }
    return {words.begin(), words.end()};
}

TEST(PieceTrie, FindsWhatWasPutIn) {
    base::Rng rng(3, "trie");
    std::map<Codes, int> first;
    std::vector<Codes> pieces;
    for (int i = 0; i < 300; ++i) {
        Codes piece(1 + rng.below(5));
        for (int& code : piece) code = static_cast<int>(rng.below(6)) - 1;
        first.emplace(piece, i);
        pieces.push_back(piece);
    }
    const PieceTrie trie(pieces);
    const auto find = [&](const Codes& piece) {
        int node = PieceTrie::kRoot;
        for (const int code : piece)
            if ((node = trie.child(node, code)) == PieceTrie::kNone) return PieceTrie::kNone;
        return trie.piece(node);
    };
    for (const auto& [piece, id] : first) EXPECT_EQ(find(piece), id);
    int absent = 0;
    for (int i = 0; i < 300; ++i) {
        Codes piece(1 + rng.below(5));
        for (int& code : piece) code = static_cast<int>(rng.below(8)) - 2;
        const auto known = first.find(piece);
        absent += known == first.end();
        EXPECT_EQ(find(piece), known == first.end() ? PieceTrie::kNone : known->second);
    }
    EXPECT_GT(absent, 50);
    EXPECT_EQ(PieceTrie().size(), 1);
}

// Every substring, counted one by one with what follows it.
TEST(UnigramSeeds, AreThoseOfTheSuffixTree) {
    constexpr std::size_t kLongest = 5;
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
        const auto words = random_words(seed, 30, 12, 3);
        std::map<Codes, std::pair<std::int64_t, std::set<int>>> substrings;
        std::map<int, std::int64_t> symbols;
        for (const auto& [word, count] : words)
            for (std::size_t from = 0; from < word.size(); ++from) {
                symbols[word[from]] += count;
                for (std::size_t to = from + 2; to <= std::min(word.size(), from + kLongest);
                     ++to) {
                    auto& [times, followers] =
                        substrings[Codes(word.begin() + static_cast<std::ptrdiff_t>(from),
                                         word.begin() + static_cast<std::ptrdiff_t>(to))];
                    ++times;
                    followers.insert(to < word.size() ? word[to] : 0);
                }
            }
        std::set<std::pair<std::int64_t, Codes>> expected;
        for (const auto& [codes, seen] : substrings)
            if (seen.second.size() > 1)
                expected.emplace(seen.first * static_cast<std::int64_t>(codes.size()), codes);
        const auto seeds = unigram_seeds(words, kLongest, 1000);
        ASSERT_EQ(seeds.size(), symbols.size() + expected.size());
        for (std::size_t i = 0; i < symbols.size(); ++i)
            EXPECT_EQ(seeds[i].weight, symbols.at(seeds[i].codes.front()));
        auto next = expected.rbegin();
        for (std::size_t i = symbols.size(); i < seeds.size(); ++i, ++next) {
            EXPECT_EQ(seeds[i].weight, next->first);
            EXPECT_EQ(seeds[i].codes, next->second);
        }
        EXPECT_EQ(unigram_seeds(words, kLongest, 10).size(), 10U);
    }
}

struct Cut {
    std::vector<int> ids;
    double score = 0;
};

// All ways to cut a word.
std::vector<Cut> all_cuts(const Codes& word, const std::vector<Codes>& pieces,
                          const UnigramPieces& model) {
    std::vector<Cut> cuts;
    const std::function<void(std::size_t, Cut)> go = [&](std::size_t at, Cut so_far) {
        if (at == word.size()) return cuts.push_back(so_far);
        bool symbol = false;
        for (std::size_t p = 0; p < pieces.size(); ++p) {
            const std::size_t length = pieces[p].size();
            if (!model.in_use[p + 1] || at + length > word.size() ||
                !std::equal(pieces[p].begin(), pieces[p].end(),
                            word.begin() + static_cast<std::ptrdiff_t>(at)))
                continue;
            symbol = symbol || length == 1;
            Cut longer = so_far;
            longer.ids.push_back(static_cast<int>(p) + 1);
            longer.score += model.scores[p + 1];
            go(at + length, longer);
        }
        if (symbol) return;
        so_far.ids.push_back(UnigramPieces::kUnknown);
        so_far.score += model.scores[0];
        go(at + 1, so_far);
    };
    go(0, {});
    return cuts;
}

TEST(UnigramLattice, SumsAndBestAreThoseOfAllCuts) {
    const std::vector<Codes> pieces{{1}, {2}, {3}, {1, 2}, {2, 1}, {1, 2, 3}, {3, 3}, {2, 3, 1, 1}};
    base::Rng rng(5, "scores");
    UnigramPieces model{.trie = PieceTrie(pieces)};
    for (std::size_t id = 0; id <= pieces.size(); ++id) {
        model.scores.push_back(-1 - 5 * rng.uniform());
        model.in_use.push_back(id != 3);  // the symbol 3 is none any more
    }
    UnigramLattice lattice(model);
    for (const auto& [word, count] : random_words(1, 40, 9, 3)) {
        const std::vector<Cut> cuts = all_cuts(word, pieces, model);
        double sum = 0;
        for (const Cut& cut : cuts) sum += std::exp(cut.score);
        std::vector<double> expected(model.scores.size()), got(model.scores.size());
        const Cut* best = &cuts.front();
        for (const Cut& cut : cuts) {
            if (cut.score > best->score) best = &cut;
            for (const int id : cut.ids)
                expected[static_cast<std::size_t>(id)] +=
                    static_cast<double>(count) * std::exp(cut.score) / sum;
        }
        lattice.read(word);
        lattice.add_expected(static_cast<double>(count), got);
        for (std::size_t id = 0; id < got.size(); ++id) EXPECT_NEAR(got[id], expected[id], 1e-9);
        const auto path = lattice.best();
        EXPECT_NEAR(path.score, best->score, 1e-9);
        EXPECT_EQ(Codes(path.ids.rbegin(), path.ids.rend()), best->ids);
    }
}

TEST(Unigram, SegmentsAsTheBestOfAllCuts) {
    const std::vector<Codes> pieces{{1}, {2}, {-1}, {1, 2}, {2, 1}, {-1, 1, 2}, {2, 2, 2}};
    UnigramPieces model{.trie = PieceTrie(pieces), .scores = {0}};
    std::vector<double> scores;
    base::Rng rng(6, "scores");
    for (std::size_t id = 0; id < pieces.size(); ++id) scores.push_back(-1 - 5 * rng.uniform());
    model.scores.insert(model.scores.end(), scores.begin(), scores.end());
    model.in_use.assign(model.scores.size(), 1);
    const Unigram unigram(pieces, scores);
    for (auto [word, count] : random_words(2, 40, 9, 2)) {
        word.insert(word.begin(), -1);
        const std::vector<Cut> cuts = all_cuts(word, pieces, model);
        const Cut* best = &cuts.front();
        for (const Cut& cut : cuts)
            if (cut.score > best->score) best = &cut;
        Codes ids{7}, counts{9};  // what is there stays
        unigram.segment(word, ids, counts);
        ASSERT_EQ(ids.size(), best->ids.size() + 1);
        EXPECT_EQ(ids.front(), 7);
        for (std::size_t i = 1; i < ids.size(); ++i) {
            EXPECT_EQ(ids[i], best->ids[i - 1] - 1);
            EXPECT_EQ(static_cast<std::size_t>(counts[i]),
                      pieces[static_cast<std::size_t>(ids[i])].size());
        }
    }
    // Equal scores: the longer last piece.
    const Unigram even(std::vector<Codes>{{1}, {1, 1}}, {-1.0, -1.0});
    Codes ids, counts;
    even.segment(Codes{1, 1, 1}, ids, counts);
    EXPECT_EQ(counts, (Codes{1, 2}));
}

TEST(UnigramTrainer, KeepsEverySymbolAndTheSizeAskedFor) {
    const auto words = random_words(8, 400, 30, 6);
    for (const std::size_t size : {20U, 60U, 200U}) {
        const auto pieces = learn_unigram(
            words, {.vocabulary_size = size, .specials = 2, .alphabet = {3, 40, 41, 42}});
        EXPECT_EQ(pieces.size(), size - 2);
        std::set<Codes> all;
        for (std::size_t i = 0; i < pieces.size(); ++i) {
            all.insert(pieces[i].codes);
            EXPECT_TRUE(std::isfinite(pieces[i].score));
            EXPECT_LE(pieces[i].score, pieces[i == 0 ? 0 : i - 1].score);
        }
        EXPECT_EQ(all.size(), pieces.size());
        for (const int symbol : {1, 2, 3, 4, 5, 6, 40, 41, 42}) EXPECT_TRUE(all.contains({symbol}));
    }
    // Without a word there are the symbols alone.
    EXPECT_EQ(learn_unigram({}, {.vocabulary_size = 9, .alphabet = {1, 2}}).size(), 2U);
}

const std::filesystem::path kGoldens =
    std::filesystem::path(SYMPHONY_SOURCE_DIR) / "tests/tokens/goldens/miditok";

std::vector<std::string> texts_of(const base::Json& tokenizer_json) {
    std::vector<std::string> texts;
    const Json model = Json::parse(tokenizer_json["_model"].get<std::string>());
    for (const Json& piece : model["model"]["vocab"]) texts.push_back(piece[0]);
    return texts;
}

TEST(UnigramGolden, PrunesAsHuggingFaceTokenizersDoes) {
    const Json golden = base::read_json_file(kGoldens / "unigram_words.json").value();
    std::map<Codes, std::int64_t> words;
    for (const Json& word : golden[0]["words"]) {
        const std::string text = word;
        ++words[Codes(text.begin(), text.end())];
    }
    for (const Json& one : golden[0]["cases"]) {
        const auto pieces = learn_unigram({words.begin(), words.end()},
                                          {.vocabulary_size = one["size"].get<std::size_t>()});
        std::map<Codes, double> got;
        for (const ScoredPiece& piece : pieces) got.emplace(piece.codes, piece.score);
        ASSERT_EQ(got.size(), one["pieces"].size());
        for (const Json& piece : one["pieces"]) {
            const std::string text = piece[0];
            const auto found = got.find(Codes(text.begin(), text.end()));
            ASSERT_NE(found, got.end()) << text;
            // Symbols without a use of their own have scores 0.0001 apart, at random there.
            EXPECT_NEAR(found->second, piece[1].get<double>(), text.size() > 1 ? 1e-9 : 2e-3)
                << text;
        }
    }
}

TEST(UnigramGolden, LearnsThePiecesAndScoresOfHuggingFaceTokenizers) {
    const Json cases = base::read_json_file(kGoldens / "unigram.json").value();
    for (const Json& one : cases) {
        const auto plain = MidiTokTokenizer::from_json(one["tokenizer"], "unigram");
        std::vector<score::Score> scores;
        for (const Json& file : one["files"])
            scores.push_back(io::read_score_file(kGoldens / file.get<std::string>()).value().score);
        const auto learned = plain->with_subwords(
            scores, {.vocabulary_size = one["size"].get<int>(), .model = SubwordModel::kUnigram});
        const Json json = learned->to_json();
        std::map<std::string, double> got;
        const Json model = Json::parse(json["_model"].get<std::string>());
        const std::size_t specials = model["added_tokens"].size();
        for (std::size_t id = specials; id < model["model"]["vocab"].size(); ++id)
            got.emplace(model["model"]["vocab"][id][0], model["model"]["vocab"][id][1]);
        EXPECT_EQ(got.size(), one["pieces"].size() + one["unused"].size());
        for (const Json& piece : one["pieces"]) {
            ASSERT_TRUE(got.contains(piece[0]));
            EXPECT_NEAR(got.at(piece[0]), piece[1].get<double>(), 1e-9);
        }
        // Which of the unused symbols has which of these scores is left to chance there.
        std::vector<double> scores_of_unused;
        for (const Json& symbol : one["unused"]) {
            ASSERT_TRUE(got.contains(symbol));
            scores_of_unused.push_back(got.at(symbol));
        }
        std::sort(scores_of_unused.begin(), scores_of_unused.end());
        for (std::size_t i = 0; i < scores_of_unused.size(); ++i)
            EXPECT_NEAR(scores_of_unused[i], one["lowest"].get<double>() + 1e-4 * i, 1e-9);
        // As it is, and read back from its file.
        const auto again = MidiTokTokenizer::from_json(json, "unigram");
        EXPECT_EQ(again->to_json(), json);
        const std::vector<std::string> texts = texts_of(json);
        for (std::size_t i = 0; i < scores.size(); ++i) {
            const auto streams = learned->encode_streams(piece_of(scores[i]));
            ASSERT_EQ(streams.size(), one["texts"][i].size());
            for (std::size_t s = 0; s < streams.size(); ++s) {
                Json spelled = Json::array();
                for (const int id : streams[s].ids)
                    spelled.push_back(texts[static_cast<std::size_t>(id)]);
                EXPECT_EQ(spelled, one["texts"][i][s]);
            }
            EXPECT_EQ(again->encode(scores[i]).ids, learned->encode(scores[i]).ids);
            EXPECT_EQ(plain->decode(plain->encode(scores[i]).ids),
                      learned->decode(learned->encode(scores[i]).ids));
        }
    }
}

TEST(UnigramGolden, ReadsWhatMidiTokSaved) {
    const Json cases = base::read_json_file(kGoldens / "unigram.json").value();
    const Json& one = cases.front();
    const auto tokenizer = MidiTokTokenizer::from_json(one["saved"], "unigram");
    EXPECT_TRUE(tokenizer->has_subwords());
    for (std::size_t i = 0; i < one["files"].size(); ++i) {
        const std::string file = one["files"][i];
        const std::string bytes = base::read_file(kGoldens / file).value();
        const auto streams =
            tokenizer->encode_streams(piece_of(io::parse_midi_messages(bytes, file).value()));
        ASSERT_EQ(streams.size(), one["ids"][i].size());
        for (std::size_t s = 0; s < streams.size(); ++s)
            EXPECT_EQ(Json(streams[s].ids), one["ids"][i][s]);
    }
    // Written again it keeps model, tokens and characters.
    const Json written = tokenizer->to_json();
    for (const char* key : {"_vocab_base", "_vocab_base_byte_to_token"})
        for (const auto& [name, value] : one["saved"][key].items())
            EXPECT_EQ(written[key][name], value) << key << ' ' << name;
    const Json model = Json::parse(written["_model"].get<std::string>());
    const Json given = Json::parse(one["saved"]["_model"].get<std::string>());
    EXPECT_EQ(model["model"], given["model"]);
    EXPECT_EQ(model["added_tokens"], given["added_tokens"]);
    EXPECT_EQ(written["config"]["special_tokens"], one["saved"]["config"]["special_tokens"]);
}

// What a hostile hand may write into the model of a tokenizer.json; each is refused by an error.
TEST(UnigramFile, DamagedOnesAreRefused) {
    const Json cases = base::read_json_file(kGoldens / "unigram.json").value();
    const auto why = [&](const auto& change) -> std::string {
        Json json = cases[0]["saved"];
        Json model = Json::parse(json["_model"].get<std::string>());
        change(json, model);
        if (json["_model"].is_string() && model.is_object()) json["_model"] = model.dump();
        try {
            MidiTokTokenizer::from_json(json, "tokenizer.json");
        } catch (const base::Error& error) {
            EXPECT_EQ(error.kind, base::ErrorKind::kModel);
            return error.message;
        }
        return "";
    };
    const auto refused = [&](const char* what, const auto& change) {
        EXPECT_NE(why(change).find(what), std::string::npos) << why(change);
    };
    const auto vocab = [](Json& model) -> Json& { return model["model"]["vocab"]; };
    EXPECT_EQ(why([](Json&, Json&) {}), "");
    refused("finite score", [&](Json&, Json& m) { vocab(m)[9][1] = nullptr; });  // a NaN, written
    refused("finite score", [&](Json&, Json& m) { vocab(m)[9][1] = "-1"; });
    refused("finite score", [&](Json&, Json& m) { vocab(m)[9] = Json::array(); });
    refused("finite score", [&](Json&, Json& m) { vocab(m)[9].push_back(0); });
    refused("vocabulary is missing", [&](Json&, Json& m) { vocab(m) = Json::object(); });
    refused("twice", [&](Json&, Json& m) { vocab(m)[9] = vocab(m)[10]; });
    refused("no token", [&](Json&, Json& m) { vocab(m)[9][0] = "\U0001F3B5"; });
    refused("of 0 tokens", [&](Json&, Json& m) { vocab(m).push_back(Json::array({"", -1.0})); });
    refused("of 2000 tokens", [&](Json&, Json& m) {
        vocab(m).push_back(Json::array({std::string(2000, '('), -1.0}));
    });
    refused("no sub-word of its own", [&](Json&, Json& m) { vocab(m).erase(4); });
    refused("expected at most", [&](Json&, Json& m) {
        Json::array_t many(2'000'000, Json());
        vocab(m) = std::move(many);
    });
    refused("added token", [&](Json&, Json& m) { m["added_tokens"][0]["content"] = "((("; });
    refused("WordPiece", [&](Json&, Json& m) { m["model"]["type"] = "WordPiece"; });
    refused("no JSON", [](Json& j, Json& m) {
        j["_model"] = "{\"model\": 1e999}";
        m = nullptr;
    });
    refused("two characters",
            [](Json& j, Json&) { j["_vocab_base_byte_to_token"]["\u4e00"] = "PAD_None"; });
    refused("not among the tokens",
            [](Json& j, Json&) { j["_vocab_base"]["Made_Up-unigram"] = j["_vocab_base"].size(); });
}

}  // namespace
}  // namespace symphony::tokens::miditok
