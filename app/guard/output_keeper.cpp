#include "app/guard/output_keeper.h"

#include "core/process/guard_layout.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>

namespace muster::guard {

namespace {

constexpr int fileFlags = O_CREAT | O_TRUNC | O_WRONLY | O_APPEND | O_CLOEXEC;

void writeAll(int fd, const char *bytes, std::int64_t size)
{
    while (size > 0) {
        const ssize_t written = ::write(fd, bytes, static_cast<size_t>(size));
        if (written <= 0)
            return; // disk full: the command goes on, its output is what could be kept
        bytes += written;
        size -= written;
    }
}

} // namespace

OutputKeeper::OutputKeeper(std::string folder, std::int64_t cap)
    : m_folder(std::move(folder))
    , m_half(std::max<std::int64_t>(cap / 2, 1))
{
}

OutputKeeper::~OutputKeeper()
{
    for (const int fd : {m_head, m_tail}) {
        if (fd >= 0)
            close(fd);
    }
}

bool OutputKeeper::open()
{
    m_head = ::open((m_folder + '/' + outputFile).c_str(), fileFlags, 0600);
    return m_head >= 0;
}

void OutputKeeper::write(const char *bytes, std::int64_t size)
{
    const std::int64_t head = std::clamp<std::int64_t>(m_half - m_total, 0, size);
    m_total += size;
    writeAll(m_head, bytes, head);
    if (size > head)
        writeTail(bytes + head, size - head);
}

void OutputKeeper::writeTail(const char *bytes, std::int64_t size)
{
    while (size > 0) {
        if (m_tail < 0 || m_tailSize >= m_half) {
            const std::string tail = m_folder + '/' + tailFile;
            if (m_tail >= 0) {
                close(m_tail);
                m_cut += m_olderSize;
                std::rename(tail.c_str(), (m_folder + '/' + olderTailFile).c_str());
                m_olderSize = m_tailSize;
            }
            m_tail = ::open(tail.c_str(), fileFlags, 0600);
            m_tailSize = 0;
        }
        const std::int64_t part = std::min(size, m_half - m_tailSize);
        writeAll(m_tail, bytes, part);
        m_tailSize += part;
        bytes += part;
        size -= part;
    }
}

void OutputKeeper::appendFile(const std::string &path)
{
    const int from = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (from < 0)
        return;
    std::array<char, 65536> buffer{};
    ssize_t size = 0;
    while ((size = read(from, buffer.data(), buffer.size())) > 0)
        writeAll(m_head, buffer.data(), size);
    close(from);
    unlink(path.c_str());
}

void OutputKeeper::finish()
{
    if (m_cut > 0) {
        const std::string note = "\n[muster: " + std::to_string(m_cut) + " bytes cut]\n";
        writeAll(m_head, note.data(), static_cast<std::int64_t>(note.size()));
    }
    appendFile(m_folder + '/' + olderTailFile);
    appendFile(m_folder + '/' + tailFile);
    fsync(m_head);
}

} // namespace muster::guard
