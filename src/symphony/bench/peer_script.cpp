#include "symphony/bench/peer_script.h"

#include "symphony/base/error.h"
#include "symphony/base/stop_signal.h"
#include "symphony/base/text.h"

namespace symphony::bench {

base::Json ask_peer(const std::vector<std::string>& command, const base::ProcessOptions& options,
                    const std::filesystem::path& script, const std::string& failed,
                    const std::string& hint) {
    const base::ProcessResult result = base::run_process(command, options);
    base::throw_if_stop_requested();  // it was stopped with us
    if (result.exit_code == 0 && !result.timed_out)
        return base::parse_json(result.output, script.string()).value();
    const std::string said = base::trim(result.errors);
    const auto line = said.rfind('\n');
    const std::string why =
        result.timed_out ? "it took too long" : said.substr(line == said.npos ? 0 : line + 1);
    throw base::Error(base::ErrorKind::kInput, failed.empty() ? why : failed + ": " + why,
                      script.string(), hint);
}

}  // namespace symphony::bench
