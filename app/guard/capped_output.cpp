#include "app/guard/capped_output.h"

#include "app/guard/record.h"
#include "core/process/guard_layout.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

namespace muster::guard {

namespace {

int create(const std::string &path)
{
    return open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
}

} // namespace

CappedOutput::CappedOutput(std::string folder, std::uint64_t cap)
    : m_folder(std::move(folder))
    , m_headRoom(cap / 2)
    , m_tailCap(std::max<std::uint64_t>(cap - cap / 2, 1))
    , m_head(create(m_folder + '/' + outputFile))
{
}

CappedOutput::~CappedOutput()
{
    for (const int fd : {m_head, m_tail}) {
        if (fd >= 0)
            close(fd);
    }
}

void CappedOutput::append(std::string_view bytes)
{
    m_written += bytes.size();
    const auto first =
        bytes.substr(0, static_cast<std::size_t>(std::min<std::uint64_t>(m_headRoom, bytes.size())));
    m_headRoom -= first.size();
    // A full disk costs the output, never the command.
    if (!writeAll(m_head, first))
        m_cut += first.size();
    if (first.size() < bytes.size())
        appendToTail(bytes.substr(first.size()));
}

void CappedOutput::appendToTail(std::string_view bytes)
{
    m_tailWritten += bytes.size();
    while (!bytes.empty()) {
        if (m_tail >= 0 && m_tailSize >= m_tailCap) {
            close(m_tail);
            m_tail = -1;
            rename((m_folder + '/' + tailFile).c_str(), (m_folder + '/' + olderTailFile).c_str());
        }
        if (m_tail < 0) {
            m_tail = create(m_folder + '/' + tailFile);
            m_tailSize = 0;
        }
        const auto part = bytes.substr(
            0, static_cast<std::size_t>(std::min<std::uint64_t>(m_tailCap - m_tailSize, bytes.size())));
        (void)writeAll(m_tail, part);
        m_tailSize += part.size();
        bytes.remove_prefix(part.size());
    }
}

void CappedOutput::finish()
{
    if (m_tailWritten > 0) {
        std::string tail = readWhole(m_folder + '/' + olderTailFile) + readWhole(m_folder + '/' + tailFile);
        if (tail.size() > m_tailCap)
            tail.erase(0, tail.size() - static_cast<std::size_t>(m_tailCap));
        m_cut += m_tailWritten - tail.size();
        if (m_cut > 0)
            (void)writeAll(m_head, "\n[muster: " + std::to_string(m_cut) + " bytes cut]\n");
        (void)writeAll(m_head, tail);
    }
    fsync(m_head);
    unlink((m_folder + '/' + olderTailFile).c_str());
    unlink((m_folder + '/' + tailFile).c_str());
}

} // namespace muster::guard
