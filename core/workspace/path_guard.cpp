#include "core/workspace/path_guard.h"

#include "core/workspace/path_rules.h"

#include <QDir>
#include <QFileInfo>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#ifdef Q_OS_LINUX
#include <linux/openat2.h>
#include <sys/syscall.h>
#endif

namespace muster {

using namespace Qt::StringLiterals;

namespace {

class Descriptor {
public:
    explicit Descriptor(int fd)
        : m_fd(fd)
    {
    }
    Descriptor(Descriptor &&other) noexcept
        : m_fd(std::exchange(other.m_fd, -1))
    {
    }
    Descriptor &operator=(Descriptor &&other) noexcept
    {
        std::swap(m_fd, other.m_fd);
        return *this;
    }
    Descriptor(const Descriptor &) = delete;
    Descriptor &operator=(const Descriptor &) = delete;
    ~Descriptor()
    {
        if (m_fd >= 0)
            ::close(m_fd);
    }
    [[nodiscard]] int get() const { return m_fd; }
    [[nodiscard]] int release() { return std::exchange(m_fd, -1); }

private:
    int m_fd;
};

constexpr mode_t kNewFileMode = 0666; // less the umask, as every editor does

int openByComponents(int rootFd, const QByteArray &relative, int flags)
{
    const QList<QByteArray> components = relative.split('/');
    Descriptor at(::dup(rootFd));
    for (qsizetype i = 0; i + 1 < components.size() && at.get() >= 0; ++i)
        at = Descriptor(::openat(at.get(), components.at(i).constData(),
                                 O_DIRECTORY | O_NOFOLLOW | O_RDONLY | O_CLOEXEC));
    if (at.get() < 0)
        return -1;
    return ::openat(at.get(), components.last().constData(), flags | O_NOFOLLOW | O_CLOEXEC, kNewFileMode);
}

int openBeneath(int rootFd, const QByteArray &relative, int flags)
{
#ifdef Q_OS_LINUX
    open_how how{};
    how.flags = static_cast<quint64>(flags | O_NOFOLLOW | O_CLOEXEC);
    how.mode = (flags & O_CREAT) != 0 ? kNewFileMode : 0;
    how.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS;
    const long fd = ::syscall(SYS_openat2, rootFd, relative.constData(), &how, sizeof how);
    if (fd >= 0 || (errno != ENOSYS && errno != EPERM))
        return static_cast<int>(fd);
#endif
    return openByComponents(rootFd, relative, flags);
}

std::unexpected<Error> openFailure(const QString &path)
{
    const int error = errno;
    const QString text = QString::fromLocal8Bit(strerror(error));
    switch (error) {
    case ENOENT:
    case ENOTDIR:
        return fail(ErrorCode::NotFound, text, path);
    case ELOOP:
    case EXDEV:
    case EACCES:
    case EPERM:
    case EISDIR:
    case ENXIO:
        return fail(ErrorCode::PermissionDenied, text, path);
    case ENOSPC:
    case EDQUOT:
        return fail(ErrorCode::DiskFull, text, path);
    default:
        return fail(ErrorCode::Io, text, path);
    }
}

Status mayUse(int fd, const QString &path, bool write)
{
    struct stat info{};
    if (::fstat(fd, &info) != 0)
        return openFailure(path);
    if (!S_ISREG(info.st_mode))
        return fail(ErrorCode::PermissionDenied, u"not a regular file"_s, path);
    if (write && info.st_nlink > 1) // its other name may be outside
        return fail(ErrorCode::PermissionDenied, u"hard link"_s, path);
    return {};
}

} // namespace

Result<PathGuard> PathGuard::forRoot(const QString &root)
{
    const QString canonical = QFileInfo(root).canonicalFilePath();
    if (canonical.isEmpty() || !QFileInfo(canonical).isDir())
        return fail(ErrorCode::NotFound, root);
    return PathGuard(canonical);
}

Result<QString> PathGuard::resolve(const QString &path) const
{
    const auto named = insideByName(m_root, path);
    if (!named)
        return named;
    // ".." is folded before links are followed, which is what a person reads; where that could differ from
    // what the system would do, the result still has to be inside.
    QString existing = *named;
    QString rest;
    const auto isThere = [](const QString &p) {
        return QFileInfo::exists(p) || QFileInfo(p).isSymLink();
    };
    if (existing != m_root && !isThere(existing)) {
        rest = u'/' + QFileInfo(existing).fileName();
        existing = QFileInfo(existing).path();
    }
    const QString canonical = QFileInfo(existing).canonicalFilePath();
    if (canonical.isEmpty())
        return fail(QFileInfo(existing).isSymLink() ? ErrorCode::PermissionDenied : ErrorCode::NotFound,
                    path);
    const auto inside = insideByName(m_root, canonical + rest);
    if (!inside)
        return fail(ErrorCode::PermissionDenied, path, u"outside"_s);
    if (!rest.isEmpty() && !QFileInfo(canonical).isDir())
        return fail(ErrorCode::NotFound, path);
    return inside;
}

Result<std::unique_ptr<QFile>> PathGuard::open(const QString &path, bool write) const
{
    const auto resolved = resolve(path);
    if (!resolved)
        return std::unexpected(resolved.error());
    const QString relative = QDir(m_root).relativeFilePath(*resolved);
    if (relative == u"." || (write && hasGitName(relative)))
        return fail(ErrorCode::PermissionDenied, path, relative == u"." ? u"folder"_s : u"git"_s);
    const Descriptor root(::open(QFile::encodeName(m_root).constData(), O_DIRECTORY | O_RDONLY | O_CLOEXEC));
    if (root.get() < 0)
        return openFailure(m_root);
    // Not truncated before it is known what it is; O_NONBLOCK, or a pipe would hold us.
    const int flags = (write ? O_RDWR | O_CREAT : O_RDONLY) | O_NONBLOCK | O_NOCTTY;
    Descriptor fd(openBeneath(root.get(), QFile::encodeName(relative), flags));
    if (fd.get() < 0)
        return openFailure(path);
    if (Status allowed = mayUse(fd.get(), path, write); !allowed)
        return std::unexpected(allowed.error());
    if (write && ::ftruncate(fd.get(), 0) != 0)
        return openFailure(path);
    auto file = std::make_unique<QFile>(*resolved);
    const QIODevice::OpenMode mode = write ? QIODevice::ReadWrite : QIODevice::ReadOnly;
    if (!file->open(fd.get(), mode, QFileDevice::AutoCloseHandle))
        return fail(ErrorCode::Io, file->errorString(), path);
    (void)fd.release();
    return file;
}

Result<std::unique_ptr<QFile>> PathGuard::openForReading(const QString &path) const
{
    return open(path, false);
}

Result<std::unique_ptr<QFile>> PathGuard::openForWriting(const QString &path) const
{
    return open(path, true);
}

} // namespace muster
