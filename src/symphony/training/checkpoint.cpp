#include "symphony/training/checkpoint.h"

#include "symphony/base/error.h"
#include "symphony/base/file.h"
#include "symphony/base/sha256.h"

#include <fmt/format.h>

namespace symphony::training {
namespace fs = std::filesystem;
namespace {

fs::path with_suffix(fs::path folder, const char* suffix) {
    folder += suffix;
    return folder;
}

// The state if every file is as the manifest says; Error (kModel) naming the first that is not.
base::Json read_checkpoint(const fs::path& folder) {
    const auto damaged = [&](const fs::path& file, const std::string& what) {
        return base::Error(base::ErrorKind::kModel, what, file,
                           "train again with --force, or restore the folder from a copy");
    };
    const fs::path manifest_path = folder / "manifest.json";
    const auto manifest = base::read_json_file(manifest_path);
    if (!manifest.ok()) throw damaged(manifest_path, manifest.error().message);
    const base::Json& json = manifest.value();
    if (!json.is_object() || !json.contains("state") || !json.contains("files") ||
        !json["files"].is_object())
        throw damaged(manifest_path,
                      "got no checkpoint manifest, expected \"state\" and \"files\"");
    for (const auto& [name, entry] : json["files"].items()) {
        const fs::path file = folder / fs::path(name).filename();
        std::error_code error;
        if (!entry.is_object() || !entry.contains("bytes") ||
            !entry["bytes"].is_number_unsigned() || !entry.contains("sha256") ||
            !entry["sha256"].is_string())
            throw damaged(manifest_path, "got no bytes and sha256 of " + name);
        const auto size = fs::file_size(file, error);
        if (error) throw damaged(file, "the file is missing, the manifest names it");
        if (const auto expected = entry["bytes"].get<std::uint64_t>(); size != expected)
            throw damaged(file, fmt::format("got {} bytes, expected {}", size, expected));
        if (base::sha256_hex_of_file(file) != entry["sha256"].get<std::string>())
            throw damaged(file, "the bytes differ from those that were saved (SHA-256)");
    }
    return json["state"];
}

}  // namespace

void write_checkpoint(const fs::path& folder, const base::Json& state,
                      const std::function<void(const fs::path&)>& save_files) {
    const fs::path fresh = with_suffix(folder, ".tmp");
    const fs::path previous = with_suffix(folder, ".previous");
    fs::remove_all(fresh);
    fs::create_directories(fresh);
    save_files(fresh);
    base::Json manifest;
    manifest["format"] = 1;
    manifest["state"] = state;
    manifest["files"] = base::Json::object();
    for (const fs::path& file : base::list_files(fresh))
        manifest["files"][file.filename().string()] = {{"bytes", fs::file_size(file)},
                                                       {"sha256", base::sha256_hex_of_file(file)}};
    base::write_json_file(fresh / "manifest.json", manifest);
    if (fs::exists(folder)) {
        // Between these two renames ".previous" is the whole one.
        fs::remove_all(previous);
        base::rename_durably(folder, previous);
    }
    base::rename_durably(fresh, folder);
}

std::optional<Checkpoint> find_checkpoint(const fs::path& folder) {
    const fs::path previous = with_suffix(folder, ".previous");
    if (!fs::exists(folder) && !fs::exists(previous)) return std::nullopt;
    if (!fs::exists(folder)) return Checkpoint{previous, read_checkpoint(previous), {}};
    try {
        return Checkpoint{folder, read_checkpoint(folder), {}};
    } catch (const base::Error& newest) {
        if (!fs::exists(previous)) throw;
        return Checkpoint{previous, read_checkpoint(previous), newest.format()};
    }
}

}  // namespace symphony::training
