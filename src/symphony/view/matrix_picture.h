// A square matrix of likeness as a small picture inside a page: one pixel a cell, 16 shades. Own; a
// Windows bitmap of 4 bits a pixel (BITMAPINFOHEADER), which every browser shows.
#pragma once

#include <cstdint>
#include <span>
#include <string>

namespace symphony::view {

// `values` are `size` rows of `size` values, 0 (light) to 1 (dark). Under the matrix a strip shows
// sections in turn light and dark; `borders` are the cells at which one begins, rising. An <img>
// with `description` for those who cannot see it. Preconditions: 1 <= size <= 1024.
std::string matrix_picture_html(std::size_t size, std::span<const float> values,
                                std::span<const std::int32_t> borders,
                                const std::string& description);

}  // namespace symphony::view
