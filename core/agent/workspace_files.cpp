#include "core/agent/workspace_files.h"

#include <QDir>
#include <QFile>
#include <QStringDecoder>

#ifdef Q_OS_LINUX
#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#endif

namespace muster {

using namespace Qt::StringLiterals;

WorkspaceFiles::WorkspaceFiles(const QString &root)
    : m_root(QDir::cleanPath(root))
{
}

Result<QString> WorkspaceFiles::relative(const QString &path) const
{
    if (path.isEmpty() || path.contains(QChar(0)))
        return fail(ErrorCode::InvalidArgument, u"not a path"_s, path);
    const QString absolute = QDir::cleanPath(path.startsWith(u'/') ? path : QString(m_root + u'/' + path));
    if (!absolute.startsWith(QString(m_root + u'/')))
        return fail(ErrorCode::PermissionDenied, u"outside the workspace"_s, path);
    return absolute.sliced(m_root.size() + 1);
}

#ifdef Q_OS_LINUX

namespace {

std::unexpected<Error> failed(int error, const QString &path)
{
    const auto code = error == ENOENT ? ErrorCode::NotFound
                      : error == EXDEV || error == ELOOP || error == EACCES || error == EPERM
                          ? ErrorCode::PermissionDenied
                      : error == ENOSPC                   ? ErrorCode::DiskFull
                      : error == EISDIR || error == ENXIO ? ErrorCode::InvalidArgument
                                                          : ErrorCode::Io;
    return fail(code, QString::fromLocal8Bit(std::strerror(error)), path);
}

int openat2(int folder, const QByteArray &path, int flags, int mode)
{
    open_how how{};
    how.flags = static_cast<__u64>(flags | O_CLOEXEC);
    how.mode = static_cast<__u64>(mode);
    how.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS;
    return static_cast<int>(::syscall(SYS_openat2, folder, path.constData(), &how, sizeof how));
}

// Without openat2: part by part, no link followed.
int openWithoutLinks(int folder, const QByteArray &path, int flags, int mode)
{
    int current = ::dup(folder);
    const QList<QByteArray> parts = path.split('/');
    for (qsizetype i = 0; i < parts.size() && current >= 0; ++i) {
        const bool last = i + 1 == parts.size();
        const int how = last ? flags : O_PATH | O_DIRECTORY;
        const int next = ::openat(current, parts.at(i).constData(), how | O_NOFOLLOW | O_CLOEXEC, mode);
        const int error = errno;
        ::close(current);
        errno = error;
        current = next;
    }
    return current;
}

Status writeAll(int fd, QByteArrayView bytes, const QString &path)
{
    while (!bytes.isEmpty()) {
        const ssize_t written = ::write(fd, bytes.data(), static_cast<size_t>(bytes.size()));
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return failed(errno, path);
        bytes = bytes.sliced(written);
    }
    return {};
}

Result<QByteArray> readAll(int fd, const QString &path)
{
    struct stat info{};
    if (::fstat(fd, &info) != 0)
        return failed(errno, path);
    if (!S_ISREG(info.st_mode))
        return fail(ErrorCode::InvalidArgument, u"not a regular file"_s, path);
    if (info.st_size > WorkspaceFiles::maxBytes)
        return fail(ErrorCode::TooLarge, QString::number(info.st_size), path);
    QByteArray bytes(WorkspaceFiles::maxBytes, Qt::Uninitialized);
    qsizetype size = 0;
    while (size < bytes.size()) {
        const ssize_t got = ::read(fd, bytes.data() + size, static_cast<size_t>(bytes.size() - size));
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return failed(errno, path);
        if (got == 0)
            break;
        size += got;
    }
    bytes.truncate(size);
    return bytes;
}

QString linesOf(const QString &text, int firstLine, int maxLines)
{
    if (firstLine <= 1 && maxLines == 0)
        return text;
    qsizetype from = 0;
    for (int line = 1; line < firstLine && from < text.size(); ++line) {
        const qsizetype end = text.indexOf(u'\n', from);
        from = end < 0 ? text.size() : end + 1;
    }
    qsizetype to = maxLines == 0 ? text.size() : from;
    for (int line = 0; line < maxLines && to < text.size(); ++line) {
        const qsizetype end = text.indexOf(u'\n', to);
        to = end < 0 ? text.size() : end + 1;
    }
    return text.sliced(from, to - from);
}

} // namespace

Result<FileDescriptor> WorkspaceFiles::openBeneath(const QString &relative, int flags, int mode) const
{
    const FileDescriptor root(
        ::open(QFile::encodeName(m_root).constData(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    if (!root.isOpen())
        return failed(errno, m_root);
    const QByteArray path = QFile::encodeName(relative);
    int fd = openat2(root.get(), path, flags, mode);
    if (fd < 0 && errno == ENOSYS)
        fd = openWithoutLinks(root.get(), path, flags, mode);
    if (fd < 0)
        return failed(errno, relative);
    return FileDescriptor(fd);
}

Status WorkspaceFiles::makeParents(const QString &relative) const
{
    for (qsizetype end = relative.indexOf(u'/'); end >= 0; end = relative.indexOf(u'/', end + 1)) {
        const QString folder = relative.first(end);
        if (openBeneath(folder, O_PATH | O_DIRECTORY, 0))
            continue;
        const qsizetype parentEnd = folder.lastIndexOf(u'/');
        const auto parent =
            openBeneath(parentEnd < 0 ? u"."_s : folder.first(parentEnd), O_PATH | O_DIRECTORY, 0);
        if (!parent)
            return std::unexpected(parent.error());
        const QByteArray name = QFile::encodeName(folder.sliced(parentEnd + 1));
        if (::mkdirat(parent->get(), name.constData(), 0777) != 0 && errno != EEXIST)
            return failed(errno, folder);
    }
    return {};
}

Result<QString> WorkspaceFiles::read(const QString &path, int firstLine, int maxLines) const
{
    const auto inside = relative(path);
    if (!inside)
        return std::unexpected(inside.error());
    const auto file = openBeneath(*inside, O_RDONLY | O_NONBLOCK, 0);
    if (!file)
        return std::unexpected(file.error());
    const auto bytes = readAll(file->get(), path);
    if (!bytes)
        return std::unexpected(bytes.error());
    QStringDecoder decoder(QStringDecoder::Utf8);
    const QString text = decoder(*bytes);
    if (decoder.hasError())
        return fail(ErrorCode::InvalidArgument, u"not UTF-8 text"_s, path);
    return linesOf(text.isNull() ? u""_s : text, firstLine, maxLines);
}

Status WorkspaceFiles::write(const QString &path, const QString &content) const
{
    const auto inside = relative(path);
    if (!inside)
        return std::unexpected(inside.error());
    const QByteArray bytes = content.toUtf8();
    if (bytes.size() > maxBytes)
        return fail(ErrorCode::TooLarge, QString::number(bytes.size()), path);
    if (const Status made = makeParents(*inside); !made)
        return made;
    const auto file = openBeneath(*inside, O_WRONLY | O_CREAT | O_NOFOLLOW | O_NONBLOCK, 0666);
    if (!file)
        return std::unexpected(file.error());
    struct stat info{};
    if (::fstat(file->get(), &info) != 0)
        return failed(errno, path);
    // A hard link would reach a file that another name stands for, maybe outside.
    if (!S_ISREG(info.st_mode) || info.st_nlink > 1)
        return fail(ErrorCode::PermissionDenied, u"not a plain file"_s, path);
    if (::ftruncate(file->get(), 0) != 0)
        return failed(errno, path);
    return writeAll(file->get(), bytes, path);
}

#else

Result<FileDescriptor> WorkspaceFiles::openBeneath(const QString &, int, int) const
{
    return fail(ErrorCode::Unsupported);
}
Status WorkspaceFiles::makeParents(const QString &) const { return fail(ErrorCode::Unsupported); }
Result<QString> WorkspaceFiles::read(const QString &, int, int) const { return fail(ErrorCode::Unsupported); }
Status WorkspaceFiles::write(const QString &, const QString &) const { return fail(ErrorCode::Unsupported); }

#endif

} // namespace muster
