#include "symphony/cli/verbs.h"

namespace symphony::cli {

std::vector<VerbEntry> symphony_verbs() {
    return {
        doctor_verb(),
    };
}

}  // namespace symphony::cli
