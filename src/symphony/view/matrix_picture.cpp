#include "symphony/view/matrix_picture.h"

#include "symphony/view/html.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace symphony::view {
namespace {

constexpr int kShades = 14;  // and two for the strip
constexpr unsigned kDarkSection = 14, kLightSection = 15;
constexpr std::size_t kHeaderBytes = 14 + 40 + 16 * 4;

struct Rgb {
    int red, green, blue;
};
constexpr Rgb kLight{244, 245, 247}, kDark{11, 57, 110};
constexpr Rgb kSectionDark{213, 94, 0}, kSectionLight{244, 200, 150};

void put(std::string& out, std::uint64_t value, int bytes) {
    for (int i = 0; i < bytes; ++i, value >>= 8) out.push_back(static_cast<char>(value & 0xFF));
}

void put(std::string& out, Rgb colour) {
    for (const int part : {colour.blue, colour.green, colour.red, 0})
        out.push_back(static_cast<char>(part));
}

std::string header(std::size_t width, std::size_t height, std::size_t bytes_per_row) {
    std::string out = "BM";
    put(out, kHeaderBytes + bytes_per_row * height, 4);
    put(out, 0, 4);
    put(out, kHeaderBytes, 4);
    put(out, 40, 4);
    put(out, width, 4);
    put(out, height, 4);
    put(out, 1, 2);   // planes
    put(out, 4, 2);   // bits a pixel
    put(out, 0, 24);  // no compression; sizes and counts as they follow
    for (int shade = 0; shade < kShades; ++shade) {
        const auto mix = [&](int from, int to) {
            return from + (to - from) * shade / (kShades - 1);
        };
        put(out, Rgb{mix(kLight.red, kDark.red), mix(kLight.green, kDark.green),
                     mix(kLight.blue, kDark.blue)});
    }
    put(out, kSectionDark);
    put(out, kSectionLight);
    return out;
}

}  // namespace

std::string matrix_picture_html(std::size_t size, std::span<const float> values,
                                std::span<const std::int32_t> borders,
                                const std::string& description) {
    const std::size_t strip = std::max<std::size_t>(2, size / 24);
    const std::size_t bytes_per_row = (size + 7) / 8 * 4;
    std::string bitmap = header(size, size + strip, bytes_per_row);
    const auto put_row = [&](const auto& shade_at) {
        std::string row(bytes_per_row, '\0');
        for (std::size_t x = 0; x < size; ++x)
            row[x / 2] = static_cast<char>(static_cast<unsigned char>(row[x / 2]) |
                                           shade_at(x) << (x % 2 == 0 ? 4 : 0));
        bitmap += row;
    };
    // A bitmap's rows run from the bottom to the top.
    for (std::size_t y = 0; y < strip; ++y)
        put_row([&](std::size_t x) {
            const auto section =
                std::upper_bound(borders.begin(), borders.end(), static_cast<std::int32_t>(x)) -
                borders.begin();
            return section % 2 == 0 ? kDarkSection : kLightSection;
        });
    for (std::size_t y = size; y-- > 0;)
        put_row([&](std::size_t x) {
            const float value = std::clamp(values[y * size + x], 0.0f, 1.0f);
            return static_cast<unsigned>(std::lround(value * (kShades - 1)));
        });
    return fmt::format("<img class=\"matrix\" alt=\"{}\" src=\"{}\">", escape(description),
                       data_uri("image/bmp", bitmap));
}

}  // namespace symphony::view
