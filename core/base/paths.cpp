#include "core/base/paths.h"

#include <QCryptographicHash>
#include <QDir>
#include <QFile>
#include <QFileInfo>

#ifdef Q_OS_UNIX
#include <sys/stat.h>
#include <unistd.h>
#endif

namespace muster {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype longestSocketPath = 107; // sun_path, without its end

Status makePrivate(const QString &dir)
{
    if (QFileInfo(dir).isDir())
        return {};
    const auto ownerOnly = QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner;
    if (!QDir().mkpath(QFileInfo(dir).absolutePath()) || !QDir().mkdir(dir, ownerOnly)) {
        if (!QFileInfo(dir).isDir()) // else another process was first
            return fail(ErrorCode::Io, u"cannot make the folder"_s, dir);
    }
    return {};
}

// /tmp belongs to everybody: what lies there under our name must be a folder, ours, and closed to others.
Status checkOwned([[maybe_unused]] const QString &dir)
{
#ifdef Q_OS_UNIX
    struct stat info{};
    if (lstat(QFile::encodeName(dir).constData(), &info) != 0)
        return fail(ErrorCode::Io, qt_error_string(errno), dir);
    if (!S_ISDIR(info.st_mode) || info.st_uid != geteuid())
        return fail(ErrorCode::PermissionDenied, u"not a folder of this user"_s, dir);
    if ((info.st_mode & 0077) != 0 && chmod(QFile::encodeName(dir).constData(), 0700) != 0)
        return fail(ErrorCode::PermissionDenied, u"open to others"_s, dir);
#endif
    return {};
}

struct Roots {
    QString data;
    QString config;
    QString state;
};

QString baseDir(const QProcessEnvironment &environment, const QString &name, const QString &fallback)
{
    const QString value = environment.value(name);
    // The specification: a relative path is to be ignored.
    return QDir::isAbsolutePath(value) ? value : fallback;
}

Result<Roots> rootsOf(const QProcessEnvironment &environment)
{
    const QString named = environment.value(u"MUSTER_HOME"_s);
    if (!named.isEmpty()) {
        if (!QDir::isAbsolutePath(named))
            return fail(ErrorCode::InvalidArgument, named, u"MUSTER_HOME"_s);
        return Roots{.data = named, .config = named, .state = named};
    }
    const QString home = environment.value(u"HOME"_s);
    if (!QDir::isAbsolutePath(home))
        return fail(ErrorCode::InvalidArgument, home, u"HOME"_s);
    const auto dir = [&](const QString &name, const QString &fallback) {
        return QString(baseDir(environment, name, home + fallback) + u"/muster"_s);
    };
    return Roots{.data = dir(u"XDG_DATA_HOME"_s, u"/.local/share"_s),
                 .config = dir(u"XDG_CONFIG_HOME"_s, u"/.config"_s),
                 .state = dir(u"XDG_STATE_HOME"_s, u"/.local/state"_s)};
}

Result<QString> resolveRuntimeDir(const QProcessEnvironment &environment)
{
    const QString xdg = environment.value(u"XDG_RUNTIME_DIR"_s);
    QString dir;
    if (QDir::isAbsolutePath(xdg) && QFileInfo(xdg).isDir() && xdg.size() < 60)
        dir = xdg + u"/muster"_s;
#ifdef Q_OS_UNIX
    else
        dir = u"/tmp/muster-"_s + QString::number(geteuid());
#else
    else
        dir = QDir::tempPath() + u"/muster"_s;
#endif
    if (Status made = makePrivate(dir); !made)
        return std::unexpected(made.error());
    if (Status owned = checkOwned(dir); !owned)
        return std::unexpected(owned.error());
    return dir;
}

QString hashOf(const QString &path)
{
    return QString::fromLatin1(
        QCryptographicHash::hash(path.toUtf8(), QCryptographicHash::Sha256).toHex().first(16));
}

} // namespace

Result<Paths> Paths::resolve(const QProcessEnvironment &environment)
{
    const auto roots = rootsOf(environment);
    if (!roots)
        return std::unexpected(roots.error());
    for (const QString &dir : {roots->data, roots->config, roots->state}) {
        if (Status made = makePrivate(dir); !made)
            return std::unexpected(made.error());
    }
    const auto runtime = resolveRuntimeDir(environment);
    if (!runtime)
        return std::unexpected(runtime.error());
    Paths paths;
    paths.home = QFileInfo(roots->data).canonicalFilePath();
    paths.storeFile = paths.home + u"/store.db"_s;
    paths.backupDir = paths.home + u"/backups"_s;
    paths.worktreeDir = paths.home + u"/worktrees"_s;
    paths.logDir = roots->state + u"/logs"_s;
    paths.sessionDir = roots->state + u"/sessions"_s;
    paths.guardDir = roots->state + u"/guard"_s;
    paths.tmpDir = roots->state + u"/tmp"_s;
    paths.configDir = roots->config;
    paths.configFile = roots->config + u"/config.json"_s;
    paths.runtimeDir = *runtime;
    paths.socketFile = *runtime + u"/node-"_s + hashOf(paths.home) + u".sock"_s;
    if (QFile::encodeName(paths.socketFile).size() > longestSocketPath)
        return fail(ErrorCode::InvalidArgument, u"the path is too long for a socket"_s, paths.socketFile);
    for (const QString &dir :
         {paths.backupDir, paths.worktreeDir, paths.logDir, paths.sessionDir, paths.guardDir, paths.tmpDir}) {
        if (Status made = makePrivate(dir); !made)
            return std::unexpected(made.error());
    }
    return paths;
}

} // namespace muster
