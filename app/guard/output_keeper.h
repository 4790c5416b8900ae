// Keeps a command's output within a cap: the first half of the cap and the last half (twice half of it at
// most while it runs), joined at the end behind a line that says what was cut. Files:
// core/process/guard_layout.h. Plain C++.
#pragma once

#include <cstdint>
#include <string>

namespace muster::guard {

class OutputKeeper {
public:
    OutputKeeper(std::string folder, std::int64_t cap);
    ~OutputKeeper();
    OutputKeeper(const OutputKeeper &) = delete;
    OutputKeeper &operator=(const OutputKeeper &) = delete;

    [[nodiscard]] bool open();
    void write(const char *bytes, std::int64_t size);
    // Joins head and tail and syncs.
    void finish();

    [[nodiscard]] std::int64_t total() const { return m_total; }
    [[nodiscard]] std::int64_t cut() const { return m_cut; }

private:
    void writeTail(const char *bytes, std::int64_t size);
    void appendFile(const std::string &path);

    std::string m_folder;
    std::int64_t m_half;
    std::int64_t m_total = 0;
    std::int64_t m_cut = 0;
    std::int64_t m_tailSize = 0;
    std::int64_t m_olderSize = 0;
    int m_head = -1;
    int m_tail = -1;
};

} // namespace muster::guard
