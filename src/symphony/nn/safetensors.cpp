#include "symphony/nn/safetensors.h"

#include "symphony/base/error.h"
#include "symphony/base/json.h"
#include "symphony/nn/bf16.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cmath>
#include <cstring>
#include <limits>
#include <set>
#include <tuple>

namespace symphony::nn {

static_assert(std::endian::native == std::endian::little, "safetensors holds little-endian bytes");

namespace {

constexpr std::uint64_t kMaxHeaderBytes = 100'000'000;
constexpr std::size_t kLengthBytes = 8;
constexpr int kMaxJsonDepth = 4;  // header, tensor, shape; one to spare for unknown keys

struct DTypeInfo {
    DType dtype;
    std::string_view name;
    std::size_t size;
};
constexpr DTypeInfo kDTypes[] = {
    {DType::kF64, "F64", 8},   {DType::kF32, "F32", 4}, {DType::kF16, "F16", 2},
    {DType::kBF16, "BF16", 2}, {DType::kI64, "I64", 8}, {DType::kI32, "I32", 4},
    {DType::kU32, "U32", 4},   {DType::kU16, "U16", 2}, {DType::kU8, "U8", 1},
    {DType::kU64, "U64", 8},   {DType::kI16, "I16", 2}, {DType::kI8, "I8", 1},
    {DType::kBool, "BOOL", 1}};

const DTypeInfo& info_of(DType dtype) { return kDTypes[static_cast<std::size_t>(dtype)]; }

// Mapping fails with kInput; a model's missing file is the model's fault.
base::MappedFile map_model_file(const std::filesystem::path& path) {
    try {
        return base::MappedFile(path);
    } catch (base::Error& error) {
        error.kind = base::ErrorKind::kModel;
        throw;
    }
}

// Refuses duplicate keys and deep nesting while parsing: the parser alone would keep the last of
// two equal keys.
class HeaderGuard {
  public:
    std::string complaint;

    bool operator()(int depth, base::Json::parse_event_t event, base::Json& parsed) {
        using Event = base::Json::parse_event_t;
        if (depth > kMaxJsonDepth) return false;
        if (event == Event::object_start || event == Event::array_start) {
            if (depth == kMaxJsonDepth) {
                complain("is nested too deeply");
                return false;
            }
            keys_.resize(static_cast<std::size_t>(depth) + 1);
            keys_.back().clear();
        } else if (event == Event::key) {
            const auto& key = parsed.get_ref<const std::string&>();
            if (!keys_[static_cast<std::size_t>(depth) - 1].insert(key).second) {
                complain("holds the key \"" + key + "\" twice");
            }
        }
        return true;
    }

  private:
    void complain(const std::string& text) {
        if (complaint.empty()) complaint = text;
    }
    std::vector<std::set<std::string>> keys_;
};

template <class T>
T load(const std::byte* bytes) {
    T value;
    std::memcpy(&value, bytes, sizeof(T));
    return value;
}

// Element i of any float dtype.
template <class Out>
Out float_element(const TensorView& view, std::size_t i) {
    const std::byte* at = view.bytes.data() + i * size_of(view.dtype);
    switch (view.dtype) {
        case DType::kF64:
            return static_cast<Out>(load<double>(at));
        case DType::kF32:
            return static_cast<Out>(load<float>(at));
        case DType::kF16:
            return static_cast<Out>(float_from_half(load<std::uint16_t>(at)));
        default:
            return static_cast<Out>(float_from_bfloat16(load<std::uint16_t>(at)));
    }
}

bool is_float(DType dtype) {
    return dtype == DType::kF64 || dtype == DType::kF32 || dtype == DType::kF16 ||
           dtype == DType::kBF16;
}

template <class Out>
std::vector<Out> float_elements(const TensorView& view) {
    std::vector<Out> values(view.bytes.size() / size_of(view.dtype));
    const bool same = (std::is_same_v<Out, float> && view.dtype == DType::kF32) ||
                      (std::is_same_v<Out, double> && view.dtype == DType::kF64);
    if (same) {
        if (!values.empty()) std::memcpy(values.data(), view.bytes.data(), view.bytes.size());
    } else {
        for (std::size_t i = 0; i < values.size(); ++i) values[i] = float_element<Out>(view, i);
    }
    return values;
}

// Has any number an exponent of ones, as NaN and infinity have? A loop that compilers vectorise.
template <class Bits>
bool any_not_finite(std::span<const std::byte> bytes, Bits exponent) {
    Bits found = 0;
    for (std::size_t at = 0; at < bytes.size(); at += sizeof(Bits))
        found |= static_cast<Bits>((load<Bits>(bytes.data() + at) & exponent) == exponent);
    return found != 0;
}

bool any_not_finite(const TensorView& view) {
    switch (view.dtype) {
        case DType::kF64:
            return any_not_finite<std::uint64_t>(view.bytes, 0x7ff0000000000000u);
        case DType::kF32:
            return any_not_finite<std::uint32_t>(view.bytes, 0x7f800000u);
        case DType::kF16:
            return any_not_finite<std::uint16_t>(view.bytes, 0x7c00u);
        default:
            return any_not_finite<std::uint16_t>(view.bytes, 0x7f80u);
    }
}

}  // namespace

std::size_t size_of(DType dtype) { return info_of(dtype).size; }
std::string_view dtype_name(DType dtype) { return info_of(dtype).name; }

std::int64_t element_count(const Shape& shape) {
    std::int64_t count = 1;
    for (std::int64_t size : shape) count *= size;
    return count;
}

std::string format_shape(const Shape& shape) {
    std::string text = "[";
    for (std::size_t i = 0; i < shape.size(); ++i) {
        text += (i > 0 ? ", " : "") + std::to_string(shape[i]);
    }
    return text + "]";
}

float float_from_half(std::uint16_t bits) {
    const std::uint32_t sign = static_cast<std::uint32_t>(bits & 0x8000u) << 16;
    const std::uint32_t exponent = (bits >> 10) & 0x1fu;
    const std::uint32_t mantissa = bits & 0x3ffu;
    if (exponent == 0) {  // zero or subnormal: mantissa x 2^-24
        const float magnitude = static_cast<float>(mantissa) * 0x1p-24f;
        return sign != 0 ? -magnitude : magnitude;
    }
    const std::uint32_t rebiased = exponent == 31 ? 255u : exponent + 112u;
    return std::bit_cast<float>(sign | rebiased << 23 | mantissa << 13);
}

float float_from_bfloat16(std::uint16_t bits) { return bf16_value(bits); }

void SafetensorsFile::fail(const std::string& message) const {
    throw base::Error(base::ErrorKind::kModel, message, path_.string());
}

SafetensorsFile::SafetensorsFile(const std::filesystem::path& path)
    : path_(path), file_(map_model_file(path)) {
    const auto bytes = file_.bytes();
    if (bytes.size() < kLengthBytes) fail("not a safetensors file: shorter than its length field");
    const auto header_bytes = load<std::uint64_t>(bytes.data());
    if (header_bytes > kMaxHeaderBytes) {
        fail("not a safetensors file: header of " + std::to_string(header_bytes) +
             " bytes, expected at most " + std::to_string(kMaxHeaderBytes));
    }
    if (header_bytes > bytes.size() - kLengthBytes) {
        fail("safetensors header of " + std::to_string(header_bytes) + " bytes in a file of " +
             std::to_string(bytes.size()) + ": damaged or cut short");
    }
    const auto header_size = static_cast<std::size_t>(header_bytes);
    parse_header({reinterpret_cast<const char*>(bytes.data()) + kLengthBytes, header_size},
                 bytes.subspan(kLengthBytes + header_size));
}

void SafetensorsFile::parse_header(std::string_view header, std::span<const std::byte> data) {
    if (header.empty() || header.front() != '{') fail("safetensors header does not begin with {");
    // The parser would take it for the text's end, and what follows for nothing.
    if (header.find('\0') != std::string_view::npos) fail("safetensors header holds a zero byte");
    HeaderGuard guard;
    const base::Json json = base::Json::parse(header, std::ref(guard), /*allow_exceptions=*/false);
    if (!guard.complaint.empty()) fail("safetensors header " + guard.complaint);
    if (!json.is_object()) fail("safetensors header is not a JSON object");

    using Extent = std::tuple<std::uint64_t, std::uint64_t, std::string_view>;
    std::vector<Extent> extents;
    for (const auto& [name, entry] : json.items()) {
        if (!entry.is_object()) fail("safetensors entry \"" + name + "\" is not an object");
        if (name == "__metadata__") {
            for (const auto& [key, value] : entry.items()) {
                if (!value.is_string()) fail("safetensors metadata \"" + key + "\" is not text");
                metadata_[key] = value.get<std::string>();
            }
            continue;
        }
        const std::string where = "tensor \"" + name + "\"";
        if (!entry.contains("dtype") || !entry["dtype"].is_string() || !entry.contains("shape") ||
            !entry["shape"].is_array() || !entry.contains("data_offsets") ||
            !entry["data_offsets"].is_array() || entry["data_offsets"].size() != 2) {
            fail(where + " lacks dtype, shape or data_offsets");
        }
        TensorView view;
        const auto& dtype = entry["dtype"].get_ref<const std::string&>();
        const auto* known = std::find_if(std::begin(kDTypes), std::end(kDTypes),
                                         [&](const DTypeInfo& d) { return d.name == dtype; });
        if (known == std::end(kDTypes)) fail(where + " has the unknown dtype \"" + dtype + "\"");
        view.dtype = known->dtype;

        std::uint64_t byte_count = known->size;
        bool overflow = false;
        for (const auto& size : entry["shape"]) {
            constexpr auto kMaxSize =
                static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
            if (!size.is_number_unsigned() || size.get<std::uint64_t>() > kMaxSize) {
                fail(where + " has a size that is no natural number");
            }
            view.shape.push_back(size.get<std::int64_t>());
            overflow |= __builtin_mul_overflow(byte_count, size.get<std::uint64_t>(), &byte_count);
        }
        if (overflow) fail(where + " has the shape " + format_shape(view.shape) + ": too large");

        const auto& offsets = entry["data_offsets"];
        if (!offsets[0].is_number_unsigned() || !offsets[1].is_number_unsigned()) {
            fail(where + " has data_offsets that are no natural numbers");
        }
        const auto begin = offsets[0].get<std::uint64_t>();
        const auto end = offsets[1].get<std::uint64_t>();
        if (begin > end || end > data.size()) {
            fail(where + " lies outside the file's " + std::to_string(data.size()) +
                 " data bytes: damaged or cut short");
        }
        if (end - begin != byte_count) {
            fail(where + " of shape " + format_shape(view.shape) + " and " + dtype + " takes " +
                 std::to_string(end - begin) + " bytes, expected " + std::to_string(byte_count));
        }
        view.bytes =
            data.subspan(static_cast<std::size_t>(begin), static_cast<std::size_t>(end - begin));
        const auto place = tensors_.emplace(name, std::move(view)).first;
        extents.emplace_back(begin, end, place->first);
    }

    std::sort(extents.begin(), extents.end());
    std::uint64_t covered = 0;
    for (const auto& [begin, end, name] : extents) {
        if (begin != covered) {
            fail("tensor \"" + std::string(name) + "\" begins at data byte " +
                 std::to_string(begin) + ", expected " + std::to_string(covered) +
                 " (overlap or hole)");
        }
        covered = end;
    }
    if (covered != data.size()) {
        fail("safetensors data of " + std::to_string(data.size()) + " bytes, the header names " +
             std::to_string(covered));
    }
}

const TensorView& SafetensorsFile::at(const std::string& name) const {
    const auto found = tensors_.find(name);
    if (found == tensors_.end()) fail("tensor \"" + name + "\" is missing");
    return found->second;
}

const TensorView& SafetensorsFile::at(const std::string& name, const Shape& shape) const {
    const TensorView& view = at(name);
    if (view.shape != shape) {
        fail("tensor \"" + name + "\" has the shape " + format_shape(view.shape) + ", expected " +
             format_shape(shape));
    }
    return view;
}

std::vector<float> SafetensorsFile::floats(const std::string& name, const Shape& shape) const {
    const TensorView& view = at(name, shape);
    if (!is_float(view.dtype)) fail("tensor \"" + name + "\" does not hold floating-point numbers");
    return float_elements<float>(view);
}

std::vector<double> SafetensorsFile::doubles(const std::string& name, const Shape& shape) const {
    const TensorView& view = at(name, shape);
    if (!is_float(view.dtype)) fail("tensor \"" + name + "\" does not hold floating-point numbers");
    return float_elements<double>(view);
}

std::vector<std::int64_t> SafetensorsFile::integers(const std::string& name,
                                                    const Shape& shape) const {
    const TensorView& view = at(name, shape);
    if (is_float(view.dtype)) fail("tensor \"" + name + "\" does not hold integers");
    const std::size_t size = size_of(view.dtype);
    std::vector<std::int64_t> values(view.bytes.size() / size);
    for (std::size_t i = 0; i < values.size(); ++i) {
        const std::byte* at_i = view.bytes.data() + i * size;
        switch (view.dtype) {
            case DType::kI64:
                values[i] = load<std::int64_t>(at_i);
                break;
            case DType::kU64: {
                const auto value = load<std::uint64_t>(at_i);
                if (value > std::numeric_limits<std::int64_t>::max())
                    fail("tensor \"" + name + "\" holds " + std::to_string(value) +
                         ", expected at most 63 bits");
                values[i] = static_cast<std::int64_t>(value);
                break;
            }
            case DType::kI32:
                values[i] = load<std::int32_t>(at_i);
                break;
            case DType::kI16:
                values[i] = load<std::int16_t>(at_i);
                break;
            case DType::kI8:
                values[i] = load<std::int8_t>(at_i);
                break;
            case DType::kU32:
                values[i] = load<std::uint32_t>(at_i);
                break;
            case DType::kU16:
                values[i] = load<std::uint16_t>(at_i);
                break;
            default:
                values[i] = load<std::uint8_t>(at_i);
                break;
        }
    }
    return values;
}

void SafetensorsFile::check_all_finite() const {
    for (const auto& [name, view] : tensors_) {
        if (!is_float(view.dtype) || !any_not_finite(view)) continue;
        const std::size_t count = view.bytes.size() / size_of(view.dtype);
        for (std::size_t i = 0; i < count; ++i) {
            if (!std::isfinite(float_element<double>(view, i))) {
                fail("tensor \"" + name + "\" holds a number that is not finite (element " +
                     std::to_string(i) + ")");
            }
        }
    }
}

}  // namespace symphony::nn
