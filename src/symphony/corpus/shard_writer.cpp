#include "symphony/corpus/shard_writer.h"

#include "symphony/base/error.h"
#include "symphony/base/sha256.h"
#include "symphony/corpus/npy.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace symphony::corpus {

ShardWriter::ShardWriter(const std::filesystem::path& path)
    : path_(path), file_(path, std::ios::binary | std::ios::trunc) {
    if (!file_) fail("cannot create");
    // Every header has this length, whatever its count.
    const std::string room(npy_header(0).size(), '\0');
    file_.write(room.data(), static_cast<std::streamsize>(room.size()));
}

void ShardWriter::fail(const char* doing) const {
    throw base::Error(base::ErrorKind::kInput, std::string(doing) + ": " + std::strerror(errno),
                      path_.string(), "free some disk space, or choose another folder");
}

void ShardWriter::add(std::span<const std::uint16_t> ids) {
    file_.write(reinterpret_cast<const char*>(ids.data()),
                static_cast<std::streamsize>(ids.size_bytes()));
    if (!file_) fail("cannot write");
    count_ += ids.size();
}

std::string ShardWriter::finish() {
    const std::string header = npy_header(count_);
    file_.seekp(0);
    file_.write(header.data(), static_cast<std::streamsize>(header.size()));
    file_.close();
    if (!file_) fail("cannot write");
    const int descriptor = ::open(path_.c_str(), O_RDONLY | O_CLOEXEC);
    const bool lasting = descriptor >= 0 && ::fsync(descriptor) == 0;
    if (descriptor >= 0) ::close(descriptor);
    if (!lasting) fail("cannot write");
    return base::sha256_hex_of_file(path_);
}

}  // namespace symphony::corpus
