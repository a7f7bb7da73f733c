#include "symphony/models/export/gguf_writer.h"

#include "symphony/base/file.h"
#include "symphony/nn/bf16.h"
#include "symphony/nn/half.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cmath>

namespace symphony::models {

static_assert(std::endian::native == std::endian::little, "GGUF holds little-endian bytes");

namespace {

constexpr std::uint32_t kVersion = 3, kAlignment = 32;
constexpr std::uint32_t kUint32 = 4, kFloat32 = 6, kString = 8, kArray = 9;  // types of values

template <class T>
void append(std::string& bytes, T value) {
    bytes.append(reinterpret_cast<const char*>(&value), sizeof value);
}

void append(std::string& bytes, const std::string& text) {
    append(bytes, static_cast<std::uint64_t>(text.size()));
    bytes += text;
}

void pad(std::string& bytes) {
    bytes.resize((bytes.size() + kAlignment - 1) / kAlignment * kAlignment, '\0');
}

std::string q8_blocks(std::span<const float> values) {
    std::string bytes;
    for (std::size_t at = 0; at < values.size(); at += kQ8Block) {
        const auto block = values.subspan(at, kQ8Block);
        float largest = 0;
        for (const float x : block) largest = std::max(largest, std::abs(x));
        const float scale = largest / 127, inverse = scale == 0 ? 0 : 1 / scale;
        append(bytes, nn::half_from_float(scale));
        for (const float x : block)
            append(bytes, static_cast<std::int8_t>(std::lround(x * inverse)));
    }
    return bytes;
}

std::string stored(std::span<const float> values, GgufType type) {
    if (type == GgufType::kQ8_0) return q8_blocks(values);
    if (type == GgufType::kBf16) {
        std::vector<nn::Bf16> rounded(values.size());
        nn::to_bf16(values.data(), static_cast<std::int64_t>(values.size()), rounded.data());
        return {reinterpret_cast<const char*>(rounded.data()), rounded.size() * sizeof(nn::Bf16)};
    }
    return {reinterpret_cast<const char*>(values.data()), values.size_bytes()};
}

}  // namespace

void GgufWriter::begin_value(const std::string& key, std::uint32_t type) {
    append(metadata_, key);
    append(metadata_, type);
    ++metadata_count_;
}

void GgufWriter::set(const std::string& key, std::uint32_t value) {
    begin_value(key, kUint32);
    append(metadata_, value);
}

void GgufWriter::set(const std::string& key, float value) {
    begin_value(key, kFloat32);
    append(metadata_, value);
}

void GgufWriter::set(const std::string& key, const std::string& value) {
    begin_value(key, kString);
    append(metadata_, value);
}

void GgufWriter::set(const std::string& key, std::span<const std::string> values) {
    begin_value(key, kArray);
    append(metadata_, kString);
    append(metadata_, static_cast<std::uint64_t>(values.size()));
    for (const std::string& value : values) append(metadata_, value);
}

void GgufWriter::add(const std::string& name, std::int64_t rows, std::int64_t columns,
                     std::span<const float> values, GgufType type) {
    assert(static_cast<std::int64_t>(values.size()) == rows * columns);
    assert(type != GgufType::kQ8_0 || columns % kQ8Block == 0);
    tensors_.push_back({name, rows, columns, type, stored(values, type)});
}

std::string GgufWriter::format() const {
    std::string bytes = "GGUF";
    append(bytes, kVersion);
    append(bytes, static_cast<std::uint64_t>(tensors_.size()));
    append(bytes, metadata_count_);
    bytes += metadata_;
    std::uint64_t offset = 0;
    for (const Tensor& tensor : tensors_) {
        append(bytes, tensor.name);
        // The innermost dimension comes first.
        append(bytes, std::uint32_t{tensor.rows == 1 ? 1u : 2u});
        append(bytes, static_cast<std::uint64_t>(tensor.columns));
        if (tensor.rows != 1) append(bytes, static_cast<std::uint64_t>(tensor.rows));
        append(bytes, static_cast<std::uint32_t>(tensor.type));
        append(bytes, offset);
        offset += (tensor.bytes.size() + kAlignment - 1) / kAlignment * kAlignment;
    }
    pad(bytes);
    bytes.reserve(bytes.size() + offset);
    for (const Tensor& tensor : tensors_) {
        bytes += tensor.bytes;
        pad(bytes);
    }
    return bytes;
}

void GgufWriter::write(const std::filesystem::path& path) const {
    base::write_file_atomically(path, format());
}

}  // namespace symphony::models
