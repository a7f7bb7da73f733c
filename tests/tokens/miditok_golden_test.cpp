// The ids that MidiTok 3.0.6 gave for our small files, under every scheme and many options; made by
// tools/make_miditok_goldens.py.
#include "symphony/base/file.h"
#include "symphony/io/midi_message_reader.h"
#include "symphony/io/score_file.h"
#include "symphony/tokens/miditok/miditok_tokenizer.h"

#include "tokens/doc_page.h"
#include <gtest/gtest.h>

#include <filesystem>
#include <string>

namespace symphony::tokens::miditok {
namespace {

using base::Json;

const std::filesystem::path kGoldens =
    std::filesystem::path(SYMPHONY_SOURCE_DIR) / "tests/tokens/goldens/miditok";

score::Score read(const std::string& file) {
    return io::read_score_file(kGoldens / file).value().score;
}

Piece piece_of_file(const std::string& file) {
    const std::string bytes = base::read_file(kGoldens / file).value();
    return piece_of(io::parse_midi_messages(bytes, file).value());
}

Json json_of(const std::vector<IdStream>& streams) {
    Json json = Json::array();
    for (const IdStream& stream : streams) {
        if (stream.row_sizes.empty()) {
            json.push_back(stream.ids);
            continue;
        }
        Json rows = Json::array();
        auto at = stream.ids.begin();
        for (const int size : stream.row_sizes) {
            rows.push_back(std::vector<int>(at, at + size));
            at += size;
        }
        json.push_back(rows);
    }
    return json;
}

class MidiTokGolden : public testing::TestWithParam<std::string> {};

TEST_P(MidiTokGolden, GivesTheSameIds) {
    const Json cases = base::read_json_file(kGoldens / (GetParam() + ".json")).value();
    ASSERT_FALSE(cases.empty());
    for (const Json& one : cases) {
        const auto tokenizer = MidiTokTokenizer::from_json(one["tokenizer"], GetParam());
        const auto name = one["name"].get<std::string>(), file = one["file"].get<std::string>();
        EXPECT_EQ(json_of(tokenizer->encode_streams(piece_of_file(file))).dump(), one["ids"].dump())
            << name << ' ' << file;
    }
}

INSTANTIATE_TEST_SUITE_P(Schemes, MidiTokGolden,
                         testing::Values("remi", "tsd", "midilike", "structured", "cpword",
                                         "octuple", "mumidi", "mmm", "pertok", "order"));

// A bar of 4/4 at 120: a bass's A2, a quarter, and a closed hi-hat on one; the E3 above on three.
score::Score bass_and_hat() {
    using score::Ticks;
    score::Score score;
    score.ticks_per_quarter = 12;
    score.meters = {{Ticks(0), {4, 4}}};
    score.bars = {{Ticks(0), Ticks(48), {4, 4}}};
    score.tempos = {{Ticks(0), 120}};
    score.parts.resize(2);
    score.parts[0] = {.name = "Bass", .program = 33};
    score.parts[0].notes = {
        {.onset = Ticks(0), .duration = Ticks(12), .pitch = 45, .velocity = 64},
        {.onset = Ticks(24), .duration = Ticks(6), .pitch = 52, .velocity = 64}};
    score.parts[1] = {.name = "Drums", .is_drums = true};
    score.parts[1].notes = {{.onset = Ticks(0), .duration = Ticks(6), .pitch = 42, .velocity = 64}};
    return score;
}

TEST(MidiTokPages, SayWhatIsSpelled) {
    for (const char* scheme : {"miditok-remi", "tsd", "midilike", "structured", "cpword", "octuple",
                               "mumidi", "mmm", "pertok"}) {
        const score::Score score = bass_and_hat();
        const auto tokenizer = learn_tokenizer(std::span(&score, 1), {.scheme = scheme});
        EXPECT_EQ(tests::spelled_out(*tokenizer, tokenizer->encode(score).ids),
                  tests::doc_block(scheme, tests::kWorkedBar).words)
            << scheme;
    }
}

TEST(MidiTokSubWords, LearnsTheMergesOfHuggingFaceTokenizers) {
    const Json cases = base::read_json_file(kGoldens / "bpe.json").value();
    for (const Json& one : cases) {
        const auto plain = MidiTokTokenizer::from_json(one["tokenizer"], "bpe");
        std::vector<score::Score> scores;
        for (const Json& file : one["files"]) scores.push_back(read(file.get<std::string>()));
        const auto learned =
            plain->with_subwords(scores, {.vocabulary_size = one["size"].get<int>()});
        const Json json = learned->to_json();
        const Json model = Json::parse(json["_model"].get<std::string>());
        EXPECT_EQ(model["model"]["merges"], one["merges"]) << plain->scheme();
        // As it is, and read back from its file.
        const auto again = MidiTokTokenizer::from_json(json, "bpe");
        EXPECT_EQ(again->to_json(), json);
        for (std::size_t i = 0; i < scores.size(); ++i) {
            EXPECT_EQ(json_of(learned->encode_streams(piece_of(scores[i]))), one["ids"][i]);
            EXPECT_EQ(json_of(again->encode_streams(piece_of(scores[i]))), one["ids"][i]);
            EXPECT_EQ(plain->decode(plain->encode(scores[i]).ids),
                      learned->decode(learned->encode(scores[i]).ids));
        }
    }
}

TEST(MidiTokSubWords, RefusesRowsAndTooSmallAVocabulary) {
    const std::vector<score::Score> scores{read("piano.mid")};
    const MidiTokTokenizer rows(default_config(Scheme::kCpWord));
    EXPECT_THROW(rows.with_subwords(scores, {.vocabulary_size = 5000}), base::Error);
    const MidiTokTokenizer stream(default_config(Scheme::kTsd));
    EXPECT_THROW(stream.with_subwords(scores, {.vocabulary_size = 10}), base::Error);
}

TEST(MidiTokConfig, SetOrderIsThatOfPython) {
    std::vector<int> all;
    for (int program = -1; program < 128; ++program) all.push_back(program);
    const std::vector<int> order = python_set_order(all);
    EXPECT_EQ(order.front(), 0);
    EXPECT_EQ(order[127], 127);
    EXPECT_EQ(order.back(), -1);
    // list(set([...])) of CPython 3.11
    EXPECT_EQ(python_set_order({-1, 0, 6, 19, 40, 41, 42, 48, 52, 70, 73, 24, 32}),
              (std::vector<int>{0, 32, 6, 70, 40, 41, 42, 73, 48, 19, 52, 24, -1}));
    EXPECT_EQ(python_set_order({9, 1, 17, 8, 0}), (std::vector<int>{0, 1, 8, 9, 17}));
}

}  // namespace
}  // namespace symphony::tokens::miditok
