// The house colours, once for rolls, charts and pages. Each has a fixed value for files that stand
// alone and a CSS variable for figures inside a page, so that they follow its light or dark dress.
// Roles are the colour-blind safe set of Okabe and Ito ("Color Universal Design", 2008).
#pragma once

#include "symphony/score/score.h"

#include <span>
#include <string>
#include <string_view>

namespace symphony::view {

struct Color {
    std::string_view name;   // "melody": CSS variable --melody
    std::string_view light;  // "#d55e00", on white paper
    std::string_view dark;   // the same on a dark page
};

// Every colour of the house; the light values are all different.
std::span<const Color> palette();

// Throws Error (kInternal) for a name that palette() does not have.
const Color& color(std::string_view name);

// The colour of a role; `nth` counts the parts of one role, so that alto and tenor differ.
const Color& role_color(score::Role role, int nth = 0);

// The colour of a model by its name ("ngram", "rnn", "lstm", "transformer"); names of other runs
// share the rest, by hash. "real" is the data.
const Color& model_color(std::string_view model);

// How a colour is written: plain for a file, var(--name) for a page.
enum class Dress { kFile, kPage };
std::string paint(const Color& color, Dress dress);

// ":root{--ink:#…}" for light, and the dark values for dark pages.
std::string palette_css();

}  // namespace symphony::view
