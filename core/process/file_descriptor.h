// A file descriptor that closes itself, and pairs of them. Any thread.
#pragma once

#include "core/base/result.h"

#include <utility>

namespace muster {

class FileDescriptor {
public:
    FileDescriptor() = default;
    explicit FileDescriptor(int fd)
        : m_fd(fd)
    {
    }
    FileDescriptor(FileDescriptor &&other) noexcept
        : m_fd(std::exchange(other.m_fd, -1))
    {
    }
    FileDescriptor &operator=(FileDescriptor &&other) noexcept
    {
        std::swap(m_fd, other.m_fd);
        return *this;
    }
    FileDescriptor(const FileDescriptor &) = delete;
    FileDescriptor &operator=(const FileDescriptor &) = delete;
    ~FileDescriptor() { reset(); }

    [[nodiscard]] int get() const { return m_fd; }
    [[nodiscard]] bool isOpen() const { return m_fd >= 0; }
    void reset();

private:
    int m_fd = -1;
};

struct PipeEnds {
    FileDescriptor read;
    FileDescriptor write;
};

// Closed on exec and above the three standard descriptors, so that a child can move them into place.
[[nodiscard]] Result<PipeEnds> makePipe();
[[nodiscard]] Result<FileDescriptor> openFile(const char *path, int flags);
void setNonBlocking(int fd);

} // namespace muster
