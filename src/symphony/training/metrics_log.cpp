#include "symphony/training/metrics_log.h"

#include "symphony/base/error.h"
#include "symphony/base/json_line.h"
#include "symphony/training/tfevents.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>

namespace symphony::training {
namespace fs = std::filesystem;
namespace {

double unix_seconds() {
    using namespace std::chrono;
    return duration<double>(system_clock::now().time_since_epoch()).count();
}

[[noreturn]] void fail(const fs::path& path, std::string_view doing) {
    throw base::Error(base::ErrorKind::kInput, fmt::format("{}: {}", doing, std::strerror(errno)),
                      path, "check the permissions and the disk's free space");
}

int open_cut_to(const fs::path& path, std::uint64_t bytes) {
    const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
    if (fd < 0) fail(path, "cannot open");
    const auto size = ::lseek(fd, 0, SEEK_END);
    if (static_cast<std::uint64_t>(size) < bytes) bytes = static_cast<std::uint64_t>(size);
    if (::ftruncate(fd, static_cast<off_t>(bytes)) != 0) fail(path, "cannot shorten");
    ::lseek(fd, 0, SEEK_END);
    return fd;
}

void append(int fd, std::string_view bytes, const fs::path& path, std::uint64_t& counter) {
    counter += bytes.size();
    while (!bytes.empty()) {
        const ssize_t n = ::write(fd, bytes.data(), bytes.size());
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) fail(path, "cannot write");
        bytes.remove_prefix(static_cast<std::size_t>(n));
    }
}

}  // namespace

MetricsLog::MetricsLog(const fs::path& folder, const Position& position)
    : position_(position), folder_(folder) {
    metrics_fd_ = open_cut_to(folder / "metrics.jsonl", position.metrics_bytes);
    const bool new_file = position_.events_file.empty();
    if (new_file) {
        char host[256] = "localhost";
        ::gethostname(host, sizeof host - 1);
        position_.events_file = fmt::format("events.out.tfevents.{}.{}",
                                            static_cast<std::int64_t>(unix_seconds()), host);
    }
    events_fd_ = open_cut_to(folder / position_.events_file, position_.events_bytes);
    if (new_file)
        append(events_fd_, tfevents_header(unix_seconds()), folder / position_.events_file,
               position_.events_bytes);
}

MetricsLog::~MetricsLog() {
    if (metrics_fd_ >= 0) ::close(metrics_fd_);
    if (events_fd_ >= 0) ::close(events_fd_);
}

void MetricsLog::write(const base::Json& line) {
    append(metrics_fd_, base::json_line(line) + "\n", folder_ / "metrics.jsonl",
           position_.metrics_bytes);
    const auto step = line.at("step").get<std::int64_t>();
    const std::string prefix =
        line.value("event", "") == "evaluation" ? line.value("split", "") : line.value("event", "");
    std::string records;
    const double now = unix_seconds();
    for (const auto& [name, value] : line.items())
        if (value.is_number() && name != "step")
            records += tfevents_scalar(prefix + "/" + name, step, value.get<double>(), now);
    append(events_fd_, records, folder_ / position_.events_file, position_.events_bytes);
}

}  // namespace symphony::training
