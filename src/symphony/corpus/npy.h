// Arrays of uint16 in NumPy's .npy format 1.0 (numpy.lib.format: magic, version, header length,
// Python dict, data), one dimension, little-endian: numpy.load(..., mmap_mode="r") opens them.
#pragma once

#include "symphony/base/result.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace symphony::corpus {

// What stands before the values; 128 bytes whatever their count.
std::string npy_header(std::uint64_t count);

// The values inside `bytes`, which must outlive the span and be 2-byte aligned (a mapped file is).
// Error (kInput) unless it is exactly such a file and its size fits its shape; `path` is for the
// message.
base::Result<std::span<const std::uint16_t>> parse_npy(std::span<const std::byte> bytes,
                                                       const std::string& path);

}  // namespace symphony::corpus
