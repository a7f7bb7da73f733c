#include "symphony/base/two_places.h"

#include "symphony/base/error.h"

#include <system_error>

namespace symphony::base {

void require_two_places(const std::filesystem::path& from, const std::filesystem::path& to) {
    std::error_code ignored;  // what is not there yet is another place
    if (std::filesystem::equivalent(from, to, ignored))
        throw Error(ErrorKind::kUsage, "the output is the input", to,
                    "give another place with -o: the original is worth keeping");
}

}  // namespace symphony::base
