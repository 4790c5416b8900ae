// Small files that are there completely or not at all.
#pragma once

#include <string>
#include <string_view>

namespace muster::guard {

[[nodiscard]] bool writeAll(int fd, std::string_view bytes);
[[nodiscard]] std::string readWhole(const std::string &path); // empty if there is none
// Beside, synced, renamed, and the folder synced. False: errno says why.
[[nodiscard]] bool writeRecord(const std::string &folder, const std::string &name, std::string_view content);
[[nodiscard]] bool isNoSpace(int error);
// With its parents, readable by the owner only.
[[nodiscard]] bool makeFolder(const std::string &path);

} // namespace muster::guard
