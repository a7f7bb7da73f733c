// Scalars in TensorBoard's event file: TFRecord framing (length, masked CRC-32C, data, masked
// CRC-32C) around hand-coded protocol-buffer messages of tensorboard/compat/proto/event.proto.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace symphony::training {

// CRC-32C (Castagnoli, RFC 3720 appendix B.4); of "123456789" it is 0xe3069283.
std::uint32_t crc32c(std::string_view bytes);

// The record that opens a file: file_version "brain.Event:2". `wall_time` in Unix seconds.
std::string tfevents_header(double wall_time);

// One record: `value` of `tag` at `step`.
std::string tfevents_scalar(std::string_view tag, std::int64_t step, double value,
                            double wall_time);

}  // namespace symphony::training
