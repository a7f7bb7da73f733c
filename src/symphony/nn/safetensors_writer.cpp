#include "symphony/base/json.h"
#include "symphony/nn/safetensors.h"

#include <algorithm>
#include <cassert>
#include <cstring>

namespace symphony::nn {

void SafetensorsWriter::add_bytes(const std::string& name, DType dtype, const Shape& shape,
                                  std::span<const std::byte> bytes) {
    assert(bytes.size() == static_cast<std::size_t>(element_count(shape)) * size_of(dtype));
    assert(std::none_of(entries_.begin(), entries_.end(),
                        [&](const Entry& e) { return e.name == name; }));
    entries_.push_back({name, dtype, shape,
                        std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size())});
}

void SafetensorsWriter::add(const std::string& name, const Shape& shape,
                            std::span<const float> values) {
    add_bytes(name, DType::kF32, shape, std::as_bytes(values));
}
void SafetensorsWriter::add(const std::string& name, const Shape& shape,
                            std::span<const double> values) {
    add_bytes(name, DType::kF64, shape, std::as_bytes(values));
}
void SafetensorsWriter::add(const std::string& name, const Shape& shape,
                            std::span<const std::int64_t> values) {
    add_bytes(name, DType::kI64, shape, std::as_bytes(values));
}
void SafetensorsWriter::add(const std::string& name, const Shape& shape,
                            std::span<const std::int32_t> values) {
    add_bytes(name, DType::kI32, shape, std::as_bytes(values));
}
void SafetensorsWriter::add(const std::string& name, const Shape& shape,
                            std::span<const std::uint32_t> values) {
    add_bytes(name, DType::kU32, shape, std::as_bytes(values));
}
void SafetensorsWriter::add(const std::string& name, const Shape& shape,
                            std::span<const std::uint16_t> values) {
    add_bytes(name, DType::kU16, shape, std::as_bytes(values));
}
void SafetensorsWriter::add(const std::string& name, const Shape& shape,
                            std::span<const std::uint8_t> values) {
    add_bytes(name, DType::kU8, shape, std::as_bytes(values));
}
void SafetensorsWriter::add_bf16(const std::string& name, const Shape& shape,
                                 std::span<const std::uint16_t> values) {
    add_bytes(name, DType::kBF16, shape, std::as_bytes(values));
}

std::string SafetensorsWriter::format() const {
    std::vector<const Entry*> order;
    for (const Entry& entry : entries_) order.push_back(&entry);
    std::sort(order.begin(), order.end(), [](const Entry* a, const Entry* b) {
        const auto size_a = size_of(a->dtype), size_b = size_of(b->dtype);
        return size_a != size_b ? size_a > size_b : a->name < b->name;
    });

    base::Json header = base::Json::object();
    if (!metadata_.empty()) header["__metadata__"] = metadata_;
    std::uint64_t offset = 0;
    for (const Entry* entry : order) {
        const std::uint64_t end = offset + entry->bytes.size();
        header[entry->name] = {{"dtype", std::string(dtype_name(entry->dtype))},
                               {"shape", entry->shape},
                               {"data_offsets", {offset, end}}};
        offset = end;
    }
    std::string text = header.dump();
    text.resize((text.size() + 7) / 8 * 8, ' ');

    const auto header_bytes = static_cast<std::uint64_t>(text.size());
    std::string bytes(sizeof(header_bytes), '\0');
    std::memcpy(bytes.data(), &header_bytes, sizeof(header_bytes));
    bytes += text;
    bytes.reserve(bytes.size() + offset);
    for (const Entry* entry : order) bytes += entry->bytes;
    return bytes;
}

void SafetensorsWriter::write(const std::filesystem::path& path) const {
    base::write_file_atomically(path, format());
}

}  // namespace symphony::nn
