#include "core/process/file_descriptor.h"

#include "core/process/launch_spec.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace muster {

namespace {

std::unexpected<Error> outOfResources()
{
    return fail(ErrorCode::LaunchFailed, QString::fromLocal8Bit(strerror(errno)),
                QString::fromLatin1(launch_fault::resources));
}

Result<FileDescriptor> aboveStandard(FileDescriptor fd)
{
    if (fd.get() > STDERR_FILENO)
        return fd;
    FileDescriptor moved(fcntl(fd.get(), F_DUPFD_CLOEXEC, STDERR_FILENO + 1));
    if (!moved.isOpen())
        return outOfResources();
    return moved;
}

} // namespace

void FileDescriptor::reset()
{
    if (m_fd >= 0)
        close(std::exchange(m_fd, -1));
}

Result<PipeEnds> makePipe()
{
    int ends[2] = {-1, -1};
    if (pipe2(ends, O_CLOEXEC) != 0)
        return outOfResources();
    auto reading = aboveStandard(FileDescriptor(ends[0]));
    auto writing = aboveStandard(FileDescriptor(ends[1]));
    if (!reading || !writing)
        return outOfResources();
    return PipeEnds{.read = std::move(*reading), .write = std::move(*writing)};
}

Result<FileDescriptor> openFile(const char *path, int flags)
{
    FileDescriptor fd(open(path, flags | O_CLOEXEC));
    if (!fd.isOpen())
        return outOfResources();
    return aboveStandard(std::move(fd));
}

void setNonBlocking(int fd) { fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK); }

} // namespace muster
