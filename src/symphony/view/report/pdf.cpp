#include "symphony/view/report/pdf.h"

#include "symphony/base/error.h"
#include "symphony/base/file.h"
#include "symphony/base/process.h"
#include "symphony/base/stop_signal.h"
#include "symphony/base/temporary_folder.h"
#include "symphony/base/text.h"

#include <fmt/format.h>

namespace symphony::view {

namespace fs = std::filesystem;

void print_to_pdf(const fs::path& page, const fs::path& pdf) {
    std::string program;
    for (const char* name : {"chromium", "chromium-browser", "google-chrome"})
        if (program.empty()) program = base::find_program(name).string();
    if (program.empty())
        throw base::Error(base::ErrorKind::kInput, "no program to print pages with", "chromium",
                          "apt-get install chromium, or leave --pdf out and print from a browser");
    // Its own profile, so that a running browser is left alone; nothing of it stays.
    const base::TemporaryFolder profile;
    const fs::path printed = profile.path() / "page.pdf";
    const base::ProcessResult result = base::run_process(
        {program, "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
         "--disable-dev-shm-usage", "--no-first-run", "--user-data-dir=" + profile.path().string(),
         "--no-pdf-header-footer", "--print-to-pdf-no-header", "--print-to-pdf=" + printed.string(),
         "file://" + fs::absolute(page).string()},
        {.timeout = std::chrono::seconds(120)});
    base::throw_if_stop_requested();
    if (result.exit_code != 0 || !fs::exists(printed))
        throw base::Error(base::ErrorKind::kInput,
                          result.timed_out ? std::string("printing took too long and was stopped")
                                           : fmt::format("printing failed with exit code {}: {}",
                                                         result.exit_code,
                                                         base::trim(result.errors.substr(0, 300))),
                          page.string());
    base::write_file_atomically(pdf, base::read_file(printed).value());
}

}  // namespace symphony::view
