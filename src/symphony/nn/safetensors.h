// Tensors in files: the safetensors format (github.com/huggingface/safetensors, "Format"): eight
// bytes of little-endian header length, a JSON header {name: {dtype, shape, data_offsets}}, then
// the tensors' bytes end to end. Reading maps the file and checks every promise of the header
// before any byte of a tensor is looked at; there is nothing in such a file that could be run.
#pragma once

#include "symphony/base/file.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace symphony::nn {

enum class DType : std::uint8_t {
    kF64,
    kF32,
    kF16,
    kBF16,
    kI64,
    kI32,
    kU32,
    kU16,
    kU8,
    kU64,
    kI16,
    kI8,
    kBool,
};

std::size_t size_of(DType dtype);          // bytes per element
std::string_view dtype_name(DType dtype);  // "F32", as the format spells it

using Shape = std::vector<std::int64_t>;

// Elements of a tensor of this shape (1 for a scalar). Precondition: a shape that was checked.
std::int64_t element_count(const Shape& shape);
std::string format_shape(const Shape& shape);  // "[3, 4]"

// A tensor inside a mapped file: row-major, little-endian, not necessarily aligned.
struct TensorView {
    DType dtype = DType::kF32;
    Shape shape;
    std::span<const std::byte> bytes;
};

class SafetensorsFile {
  public:
    // Throws Error (kModel) naming the file and what is wrong: a header over 100 MB or past the
    // file's end, no JSON, a duplicate key, an unknown dtype, offsets outside the buffer, tensors
    // that overlap or leave holes, dtype x shape unlike the bytes.
    explicit SafetensorsFile(const std::filesystem::path& path);

    const std::map<std::string, std::string>& metadata() const { return metadata_; }
    const std::map<std::string, TensorView>& tensors() const { return tensors_; }
    bool has(const std::string& name) const { return tensors_.contains(name); }

    // The tensor, which must have this shape. Throws Error (kModel) if it is missing or shaped
    // otherwise.
    const TensorView& at(const std::string& name) const;
    const TensorView& at(const std::string& name, const Shape& shape) const;

    // Copies with conversion: any float dtype to float or double, any integer dtype and kBool to
    // int64 (kF64 is rounded to float). Throws Error (kModel) for a dtype of the other sort, and
    // for a number that int64 does not hold.
    std::vector<float> floats(const std::string& name, const Shape& shape) const;
    std::vector<double> doubles(const std::string& name, const Shape& shape) const;
    std::vector<std::int64_t> integers(const std::string& name, const Shape& shape) const;

    // Throws Error (kModel) naming the first tensor that holds a NaN or an infinity.
    void check_all_finite() const;

  private:
    [[noreturn]] void fail(const std::string& message) const;
    void parse_header(std::string_view header, std::span<const std::byte> data);

    std::filesystem::path path_;
    base::MappedFile file_;
    std::map<std::string, std::string> metadata_;
    std::map<std::string, TensorView> tensors_;
};

// Collects tensors, then writes them all at once. The same tensors give the same bytes.
class SafetensorsWriter {
  public:
    // Copies `values`. Precondition: the name is new, values.size() == element_count(shape).
    void add(const std::string& name, const Shape& shape, std::span<const float> values);
    void add(const std::string& name, const Shape& shape, std::span<const double> values);
    void add(const std::string& name, const Shape& shape, std::span<const std::int64_t> values);
    void add(const std::string& name, const Shape& shape, std::span<const std::int32_t> values);
    void add(const std::string& name, const Shape& shape, std::span<const std::uint32_t> values);
    void add(const std::string& name, const Shape& shape, std::span<const std::uint16_t> values);
    void add(const std::string& name, const Shape& shape, std::span<const std::uint8_t> values);
    void add_bf16(const std::string& name, const Shape& shape,
                  std::span<const std::uint16_t> values);  // their bits
    void set_metadata(const std::string& key, const std::string& value) { metadata_[key] = value; }

    // The file's bytes. The data begin on a multiple of 8, larger elements first, so that each
    // tensor is aligned to its element.
    std::string format() const;
    // Atomically; throws Error (kInput) if it cannot be written.
    void write(const std::filesystem::path& path) const;

  private:
    struct Entry {
        std::string name;
        DType dtype;
        Shape shape;
        std::string bytes;
    };
    void add_bytes(const std::string& name, DType dtype, const Shape& shape,
                   std::span<const std::byte> bytes);

    std::vector<Entry> entries_;
    std::map<std::string, std::string> metadata_;
};

float float_from_half(std::uint16_t bits);  // IEEE 754 binary16
float float_from_bfloat16(std::uint16_t bits);

}  // namespace symphony::nn
