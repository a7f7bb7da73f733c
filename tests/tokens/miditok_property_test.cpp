// For random music under every scheme of MidiTok: the grammar accepts what encode writes, what it
// accepts decodes, and decoding gives the same ids again. Hostile files are refused or do no harm.
#include "symphony/base/error.h"
#include "symphony/base/rng.h"
#include "symphony/tokens/explain.h"
#include "symphony/tokens/miditok/miditok_tokenizer.h"
#include "symphony/tokens/miditok/subword.h"

#include "tokens/grammar_walk.h"
#include "tokens/random_score.h"
#include <gtest/gtest.h>
#include <pthread.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <tuple>

namespace symphony::tokens::miditok {
namespace {

// With equal chances, ended where that is legal after a while.
std::vector<TokenId> walk(const Tokenizer& tokenizer, std::uint64_t seed) {
    constexpr std::size_t kLength = 100, kLongest = 3000;
    return tests::random_walk(
        tokenizer, seed, kLongest,
        [&](const Grammar&, std::span<const TokenId> walked, const std::vector<TokenId>& legal,
            base::Rng& rng) {
            const TokenId end = tokenizer.end_token();
            const bool may_end = std::binary_search(legal.begin(), legal.end(), end);
            return may_end && walked.size() > kLength ? end : legal[rng.below(legal.size())];
        });
}

// The variants of options under which every scheme is held to the properties.
std::vector<Config> variants(Scheme scheme) {
    std::vector<Config> all{default_config(scheme)};
    const auto add = [&](auto change) {
        Config config = default_config(scheme);
        change(config);
        settle(config);
        all.push_back(config);
    };
    add([](Config& c) { c.use_chords = c.use_rests = true; });
    add([](Config& c) { c.use_sustain_pedals = c.use_pitch_bends = true; });
    add([](Config& c) { c.use_sustain_pedals = c.sustain_pedal_duration = true; });
    add([](Config& c) { c.program_changes = true; });
    add([](Config& c) { c.use_programs = false; });
    add([](Config& c) { c.one_token_stream_for_programs = false; });
    add([](Config& c) { c.use_velocities = c.use_tempos = c.use_time_signatures = false; });
    add([](Config& c) { c.use_note_duration_programs.clear(); });
    add([](Config& c) { c.use_pitch_intervals = true; });
    if (scheme == Scheme::kRemi) {
        add([](Config& c) { c.use_bar_end_tokens = c.add_trailing_bars = true; });
    }
    if (scheme == Scheme::kMmm) {
        add([](Config& c) { c.base_scheme = Scheme::kRemi; });
        add([](Config& c) { c.base_scheme = Scheme::kMidiLike; });
    }
    if (scheme == Scheme::kPerTok) {
        add([](Config& c) { c.use_position_toks = true; });
        add([](Config& c) { c.use_microtiming = false; });
    }
    return all;
}

class MidiTokScheme : public testing::TestWithParam<Scheme> {};

TEST_P(MidiTokScheme, AcceptsEveryEncodedPiece) {
    const auto scores = tests::random_scores(10);
    int variant = 0;
    for (const Config& config : variants(GetParam())) {
        const MidiTokTokenizer tokenizer(config);
        for (const score::Score& score : scores) {
            const Encoded encoded = tokenizer.encode(score);
            ASSERT_EQ(encoded.ids.size(), encoded.sources.size());
            ASSERT_EQ(encoded.losses.count("no-token"), 0U) << variant;
            ASSERT_TRUE(tests::grammar_takes(tokenizer, encoded.ids)) << "variant " << variant;
        }
        ++variant;
    }
}

using NoteValues = std::tuple<int, std::int64_t, std::int64_t, int, int>;

// Of all parts, whatever their order: program (drums -1), onset, length, pitch, velocity.
std::vector<NoteValues> note_values(const score::Score& score) {
    std::vector<NoteValues> values;
    for (const score::Part& part : score.parts)
        for (const score::Note& note : part.notes)
            values.push_back({part.is_drums ? -1 : part.program, note.onset.value,
                              note.duration.value, note.pitch, note.velocity});
    std::sort(values.begin(), values.end());
    return values;
}

TEST_P(MidiTokScheme, EncodingWhatWasDecodedKeepsEveryNote) {
    const auto scores = tests::random_scores(30, {.tidy = true});
    const MidiTokTokenizer tokenizer(default_config(GetParam()));
    for (const score::Score& score : scores) {
        const score::Score decoded = tokenizer.decode(tokenizer.encode(score).ids);
        const score::Score again = tokenizer.decode(tokenizer.encode(decoded).ids);
        // Micro-timing has classes, which need not hold the ticks that it was decoded to.
        if (GetParam() == Scheme::kPerTok) {
            EXPECT_EQ(again.note_count(), decoded.note_count());
            continue;
        }
        EXPECT_EQ(note_values(again), note_values(decoded));
        EXPECT_EQ(again.meters, decoded.meters);
        EXPECT_EQ(again.tempos, decoded.tempos);
    }
}

TEST_P(MidiTokScheme, RandomWalksDecode) {
    int variant = 0;
    for (const Config& config : variants(GetParam())) {
        const MidiTokTokenizer tokenizer(config);
        for (std::uint64_t seed = 0; seed < 3; ++seed) {
            const auto ids = walk(tokenizer, seed);
            const score::Score decoded = tokenizer.decode(ids);
            for (const score::Part& part : decoded.parts)
                for (const score::Note& note : part.notes)
                    ASSERT_GT(note.duration, score::Ticks(0)) << variant;
            tokenizer.encode(decoded);
        }
        ++variant;
    }
}

TEST_P(MidiTokScheme, CutAndShuffledSequencesDecode) {
    const auto scores = tests::random_scores(4);
    base::Rng rng(1, "cut");
    for (const Config& config : variants(GetParam())) {
        const MidiTokTokenizer tokenizer(config);
        for (const score::Score& score : scores) {
            auto ids = tokenizer.encode(score).ids;
            for (std::size_t length = 0; length <= ids.size(); length += 1 + ids.size() / 8)
                tokenizer.decode(std::span(ids).subspan(0, length));
            rng.shuffle(std::span(ids));
            ids.push_back(-1);
            ids.push_back(1 << 20);
            for (const score::Part& part : tokenizer.decode(ids).parts)
                for (const score::Note& note : part.notes)
                    EXPECT_GT(note.duration, score::Ticks(0));
        }
    }
}

TEST_P(MidiTokScheme, ItsFileGivesTheSameTokenizer) {
    const score::Score score = tests::random_score(5);
    for (const Config& config : variants(GetParam())) {
        const MidiTokTokenizer tokenizer(config);
        const base::Json json = tokenizer.to_json();
        const auto again = tokenizer_from_json(json, "tokenizer.json");
        EXPECT_EQ(again->to_json(), json);
        EXPECT_EQ(again->scheme(), tokenizer.scheme());
        EXPECT_EQ(again->encode(score).ids, tokenizer.encode(score).ids);
    }
}

TEST_P(MidiTokScheme, ExplainsAPiece) {
    const score::Score score = tests::random_score(7, {.tidy = true});
    const auto tokenizer =
        learn_tokenizer(std::span(&score, 1), {.scheme = scheme_name(GetParam())});
    const Explanation explanation = explain(*tokenizer, score);
    EXPECT_GT(explanation.tokens, 0);
    EXPECT_EQ(explanation.source_notes, static_cast<std::int64_t>(score.note_count()));
    EXPECT_GT(explanation.decoded_notes, 0);
}

INSTANTIATE_TEST_SUITE_P(Schemes, MidiTokScheme,
                         testing::Values(Scheme::kRemi, Scheme::kTsd, Scheme::kMidiLike,
                                         Scheme::kStructured, Scheme::kCpWord, Scheme::kOctuple,
                                         Scheme::kMuMidi, Scheme::kMmm, Scheme::kPerTok),
                         [](const auto& scheme) { return class_name(scheme.param); });

TEST(MidiTokSubWords, GrammarAndDecodingWorkOverThem) {
    const auto scores = tests::random_scores(12);
    const auto tokenizer = MidiTokTokenizer(default_config(Scheme::kTsd))
                               .with_subwords(scores, {.vocabulary_size = 1100});
    for (const score::Score& score : scores) {
        EXPECT_TRUE(tests::grammar_takes(*tokenizer, tokenizer->encode(score).ids));
    }
    EXPECT_GT(tokenizer->decode(walk(*tokenizer, 3)).note_count(), 0U);
}

// Runs `body` on a stack of 128 KiB.
void on_small_stack(const std::function<void()>& body) {
    pthread_attr_t attributes;
    ASSERT_EQ(pthread_attr_init(&attributes), 0);
    ASSERT_EQ(pthread_attr_setstacksize(&attributes, 128 << 10), 0);
    pthread_t thread;
    const auto run = [](void* argument) -> void* {
        (*static_cast<const std::function<void()>*>(argument))();
        return nullptr;
    };
    ASSERT_EQ(pthread_create(&thread, &attributes, run,
                             const_cast<void*>(static_cast<const void*>(&body))),
              0);
    pthread_join(thread, nullptr);
    pthread_attr_destroy(&attributes);
}

// A file may ask for sub-words as long as are read; longer ones are refused with a word.
TEST(MidiTokSubWords, LongSubWordsTakeNoStack) {
    const auto scores = tests::random_scores(4);
    const base::Json good = MidiTokTokenizer(default_config(Scheme::kTsd))
                                .with_subwords(scores, {.vocabulary_size = 1100})
                                ->to_json();
    int shift = -1;
    for (const auto& [name, id] : good.at("_vocab_base").items())
        if (name.starts_with("TimeShift_")) shift = id.get<int>();
    const auto with_shifts = [&](std::size_t count) {
        base::Json json = good, model = base::Json::parse(good["_model"].get<std::string>());
        std::string text;
        for (std::size_t i = 0; i < count; ++i) text += character_of(shift);
        const std::size_t id = model["model"]["vocab"].size();
        model["model"]["vocab"][text] = id;
        json["_model"] = model.dump();
        return std::pair(json, id);
    };
    const auto [longest, id] = with_shifts(1024);
    const auto tokenizer = tokenizer_from_json(longest, "long.json");
    std::vector<std::uint8_t> mask(static_cast<std::size_t>(tokenizer->vocabulary().size()));
    on_small_stack([&] { tokenizer->grammar()->allowed(mask); });
    EXPECT_EQ(mask.at(id), 1);
    try {
        tokenizer_from_json(with_shifts(1025).first, "long.json");
        ADD_FAILURE() << "taken";
    } catch (const base::Error& error) {
        EXPECT_EQ(error.kind, base::ErrorKind::kModel);
        EXPECT_NE(error.message.find("1025 tokens, expected 1 to 1024"), std::string::npos)
            << error.message;
    }
}

// Each is refused by an error that names the file.
TEST(MidiTokFile, HostileFilesAreRefused) {
    const base::Json good = MidiTokTokenizer(default_config(Scheme::kRemi)).to_json();
    const auto refused = [](const base::Json& json) {
        try {
            tokenizer_from_json(json, "bad.json");
        } catch (const base::Error& error) {
            EXPECT_EQ(error.kind, base::ErrorKind::kModel) << error.message;
            EXPECT_EQ(error.path, "bad.json");
            return;
        }
        ADD_FAILURE() << "taken: " << json.dump().substr(0, 300);
    };
    EXPECT_NO_THROW(tokenizer_from_json(good, "good.json"));
    const auto changed = [&](const char* key, base::Json value) {
        base::Json json = good;
        json["config"][key] = std::move(value);
        refused(json);
    };
    refused({{"tokenization", "REMI"}});
    refused({{"tokenization", "Nonsense"}, {"config", good["config"]}});
    refused({{"tokenization", 7}, {"config", good["config"]}});
    refused({{"tokenization", "MMM"}, {"config", good["config"]}});
    refused({{"tokenization", "PerTok"}, {"config", good["config"]}});
    refused({{"tokenization", "REMI"}, {"config", base::Json::array()}});
    changed("pitch_range", {0, 128});
    changed("pitch_range", {50, 50});
    changed("pitch_range", "all");
    changed("beat_res", {{"0_4", 1'000'000'000}});
    changed("beat_res", {{"0_2000000000", 8}});
    changed("beat_res", {{"4_0", 8}});
    changed("beat_res", {{"x_y", 8}});
    changed("beat_res", base::Json::object());
    changed("num_velocities", 1'000'000);
    changed("num_velocities", -1);
    changed("num_velocities", 1.5);
    changed("num_tempos", 1u << 31);
    changed("tempo_range", {0, 0});
    changed("tempo_range", {-1e300, 1e300});
    changed("time_signature_range", {{"3", {1}}});
    changed("time_signature_range", {{"8", {1}}});
    changed("time_signature_range", {{"4", {0}}});
    changed("programs", {-2});
    changed("programs", {1'000'000'000'000});
    changed("special_tokens", {1, 2});
    changed("special_tokens", base::Json::array({"PAD"}));
    changed("chord_maps", {{"x", "y"}});
    changed("pitch_bend_range", {0, 8191, 2'000'000'000});
    changed("encode_ids_split", "bars");
    changed("additional_params", {{"max_bar_embedding", 2'000'000'000}});
    base::Json json = good;
    json["_vocab_base"] = {{"PAD_None", 0}};
    refused(json);
    json["_vocab_base"] = {{"PAD_None", 5}};
    refused(json);
    json = good;
    json["_model"] = "{";
    refused(json);
    json["_vocab_base_byte_to_token"] = {{"!", "PAD_None"}};
    for (const char* model : {"{", "[]", "{\"model\":{}}", "{\"model\":{\"type\":\"Unigram\"}}",
                              "{\"model\":{\"type\":\"BPE\",\"vocab\":{\"!\":1},\"merges\":[]}}",
                              "{\"model\":{\"type\":\"BPE\",\"vocab\":{\"?\":0},\"merges\":[]}}",
                              "{\"model\":{\"type\":\"BPE\",\"vocab\":{\"!\":0},\"merges\":[3]}}",
                              "{\"model\":{\"type\":\"BPE\",\"vocab\":{\"!\":0},\"merges\":[[\"!"
                              "\",\"!\"]]}}"}) {
        json["_model"] = model;
        refused(json);
    }
}

}  // namespace
}  // namespace symphony::tokens::miditok
