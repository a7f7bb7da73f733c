#include "symphony/view/report/pdf.h"

#include "symphony/base/error.h"
#include "symphony/base/file.h"
#include "symphony/base/process.h"
#include "symphony/base/stop_signal.h"
#include "symphony/base/text.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>

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
    std::string profile = (fs::temp_directory_path() / "symphony-pdf-XXXXXX").string();
    if (!::mkdtemp(profile.data()))
        throw base::Error(base::ErrorKind::kInput, "cannot make a temporary folder", profile);
    const fs::path printed = fs::path(profile) / "page.pdf";
    const base::ProcessResult result = base::run_process(
        {program, "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
         "--disable-dev-shm-usage", "--no-first-run", "--user-data-dir=" + profile,
         "--no-pdf-header-footer", "--print-to-pdf-no-header", "--print-to-pdf=" + printed.string(),
         "file://" + fs::absolute(page).string()},
        {.timeout = std::chrono::seconds(120)});
    std::error_code ignored;
    const bool done = result.exit_code == 0 && fs::exists(printed);
    std::string bytes;
    if (done) bytes = base::read_file(printed).value();
    fs::remove_all(profile, ignored);
    base::throw_if_stop_requested();
    if (!done)
        throw base::Error(base::ErrorKind::kInput,
                          result.timed_out ? std::string("printing took too long and was stopped")
                                           : fmt::format("printing failed with exit code {}: {}",
                                                         result.exit_code,
                                                         base::trim(result.errors.substr(0, 300))),
                          page.string());
    base::write_file_atomically(pdf, bytes);
}

}  // namespace symphony::view
