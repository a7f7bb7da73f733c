#include "symphony/nn/safetensors.h"

#include "symphony/base/error.h"

#include "temporary_folder.h"
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <limits>

namespace symphony::nn {
namespace {

namespace fs = std::filesystem;

class SafetensorsTest : public ::testing::Test {
  protected:
    test_support::TemporaryFolder made_;
    fs::path folder_ = made_.path;
    fs::path path_ = folder_ / "x.safetensors";

    void write_raw(const std::string& header, std::size_t data_bytes) {
        write_raw_length(header.size(), header + std::string(data_bytes, '\0'));
    }
    void write_raw_length(std::uint64_t length, const std::string& rest) {
        std::ofstream out(path_, std::ios::binary);
        out.write(reinterpret_cast<const char*>(&length), sizeof(length));
        out << rest;
    }
    // The message of the Error that opening the file throws; "" if it opens.
    std::string complaint() {
        try {
            SafetensorsFile file(path_);
        } catch (const base::Error& error) {
            EXPECT_EQ(error.kind, base::ErrorKind::kModel);
            EXPECT_EQ(error.path, path_.string());
            return error.message;
        }
        return "";
    }
    void expect_refused(const std::string& header, std::size_t data_bytes,
                        const std::string& needle) {
        write_raw(header, data_bytes);
        const std::string message = complaint();
        EXPECT_NE(message.find(needle), std::string::npos) << header << "\n-> " << message;
    }
};

TEST_F(SafetensorsTest, WhatIsWrittenComesBack) {
    const std::vector<float> floats = {1.5f, -2.0f, 0.0f, 3e-30f, 7.0f, 8.0f};
    const std::vector<double> doubles = {0.1, -1e300};
    const std::vector<std::int64_t> longs = {-5, std::int64_t{1} << 40};
    const std::vector<std::int32_t> ints = {-7};
    const std::vector<std::uint32_t> uints = {4'000'000'000u};
    const std::vector<std::uint16_t> shorts = {65535, 1, 2};
    const std::vector<std::uint8_t> bytes = {255};
    SafetensorsWriter writer;
    writer.add("floats", {2, 3}, floats);
    writer.add("doubles", {2}, doubles);
    writer.add("longs", {2}, longs);
    writer.add("ints", {1}, ints);
    writer.add("uints", {}, uints);
    writer.add("shorts", {3}, shorts);
    writer.add("bytes", {1, 1}, bytes);
    writer.add("empty", {0, 4}, std::vector<float>{});
    writer.set_metadata("format", "pt");
    writer.write(path_);

    const SafetensorsFile file(path_);
    EXPECT_EQ(file.tensors().size(), 8u);
    EXPECT_EQ(file.metadata().at("format"), "pt");
    EXPECT_EQ(file.floats("floats", {2, 3}), floats);
    EXPECT_EQ(file.doubles("doubles", {2}), doubles);
    EXPECT_EQ(file.integers("longs", {2}), longs);
    EXPECT_EQ(file.integers("ints", {1}), (std::vector<std::int64_t>{-7}));
    EXPECT_EQ(file.integers("uints", {}), (std::vector<std::int64_t>{4'000'000'000}));
    EXPECT_EQ(file.integers("shorts", {3}), (std::vector<std::int64_t>{65535, 1, 2}));
    EXPECT_EQ(file.integers("bytes", {1, 1}), (std::vector<std::int64_t>{255}));
    EXPECT_TRUE(file.floats("empty", {0, 4}).empty());
    EXPECT_NO_THROW(file.check_all_finite());
    for (const auto& [name, view] : file.tensors()) {
        EXPECT_EQ(reinterpret_cast<std::uintptr_t>(view.bytes.data()) % size_of(view.dtype), 0u)
            << name;
    }
}

TEST_F(SafetensorsTest, SameTensorsGiveSameBytesInAnyOrder) {
    const std::vector<float> a = {1}, b = {2};
    SafetensorsWriter first, second;
    first.add("a", {1}, a);
    first.add("b", {1}, b);
    second.add("b", {1}, b);
    second.add("a", {1}, a);
    EXPECT_EQ(first.format(), second.format());
}

TEST_F(SafetensorsTest, ReadsHalfAndBfloat16) {
    const std::uint16_t words[] = {0x3c00, 0xc000, 0x0001, 0x7c00, 0x3f80, 0xc000};
    std::string data(sizeof(words), '\0');
    std::memcpy(data.data(), words, sizeof(words));
    const std::string header = R"({"h":{"dtype":"F16","shape":[4],"data_offsets":[0,8]},)"
                               R"("b":{"dtype":"BF16","shape":[2],"data_offsets":[8,12]}})";
    write_raw_length(header.size(), header + data);
    const SafetensorsFile file(path_);
    const auto half = file.floats("h", {4});
    EXPECT_EQ(half[0], 1.0f);
    EXPECT_EQ(half[1], -2.0f);
    EXPECT_EQ(half[2], 0x1p-24f);
    EXPECT_EQ(half[3], std::numeric_limits<float>::infinity());
    EXPECT_EQ(file.floats("b", {2}), (std::vector<float>{1.0f, -2.0f}));
    EXPECT_THROW(file.check_all_finite(), base::Error);
}

TEST_F(SafetensorsTest, NamesTheMissingAndTheMisshapen) {
    SafetensorsWriter writer;
    writer.add("w", {2, 1}, std::vector<float>{1, 2});
    writer.add("i", {1}, std::vector<std::int64_t>{1});
    writer.write(path_);
    const SafetensorsFile file(path_);
    EXPECT_THROW(file.at("v"), base::Error);
    EXPECT_THROW(file.floats("w", {1, 2}), base::Error);
    EXPECT_THROW(file.floats("i", {1}), base::Error);
    EXPECT_THROW(file.integers("w", {2, 1}), base::Error);
}

TEST_F(SafetensorsTest, RefusesNaN) {
    SafetensorsWriter writer;
    writer.add("w", {2}, std::vector<float>{1, std::nanf("")});
    writer.write(path_);
    const SafetensorsFile file(path_);
    EXPECT_THROW(file.check_all_finite(), base::Error);
}

TEST_F(SafetensorsTest, RefusesHostileHeaders) {
    expect_refused("", 0, "begin with {");
    expect_refused("[]", 0, "begin with {");
    expect_refused("{", 0, "not a JSON object");
    expect_refused(R"({"a":1})", 0, "not an object");
    expect_refused(R"({"__metadata__":{"k":1}})", 0, "not text");
    expect_refused(R"({"a":{"shape":[1],"data_offsets":[0,4]}})", 4, "lacks");
    expect_refused(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0]}})", 4, "lacks");
    expect_refused(R"({"a":{"dtype":"Q7","shape":[1],"data_offsets":[0,4]}})", 4, "unknown dtype");
    expect_refused(R"({"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}})", 4, "natural");
    expect_refused(R"({"a":{"dtype":"F32","shape":[1.0],"data_offsets":[0,4]}})", 4, "natural");
    expect_refused(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[-4,4]}})", 4, "natural");
    expect_refused(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}})", 4, "outside");
    expect_refused(R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})", 4, "outside");
    expect_refused(R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}})", 4, "expected 8");
    expect_refused(R"({"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,0]}})",
                   0, "too large");
    // 2^62 x 4 wraps to 0 bytes in 64 bits.
    expect_refused(R"({"a":{"dtype":"F32","shape":[4611686018427387904],"data_offsets":[0,0]}})", 0,
                   "too large");
    expect_refused(R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},)"
                   R"("a":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}})",
                   2, "twice");
    expect_refused(R"({"a":{"dtype":"U8","dtype":"U8","shape":[1],"data_offsets":[0,1]}})", 1,
                   "twice");
    expect_refused(R"({"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},)"
                   R"("b":{"dtype":"U8","shape":[2],"data_offsets":[1,3]}})",
                   3, "overlap or hole");
    expect_refused(R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},)"
                   R"("b":{"dtype":"U8","shape":[1],"data_offsets":[2,3]}})",
                   3, "overlap or hole");
    expect_refused(R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}})", 2,
                   "overlap or hole");
    expect_refused(R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}})", 2,
                   "the header names 1");
    expect_refused(R"({"x":)" + std::string(1000, '[') + std::string(1000, ']') + "}", 0,
                   "nested too deeply");
    expect_refused("{\"\xff\":{}}", 0, "not a JSON object");
}

TEST_F(SafetensorsTest, RefusesWhatFollowsOrReplacesTheHeadersParts) {
    const std::string good = R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}})";
    write_raw(good + "   ", 1);  // padding
    EXPECT_EQ(complaint(), "");
    expect_refused(good + "x", 1, "not a JSON object");
    expect_refused(good + good, 1, "not a JSON object");
    expect_refused(good + std::string(1, '\0') + "{}", 1, "zero byte");
    expect_refused(" " + good, 1, "begin with {");
    expect_refused(R"({"__metadata__":[]})", 0, "not an object");
    expect_refused(R"({"__metadata__":{"k":"1","k":"2"}})", 0, "twice");
    expect_refused(R"({"a":{"dtype":"U8","shape":{},"data_offsets":[0,1]}})", 1, "lacks");
    expect_refused(R"({"a":{"dtype":"U8","shape":[true],"data_offsets":[0,1]}})", 1, "natural");
    expect_refused(R"({"a":{"dtype":7,"shape":[1],"data_offsets":[0,1]}})", 1, "lacks");
    expect_refused(R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1e30]}})", 1, "natural");
    expect_refused(R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1,1]}})", 1, "lacks");
    expect_refused(R"({"a":{"dtype":"F4","shape":[2],"data_offsets":[0,1]}})", 1, "unknown dtype");
    // A product that passes through zero may not hide one that is too large.
    expect_refused(
        R"({"a":{"dtype":"F32","shape":[4611686018427387904,8,0],"data_offsets":[0,0]}})", 0,
        "too large");
}

TEST_F(SafetensorsTest, ReadsTheOtherIntegersAndBool) {
    const std::string header = R"({"u":{"dtype":"U64","shape":[2],"data_offsets":[0,16]},)"
                               R"("s":{"dtype":"I16","shape":[1],"data_offsets":[16,18]},)"
                               R"("b":{"dtype":"I8","shape":[1],"data_offsets":[18,19]},)"
                               R"("t":{"dtype":"BOOL","shape":[2],"data_offsets":[19,21]}})";
    const std::uint64_t longs[] = {5, std::uint64_t{1} << 63};
    std::string data(reinterpret_cast<const char*>(longs), sizeof longs);
    data += "\xfe\xff\xfd";
    data += std::string("\x01\x00", 2);
    write_raw_length(header.size(), header + data);
    const SafetensorsFile file(path_);
    EXPECT_EQ(file.integers("s", {1}), (std::vector<std::int64_t>{-2}));
    EXPECT_EQ(file.integers("b", {1}), (std::vector<std::int64_t>{-3}));
    EXPECT_EQ(file.integers("t", {2}), (std::vector<std::int64_t>{1, 0}));
    EXPECT_THROW(file.integers("u", {2}), base::Error);  // the second needs 64 bits
    EXPECT_THROW(file.floats("t", {2}), base::Error);
}

TEST_F(SafetensorsTest, RefusesHostileLengths) {
    std::ofstream(path_) << "short";
    EXPECT_NE(complaint().find("shorter"), std::string::npos);
    write_raw_length(100'000'001, "{}");
    EXPECT_NE(complaint().find("at most"), std::string::npos);
    write_raw_length(std::numeric_limits<std::uint64_t>::max(), "{}");
    EXPECT_NE(complaint().find("at most"), std::string::npos);
    write_raw_length(3, "{}");
    EXPECT_NE(complaint().find("cut short"), std::string::npos);
    fs::remove(path_);
    EXPECT_NE(complaint(), "");
}

TEST_F(SafetensorsTest, EveryCutOfAGoodFileIsRefused) {
    SafetensorsWriter writer;
    writer.add("w", {3}, std::vector<float>{1, 2, 3});
    writer.add("i", {2}, std::vector<std::uint8_t>{1, 2});
    const std::string bytes = writer.format();
    for (std::size_t size = 0; size < bytes.size(); ++size) {
        std::ofstream(path_, std::ios::binary | std::ios::trunc) << bytes.substr(0, size);
        EXPECT_NE(complaint(), "") << size;
    }
}

}  // namespace
}  // namespace symphony::nn
