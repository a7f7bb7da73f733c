#include "symphony/base/process.h"

#include "symphony/base/error.h"
#include "symphony/base/stop_signal.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <sstream>
#include <utility>

namespace symphony::base {
namespace {

// How long the output of a child that has ended is still read: what it started may hold the pipes
// open for ever.
constexpr std::chrono::seconds kDrainTime{1};

struct Pipe {
    int read_end = -1, write_end = -1;
    Pipe() {
        int ends[2];
        if (::pipe2(ends, O_CLOEXEC) != 0)
            throw Error(ErrorKind::kInternal,
                        fmt::format("cannot make a pipe: {}", std::strerror(errno)));
        read_end = ends[0];
        write_end = ends[1];
    }
    ~Pipe() {
        close_read();
        close_write();
    }
    void close_read() {
        if (read_end >= 0) ::close(std::exchange(read_end, -1));
    }
    void close_write() {
        if (write_end >= 0) ::close(std::exchange(write_end, -1));
    }
};

[[noreturn]] void become_child(std::vector<char*>& argv, const ProcessOptions& options, Pipe& in,
                               Pipe& out, Pipe& err) {
    // A group of its own: Ctrl-C reaches us alone and is passed on once, so that it never counts
    // twice. If we die, it stops.
    ::setpgid(0, 0);
    ::prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (options.max_memory_bytes) {
        const rlimit limit{options.max_memory_bytes, options.max_memory_bytes};
        ::setrlimit(RLIMIT_AS, &limit);
    }
    ::dup2(in.read_end, STDIN_FILENO);
    if (!options.inherit_output) ::dup2(out.write_end, STDOUT_FILENO);
    if (!options.inherit_errors) ::dup2(err.write_end, STDERR_FILENO);
    std::signal(SIGPIPE, SIG_DFL);
    if (!options.working_folder.empty() && ::chdir(options.working_folder.c_str()) != 0)
        ::_exit(126);
    ::execv(argv[0], argv.data());
    ::_exit(127);
}

void drain(Pipe& pipe, std::string& into, std::size_t cap) {
    char buffer[1 << 16];
    const ssize_t n = ::read(pipe.read_end, buffer, sizeof buffer);
    if (n > 0)
        into.append(buffer, std::min<std::size_t>(static_cast<std::size_t>(n),
                                                  cap - std::min(cap, into.size())));
    else if (n == 0 || errno != EINTR)
        pipe.close_read();
}

void feed(Pipe& pipe, std::string_view& rest) {
    const ssize_t n = ::write(pipe.write_end, rest.data(), rest.size());
    if (n > 0) rest.remove_prefix(static_cast<std::size_t>(n));
    const bool failed = n < 0 && errno != EINTR && errno != EAGAIN;
    if (rest.empty() || failed) pipe.close_write();
}

}  // namespace

std::filesystem::path find_program(const std::string& name) {
    if (name.find('/') != std::string::npos) return ::access(name.c_str(), X_OK) == 0 ? name : "";
    const char* path = std::getenv("PATH");
    std::istringstream folders(path ? path : "/usr/local/bin:/usr/bin:/bin");
    for (std::string folder; std::getline(folders, folder, ':');) {
        const std::string candidate = (folder.empty() ? "." : folder) + "/" + name;
        if (::access(candidate.c_str(), X_OK) == 0) return candidate;
    }
    return {};
}

ProcessResult run_process(const std::vector<std::string>& arguments,
                          const ProcessOptions& options) {
    const std::string program = find_program(arguments.at(0));
    if (program.empty())
        throw Error(ErrorKind::kInput, "program not found", arguments[0],
                    "install it, or check PATH");
    std::vector<char*> argv;
    argv.push_back(const_cast<char*>(program.c_str()));
    for (std::size_t i = 1; i < arguments.size(); ++i)
        argv.push_back(const_cast<char*>(arguments[i].c_str()));
    argv.push_back(nullptr);

    Pipe in, out, err;
    const pid_t child = ::fork();
    if (child < 0) throw Error(ErrorKind::kInternal, "cannot start a process", arguments[0]);
    if (child == 0) become_child(argv, options, in, out, err);
    ::setpgid(child, child);  // in both, so that the group is there whoever comes first
    in.close_read();
    out.close_write();
    err.close_write();
    ::fcntl(in.write_end, F_SETFL, O_NONBLOCK);

    ProcessResult result;
    std::string_view input = options.input;
    if (input.empty()) in.close_write();
    using Clock = std::chrono::steady_clock;
    const auto deadline = Clock::now() + options.timeout;
    Clock::time_point drained_by;
    bool passed_stop_on = false, ended = false;
    int status = 0;
    while (true) {
        pollfd polls[3] = {
            {out.read_end, POLLIN, 0}, {err.read_end, POLLIN, 0}, {in.write_end, POLLOUT, 0}};
        ::poll(polls, 3, /*milliseconds=*/20);
        if (polls[0].revents) drain(out, result.output, options.max_output_bytes);
        if (polls[1].revents) drain(err, result.errors, options.max_output_bytes);
        if (polls[2].revents) feed(in, input);
        if (!ended && ::waitpid(child, &status, WNOHANG) == child) {
            ended = true;
            drained_by = Clock::now() + kDrainTime;
        }
        const bool streams_closed = out.read_end < 0 && err.read_end < 0;
        if (ended && (streams_closed || Clock::now() > drained_by)) break;
        if (ended) continue;
        if (stop_requested() && !passed_stop_on) {
            ::kill(-child, SIGTERM);
            passed_stop_on = true;
        }
        if (!result.timed_out && Clock::now() > deadline) {
            result.timed_out = true;
            ::kill(-child, SIGKILL);
        }
    }
    result.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    return result;
}

}  // namespace symphony::base
