// The rules that a request puts on every take, in the order in which they are asked.
#pragma once

#include "symphony/generate/composer.h"
#include "symphony/generate/rule.h"

#include <memory>
#include <vector>

namespace symphony::generate {

// The rules keep a reference to the request and the tokenizer. Throws Error (kUsage) where the
// request names a key, metre or tempo that training never had, with those it had.
std::vector<std::unique_ptr<Rule>> rules_of(const Request& request,
                                            const tokens::Tokenizer& tokenizer);

}  // namespace symphony::generate
