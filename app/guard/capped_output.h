// The output of a guarded command in its folder: the first half of the cap as it comes, of the rest the last
// half, rotated between two files, so that little is held in memory and a killed guard loses nothing kept.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace muster::guard {

class CappedOutput {
public:
    CappedOutput(std::string folder, std::uint64_t cap);
    ~CappedOutput();
    CappedOutput(const CappedOutput &) = delete;
    CappedOutput &operator=(const CappedOutput &) = delete;

    [[nodiscard]] bool isOpen() const { return m_head >= 0; }
    void append(std::string_view bytes);
    void finish(); // joins the tail to the head and syncs
    [[nodiscard]] std::uint64_t written() const { return m_written; }
    [[nodiscard]] std::uint64_t cut() const { return m_cut; }

private:
    void appendToTail(std::string_view bytes);

    std::string m_folder;
    std::uint64_t m_headRoom;
    std::uint64_t m_tailCap;
    std::uint64_t m_tailSize = 0;
    std::uint64_t m_written = 0;
    std::uint64_t m_tailWritten = 0;
    std::uint64_t m_cut = 0;
    int m_head = -1;
    int m_tail = -1;
};

} // namespace muster::guard
