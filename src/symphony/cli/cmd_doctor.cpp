// symphony doctor: what this machine has, what is missing, and what to do about it.
#include "symphony/base/error.h"
#include "symphony/base/parallel.h"
#include "symphony/base/process.h"
#include "symphony/base/text.h"
#include "symphony/cli/sibling.h"
#include "symphony/cli/verb.h"
#include "symphony/cli/version.h"
#include "symphony/models/rnn/blas.h"
#include "symphony/nn/gemm.h"

#include <fmt/format.h>

#include <filesystem>
#include <functional>

namespace symphony::cli {
namespace {

struct Finding {
    std::string name, state, hint;  // hint: empty when all is well
};

Finding program(const std::string& name, const std::string& package, const std::string& use) {
    const auto path = base::find_program(name);
    if (!path.empty()) return {name, path, {}};
    return {name, "not installed", fmt::format("apt install {} ({})", package, use)};
}

Finding sound_font() {
    const std::filesystem::path font = "/usr/share/sounds/sf3/FluidR3Mono_GM.sf3";
    if (std::filesystem::exists(font)) return {"sound font", font, {}};
    return {"sound font", "not installed",
            "apt install fluidr3mono-gm-soundfont (WAV of what was composed)"};
}

// A library that is loaded when it is first used; `use` does so.
Finding library(const std::string& name, const std::function<void()>& use) {
    try {
        use();
        return {name, "loads", {}};
    } catch (const base::Error& error) {
        return {name, error.message, error.hint};
    }
}

void multiply() {
    const float one = 1;
    float product = 0;
    nn::linear(&one, &one, 1, 1, 1, &product);
}

Finding blas() {
    const auto trainer = sibling_program("symphony-train");
    if (trainer.empty())
        return {"symphony-train", "not built",
                "build with libtorch: LSTM and transformer cannot be trained without it"};
    const auto result = base::run_process({trainer, "--blas"});
    const std::string library = base::trim(result.output);
    if (library.find("openblas-openmp") != std::string::npos) return {"BLAS", library, {}};
    return {"BLAS", library.empty() ? "unknown" : library,
            "apt install libopenblas0-openmp: training is 4 to 14 times slower without it"};
}

Finding disk() {
    const auto space = std::filesystem::space(std::filesystem::current_path());
    const double gib = static_cast<double>(space.available) / (1 << 30);
    return {"disk", fmt::format("{:.1f} GiB free here", gib),
            gib < 1 ? "a data set and four models need about 1 GiB" : ""};
}

class Doctor : public Verb {
  public:
    void describe(base::OptionTable&) override {}

    int run(const Context& context) override {
        std::vector<Finding> findings{
            {"version", base::split(version_text(), '\n').front(), {}},
            {"cores", std::to_string(base::available_threads()), {}},
            disk(),
            library("oneDNN", multiply),
            library("OpenBLAS", [] { models::rnn::set_blas_threads(0); }),
            blas(),
            program("gnuplot", "gnuplot-nox", "charts"),
            program("fluidsynth", "fluidsynth", "WAV of what was composed"),
            sound_font(),
            program("chromium", "chromium", "report --pdf; optional"),
            program("curl", "curl", "corpus get from a URL; optional"),
        };
        base::Json json = base::Json::array();
        for (const Finding& finding : findings) {
            if (context.json) {
                json.push_back(
                    {{"name", finding.name}, {"state", finding.state}, {"hint", finding.hint}});
                continue;
            }
            context.print(fmt::format("{} {:14} {}", finding.hint.empty() ? "ok  " : "note",
                                      finding.name, finding.state));
            if (!finding.hint.empty()) context.print("     " + finding.hint);
        }
        if (context.json) context.print_json(json);
        return 0;
    }
};

}  // namespace

VerbEntry doctor_verb() {
    return {"doctor", "what this machine has, and what is missing", {"symphony doctor"}, [] {
                return std::make_unique<Doctor>();
            }};
}

}  // namespace symphony::cli
