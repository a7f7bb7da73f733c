#include "symphony/view/palette.h"

#include "symphony/base/error.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace symphony::view {
namespace {

constexpr std::array kPalette = {
    Color{"paper", "#ffffff", "#14171b"},     Color{"ink", "#1b1f24", "#e8eaed"},
    Color{"soft", "#57606a", "#a5adb8"},      Color{"axis", "#8a9099", "#6f7782"},
    Color{"grid", "#e3e6ea", "#2c3139"},      Color{"shade", "#f4f5f7", "#1b1f25"},
    Color{"card", "#fbfbfc", "#1a1e23"},      Color{"accent", "#0b57a4", "#79b8ff"},
    Color{"mark", "#c0123c", "#ff7b93"},      Color{"melody", "#d55e00", "#ff8b3d"},
    Color{"melody-2", "#e69f00", "#ffc14d"},  Color{"bass", "#0072b2", "#4fb0ee"},
    Color{"bass-2", "#56a5d8", "#8fd0fb"},    Color{"harmony", "#009e73", "#2fcf9f"},
    Color{"harmony-2", "#5cb79b", "#8be6c8"}, Color{"drums", "#b8578f", "#ec8fc2"},
    Color{"unknown", "#7a7f87", "#9aa1ab"},   Color{"real", "#2f353d", "#d3d8de"},
    Color{"ngram", "#808891", "#8f98a3"},     Color{"rnn", "#2f86c9", "#62b4f2"},
    Color{"lstm", "#a0498f", "#dd86cc"},      Color{"transformer", "#d1671a", "#ff9a52"},
    Color{"other-1", "#2a9475", "#4fcba6"},   Color{"other-2", "#b58900", "#e0b93e"},
};

}  // namespace

std::span<const Color> palette() { return kPalette; }

const Color& color(std::string_view name) {
    const auto found = std::find_if(kPalette.begin(), kPalette.end(),
                                    [&](const Color& c) { return c.name == name; });
    if (found == kPalette.end())
        throw base::Error(base::ErrorKind::kInternal, fmt::format("no colour \"{}\"", name));
    return *found;
}

const Color& role_color(score::Role role, int nth) {
    const bool other = nth % 2 == 1;
    switch (role) {
        case score::Role::kMelody:
            return color(other ? "melody-2" : "melody");
        case score::Role::kBass:
            return color(other ? "bass-2" : "bass");
        case score::Role::kHarmony:
            return color(other ? "harmony-2" : "harmony");
        case score::Role::kDrums:
            return color("drums");
        case score::Role::kUnknown:
            break;
    }
    return color("unknown");
}

const Color& model_color(std::string_view model) {
    for (const char* name : {"real", "ngram", "rnn", "lstm", "transformer"})
        if (model == name) return color(name);
    unsigned hash = 0;
    for (const char c : model) hash = hash * 31 + static_cast<unsigned char>(c);
    return color(hash % 2 ? "other-1" : "other-2");
}

std::string paint(const Color& color, Dress dress) {
    return dress == Dress::kPage ? fmt::format("var(--{})", color.name) : std::string(color.light);
}

std::string palette_css() {
    std::string light, dark;
    for (const Color& c : kPalette) {
        light += fmt::format("--{}:{};", c.name, c.light);
        dark += fmt::format("--{}:{};", c.name, c.dark);
    }
    return fmt::format(
        ":root{{color-scheme:light;{0}}}\n"
        "@media screen and (prefers-color-scheme:dark){{:root:not([data-theme=light])"
        "{{color-scheme:dark;{1}}}}}\n"
        "@media screen{{:root[data-theme=dark]{{color-scheme:dark;{1}}}}}\n",
        light, dark);
}

}  // namespace symphony::view
