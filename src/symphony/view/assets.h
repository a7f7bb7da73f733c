// The style sheets and the script of the pages: files in assets/, compiled in (embed_assets).
#pragma once

#include <string_view>

namespace symphony::view::assets {

extern const std::string_view page_css;    // every page
extern const std::string_view page_js;     // the blind test, players, theme switch
extern const std::string_view slides_css;  // one slide a screen and a printed page
extern const std::string_view slides_js;   // keys and position
extern const std::string_view listening_css;
extern const std::string_view listening_js;  // ratings, and their file

}  // namespace symphony::view::assets
