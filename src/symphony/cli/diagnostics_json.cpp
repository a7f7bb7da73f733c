#include "symphony/cli/diagnostics_json.h"

namespace symphony::cli {

base::Json diagnostics_json(const std::vector<io::Diagnostic>& diagnostics) {
    base::Json list = base::Json::array();
    for (const io::Diagnostic& diagnostic : diagnostics)
        list.push_back({{"code", diagnostic.code},
                        {"name", diagnostic.name},
                        {"offset", diagnostic.offset},
                        {"track", diagnostic.track},
                        {"detail", diagnostic.detail}});
    return list;
}

base::Json refusal_json(const base::Error& refusal, const std::string& path) {
    return {{"code", io::refusal_code(refusal)},
            {"message", refusal.message},
            {"hint", refusal.hint},
            {"path", path}};
}

}  // namespace symphony::cli
