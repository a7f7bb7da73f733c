// GGUF version 3, the one-file format of llama.cpp: metadata, then tensors of float32, bfloat16 or
// blocks of 8-bit integers. Source: docs/gguf.md of the ggml project.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace symphony::models {

enum class GgufType : std::uint32_t { kF32 = 0, kQ8_0 = 8, kBf16 = 30 };

// Weights of a Q8_0 block: a binary16 scale and an int8 for each.
inline constexpr std::int64_t kQ8Block = 32;

class GgufWriter {
  public:
    void set(const std::string& key, std::uint32_t value);
    void set(const std::string& key, float value);
    void set(const std::string& key, const std::string& value);
    void set(const std::string& key, std::span<const std::string> values);
    // A matrix (rows, columns), row-major, or a vector (rows 1, written with one dimension).
    // Precondition: values.size() == rows x columns; for kQ8_0 columns is a multiple of kQ8Block.
    void add(const std::string& name, std::int64_t rows, std::int64_t columns,
             std::span<const float> values, GgufType type);

    std::string format() const;
    // Atomically; throws Error (kInput) if it cannot be written.
    void write(const std::filesystem::path& path) const;

  private:
    struct Tensor {
        std::string name;
        std::int64_t rows, columns;
        GgufType type;
        std::string bytes;
    };
    void begin_value(const std::string& key, std::uint32_t type);

    std::string metadata_;
    std::uint64_t metadata_count_ = 0;
    std::vector<Tensor> tensors_;
};

}  // namespace symphony::models
