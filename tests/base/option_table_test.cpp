#include "symphony/base/option_table.h"

#include "symphony/base/temporary_folder.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

namespace symphony::base {
namespace {

struct Settings {
    int layers = 2;
    double dropout = 0.1;
    bool tied = false;
    std::string model = "lstm";
    std::optional<double> tempo;

    void describe(OptionTable& table) {
        table.add("layers", layers, "how many layers", {1, 64});
        table.add("dropout", dropout, "share of units dropped", {0, 0.9});
        table.add("tied", tied, "tie embedding and output");
        table.add("model", model, "family", {"rnn", "lstm"});
        table.add("tempo", tempo, "beats per minute", {1, 1000});
    }
};

std::string usage_error(OptionTable& table, const std::string& name, const std::string& text) {
    try {
        table.set_from_text(name, text);
    } catch (const Error& error) {
        EXPECT_EQ(error.kind, ErrorKind::kUsage);
        return error.format();
    }
    ADD_FAILURE() << name << "=" << text << " was accepted";
    return {};
}

TEST(OptionTable, TextIsReadAsTheOptionsKind) {
    Settings s;
    OptionTable table;
    s.describe(table);
    table.set_from_text("layers", "4");
    table.set_from_text("dropout", "0.25");
    table.set_from_text("tied", "true");
    table.set_from_text("tempo", "76");
    EXPECT_EQ(s.layers, 4);
    EXPECT_DOUBLE_EQ(s.dropout, 0.25);
    EXPECT_TRUE(s.tied);
    EXPECT_DOUBLE_EQ(s.tempo.value(), 76);
    EXPECT_TRUE(table.given("layers"));
    EXPECT_FALSE(table.given("model"));
}

TEST(OptionTable, RefusalsNameWhatWasExpected) {
    Settings s;
    OptionTable table;
    s.describe(table);
    EXPECT_NE(usage_error(table, "layers", "0").find("from 1 to 64"), std::string::npos);
    EXPECT_NE(usage_error(table, "layers", "2.5").find("whole number"), std::string::npos);
    EXPECT_NE(usage_error(table, "dropout", "nan").find("from 0 to 0.9"), std::string::npos);
    EXPECT_NE(usage_error(table, "model", "gru").find("rnn, lstm"), std::string::npos);
    EXPECT_NE(usage_error(table, "layrs", "2").find("did you mean 'layers'"), std::string::npos);
    EXPECT_EQ(s.layers, 2);
}

TEST(OptionTable, JsonRoundTrip) {
    Settings s;
    OptionTable table;
    s.describe(table);
    table.set_from_text("layers", "3");
    Settings t;
    OptionTable other;
    t.describe(other);
    other.from_json(table.to_json());
    EXPECT_EQ(t.layers, 3);
    EXPECT_FALSE(t.tempo.has_value());
}

TEST(OptionTable, TomlNamesTheLineOfAnUnknownKey) {
    const TemporaryFolder folder;
    const std::string path = folder.path() / "options.toml";
    std::ofstream(path) << "layers = 3\nlayer = 4\n";
    Settings s;
    OptionTable table;
    s.describe(table);
    try {
        table.from_toml_file(path);
        FAIL() << "unknown key accepted";
    } catch (const Error& error) {
        EXPECT_NE(error.format().find(path + ":2"), std::string::npos) << error.format();
        EXPECT_NE(error.format().find("'layers'"), std::string::npos);
    }
}

TEST(OptionTable, JsonFilesAreReadLikeToml) {
    const TemporaryFolder folder;
    const std::string path = folder.path() / "options.json";
    Settings s;
    OptionTable table;
    s.describe(table);
    std::ofstream(path) << R"({"layers": 5, "tempo": null})";
    table.from_file(path);
    EXPECT_EQ(s.layers, 5);
    for (const char* bad : {R"({"layrs": 5})", R"({"layers": "five"})", "[1]", "{"}) {
        std::ofstream(path) << bad;
        try {
            table.from_file(path);
            ADD_FAILURE() << bad;
        } catch (const Error& error) {
            EXPECT_EQ(error.kind, ErrorKind::kUsage) << bad;
        }
    }
}

TEST(OptionTable, FallsBackOnAnotherTable) {
    Settings s;
    OptionTable table, global;
    s.describe(table);
    std::int64_t seed = 1;
    int layers = 7;
    global.add("seed", seed, "seed");
    global.add("layers", layers, "hidden by the table's own");
    table.fall_back_on(global);
    table.set_from_text("seed", "3");
    table.set("layers", 4);
    EXPECT_EQ(seed, 3);
    EXPECT_EQ(s.layers, 4);
    EXPECT_EQ(layers, 7);
    EXPECT_NE(usage_error(table, "sed", "2").find("did you mean 'seed'"), std::string::npos);
}

TEST(OptionTable, ListsHaveChoicesToo) {
    std::vector<std::string> models;
    OptionTable table;
    table.add("models", models, "which", {"rnn", "lstm"});
    table.set("models", Json{"lstm", "rnn"});
    EXPECT_EQ(models.size(), 2u);
    EXPECT_NE(usage_error(table, "models", "rnn,lstmm").find("rnn, lstm"), std::string::npos);
    EXPECT_EQ(models.size(), 2u);
}

}  // namespace
}  // namespace symphony::base
