// The page of a blind listening test: anonymous excerpts to play and rate, in another order for
// each listener, and a button that saves the ratings as a file. It loads nothing from anywhere.
#pragma once

#include "symphony/view/report/listening.h"

#include <string>
#include <vector>

namespace symphony::view {

struct KitExcerpt {
    std::string id;  // what the ratings call it; says nothing of its origin
    Clip clip;
};

// `kit` names the test; it comes back in the ratings (evaluate/listening_test.h).
std::string format_listening_page(const std::string& kit, const std::vector<KitExcerpt>& excerpts);

}  // namespace symphony::view
