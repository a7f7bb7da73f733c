#include "symphony/base/file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

namespace symphony::base {
namespace fs = std::filesystem;
namespace {

Error io_error(const fs::path& path, std::string_view doing) {
    const int code = errno;
    std::string hint;
    if (code == ENOSPC) hint = "free some disk space; nothing already written was changed";
    if (code == EACCES || code == EROFS) hint = "check the permissions, or choose another folder";
    return Error(ErrorKind::kInput, fmt::format("{}: {}", doing, std::strerror(code)), path, hint);
}

struct Descriptor {
    int fd;
    ~Descriptor() {
        if (fd >= 0) ::close(fd);
    }
};

void fsync_folder(const fs::path& folder) {
    const Descriptor d{
        ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    // Some file systems refuse to sync a folder; the rename itself has then happened all the same.
    if (d.fd >= 0) ::fsync(d.fd);
}

// Was the file, `before` its first byte was read, another than it is now that `read` bytes were?
// Files of the kernel's making (/proc) state no size and are never judged.
bool changed_since(const struct stat& before, int fd, std::size_t read) {
    if (!S_ISREG(before.st_mode) || before.st_size == 0) return false;
    struct stat now {};
    if (::fstat(fd, &now) != 0) return true;
    return static_cast<std::size_t>(now.st_size) != read ||
           now.st_mtim.tv_sec != before.st_mtim.tv_sec ||
           now.st_mtim.tv_nsec != before.st_mtim.tv_nsec;
}

void write_all(int fd, std::string_view bytes, const fs::path& path) {
    while (!bytes.empty()) {
        const ssize_t n = ::write(fd, bytes.data(), bytes.size());
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) throw io_error(path, "cannot write");
        bytes.remove_prefix(static_cast<std::size_t>(n));
    }
}

Result<std::string> read(const fs::path& path, std::uint64_t max_bytes, bool must_be_settled) {
    // A pipe that nobody writes to would otherwise hold us here for ever; it is read as empty.
    const Descriptor d{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
    if (d.fd < 0) return io_error(path, "cannot open");
    ::fcntl(d.fd, F_SETFL, ::fcntl(d.fd, F_GETFL) & ~O_NONBLOCK);
    struct stat status {};
    if (::fstat(d.fd, &status) != 0) return io_error(path, "cannot read");
    if (S_ISDIR(status.st_mode))
        return Error(ErrorKind::kInput, "got a folder, expected a file", path);
    const Error too_large(ErrorKind::kInput,
                          fmt::format("file too large, expected at most {} bytes", max_bytes),
                          path);
    const auto stated = static_cast<std::uint64_t>(status.st_size);
    if (stated > max_bytes) return too_large;
    std::string bytes;
    bytes.reserve(static_cast<std::size_t>(stated) + 1);
    char buffer[1 << 16];
    while (true) {
        const ssize_t n = ::read(d.fd, buffer, sizeof buffer);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return io_error(path, "cannot read");
        if (n == 0) break;
        if (bytes.size() + static_cast<std::size_t>(n) > max_bytes) return too_large;
        bytes.append(buffer, static_cast<std::size_t>(n));
    }
    if (must_be_settled && changed_since(status, d.fd, bytes.size()))
        return Error(ErrorKind::kInput, "the file changed while it was read", path,
                     "run the command again when nothing writes to the file");
    return bytes;
}

}  // namespace

Result<std::string> read_file(const fs::path& path, std::uint64_t max_bytes) {
    return read(path, max_bytes, /*must_be_settled=*/false);
}

Result<std::string> read_settled_file(const fs::path& path, std::uint64_t max_bytes) {
    return read(path, max_bytes, /*must_be_settled=*/true);
}

void write_file_atomically(const fs::path& path, std::string_view bytes) {
    std::error_code ignored;
    if (path.has_parent_path()) fs::create_directories(path.parent_path(), ignored);
    fs::path temporary = path;
    temporary += fmt::format(".tmp-{}", ::getpid());
    try {
        const Descriptor d{
            ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644)};
        if (d.fd < 0) throw io_error(path, "cannot create");
        write_all(d.fd, bytes, path);
        if (::fsync(d.fd) != 0) throw io_error(path, "cannot write");
    } catch (...) {
        ::unlink(temporary.c_str());
        throw;
    }
    rename_durably(temporary, path);
}

void make_folder(const fs::path& folder) {
    std::error_code error;
    fs::create_directories(folder, error);
    if (error)
        throw Error(ErrorKind::kInput, "cannot make the folder: " + error.message(), folder,
                    "check the permissions, or choose another folder with -o");
}

void rename_durably(const fs::path& from, const fs::path& to) {
    if (::rename(from.c_str(), to.c_str()) != 0) {
        const Error error = io_error(to, "cannot replace");
        ::unlink(from.c_str());
        throw error;
    }
    fsync_folder(to.parent_path());
}

MappedFile::MappedFile(const fs::path& path) {
    const Descriptor d{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
    if (d.fd < 0) throw io_error(path, "cannot open");
    struct stat status {};
    if (::fstat(d.fd, &status) != 0) throw io_error(path, "cannot read");
    size_ = static_cast<std::size_t>(status.st_size);
    if (size_ == 0) return;
    void* address = ::mmap(nullptr, size_, PROT_READ, MAP_PRIVATE, d.fd, 0);
    if (address == MAP_FAILED) throw io_error(path, "cannot map");
    data_ = static_cast<const std::byte*>(address);
}

MappedFile::~MappedFile() {
    if (data_) ::munmap(const_cast<std::byte*>(data_), size_);
}

MappedFile::MappedFile(MappedFile&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}

MappedFile& MappedFile::operator=(MappedFile&& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
    return *this;
}

std::vector<fs::path> list_files(const fs::path& root, std::vector<fs::path>* unreadable) {
    std::error_code error;
    const fs::file_status status = fs::status(root, error);
    if (status.type() == fs::file_type::not_found)
        throw Error(ErrorKind::kInput, "no such file or folder", root, "check the path");
    if (fs::is_regular_file(status)) return {root};
    if (!fs::is_directory(status))
        throw Error(ErrorKind::kInput,
                    error ? "cannot look at it: " + error.message()
                          : std::string("is neither a file nor a folder"),
                    root, "check the path");
    std::vector<fs::path> files;
    std::vector<fs::path> folders{root};
    while (!folders.empty()) {
        const fs::path folder = std::move(folders.back());
        folders.pop_back();
        for (fs::directory_iterator at(folder, error); !error && at != fs::end(at);
             at.increment(error)) {
            const fs::directory_entry& entry = *at;
            if (entry.path().filename().native().starts_with('.')) continue;
            // Links to folders are not followed: they can form loops.
            std::error_code gone;
            if (entry.is_directory(gone) && !entry.is_symlink(gone))
                folders.push_back(entry.path());
            else if (entry.is_regular_file(gone))
                files.push_back(entry.path());
        }
        if (error && unreadable) unreadable->push_back(folder);
    }
    std::sort(files.begin(), files.end());
    return files;
}

}  // namespace symphony::base
