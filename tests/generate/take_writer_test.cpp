#include "symphony/generate/take_writer.h"

#include "symphony/io/midi_reader.h"
#include "symphony/io/midi_writer.h"

#include "generate/count_model.h"
#include <gtest/gtest.h>

namespace symphony::generate {
namespace {

using testing::SmallWorld;

struct Written {
    std::string midi, json;
};

Written write(const SmallWorld& world, std::uint64_t seed) {
    Request request;
    request.bars = 4;
    request.seed = seed;
    request.unseen = world.unseen;
    const auto takes = compose([&] { return world.model(); }, *world.tokenizer, request, 2, 2,
                               base::silent_progress());
    TakeRecord record;
    record.version = "1.2.3";
    record.model = "counts";
    record.family = "count";
    record.scheme = "remi";
    record.weights_sha256 = "abcdef";
    record.seed = seed;
    record.settings = {{"bars", 4}};
    ExpressionOptions expression;
    expression.seed = seed;
    expression.take = 1;
    const Performance performance = perform(takes[1].score, expression);
    EXPECT_EQ(take_name(takes[1]), "take-2");
    return {io::format_midi(with_provenance(takes[1], performance, record)).value(),
            base::format_json(take_json(*world.tokenizer, takes[1], performance, record))};
}

TEST(TakeWriter, SameSeedSameBytes) {
    const SmallWorld world;
    const Written first = write(world, 7), again = write(world, 7), other = write(world, 8);
    EXPECT_EQ(first.midi, again.midi);
    EXPECT_EQ(first.json, again.json);
    EXPECT_NE(first.midi, other.midi);
}

TEST(TakeWriter, TheMidiFileSaysWhereItComesFrom) {
    const SmallWorld world;
    const auto read = io::parse_midi(write(world, 7).midi, "take-2.mid");
    ASSERT_TRUE(read.ok());
    const score::Score& score = read.value().score;
    EXPECT_EQ(read.value().grade, io::Grade::kClean);
    EXPECT_EQ(score.parts.size(), 4u);
    EXPECT_EQ(score.parts[0].program, 52);
    std::string texts;
    for (const auto& text : score.texts) texts += text.text + "\n";
    for (const char* part : {"Symphony 1.2.3", "abcdef", "\"seed\":7,\"take\":2", "gentle"})
        EXPECT_NE(texts.find(part), std::string::npos) << part << " in " << texts;
}

TEST(TakeWriter, SideFile) {
    const SmallWorld world;
    const auto json = base::parse_json(write(world, 7).json).value();
    EXPECT_EQ(json.at("take"), 2);
    EXPECT_EQ(json.at("bars"), 4);
    EXPECT_EQ(json.at("model").at("weights_sha256"), "abcdef");
    EXPECT_GT(json.at("notes").get<int>(), 0);
}

}  // namespace
}  // namespace symphony::generate
