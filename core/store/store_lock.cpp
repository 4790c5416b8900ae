#include "core/store/store_lock.h"

#include <QFile>
#include <QtSystemDetection>

#include <utility>

#ifdef Q_OS_UNIX
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#endif

namespace muster {

using namespace Qt::StringLiterals;

#ifdef Q_OS_UNIX

namespace {
bool lockFile(int fd, int operation)
{
    while (flock(fd, operation) != 0) {
        if (errno != EINTR)
            return false;
    }
    return true;
}
} // namespace

Result<StoreLock> StoreLock::share(const QString &storeFile)
{
    const QString file = storeFile + u".lock"_s;
    StoreLock lock;
    lock.m_fd = ::open(QFile::encodeName(file).constData(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (lock.m_fd < 0 || !lockFile(lock.m_fd, LOCK_SH))
        return fail(ErrorCode::Io, qt_error_string(errno), file);
    return lock;
}

bool StoreLock::tryAlone() const
{
    if (m_fd < 0)
        return false;
    if (lockFile(m_fd, LOCK_EX | LOCK_NB))
        return true;
    backToShared(); // a failed conversion has given up the shared lock
    return false;
}

void StoreLock::backToShared() const
{
    if (m_fd >= 0)
        (void)lockFile(m_fd, LOCK_SH);
}

StoreLock::~StoreLock()
{
    if (m_fd >= 0)
        ::close(m_fd); // the lock goes with it
}

#else

Result<StoreLock> StoreLock::share(const QString &) { return StoreLock(); }
bool StoreLock::tryAlone() const { return false; }
void StoreLock::backToShared() const {}
StoreLock::~StoreLock() = default;

#endif

StoreLock::StoreLock(StoreLock &&other) noexcept
    : m_fd(std::exchange(other.m_fd, -1))
{
}

StoreLock &StoreLock::operator=(StoreLock &&other) noexcept
{
    std::swap(m_fd, other.m_fd);
    return *this;
}

} // namespace muster
