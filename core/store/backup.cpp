#include "core/store/backup.h"

#include "core/base/random_token.h"
#include "core/store/connection.h"

#include <QDateTime>
#include <QDir>
#include <QFile>
#include <QTimeZone>

#ifdef Q_OS_UNIX
#include <unistd.h>
#endif

namespace muster {

using namespace Qt::StringLiterals;

namespace {

const auto prefix = "muster-"_L1;
const auto unfinishedPrefix = ".making-"_L1;
const auto timeFormat = "yyyyMMdd'T'HHmmss'Z'"_L1;
constexpr qint64 dayMs = 24LL * 3600 * 1000;

QDateTime utc(qint64 ms) { return QDateTime::fromMSecsSinceEpoch(ms, QTimeZone::UTC); }

std::optional<qint64> timeOf(const QString &fileName)
{
    if (!fileName.startsWith(prefix))
        return std::nullopt;
    const QString text = fileName.section(u'-', 1, 1);
    QDateTime time = QDateTime::fromString(text, QString(timeFormat));
    if (!time.isValid())
        return std::nullopt;
    time.setTimeZone(QTimeZone::UTC);
    return time.toMSecsSinceEpoch();
}

// A backup that the power cut tears is none; VACUUM INTO itself does not promise this.
Status syncToDisk(const QString &file)
{
    QFile written(file);
    if (!written.open(QIODevice::ReadWrite | QIODevice::ExistingOnly))
        return fail(ErrorCode::Io, written.errorString(), file);
#ifdef Q_OS_UNIX
    if (fsync(written.handle()) != 0)
        return fail(ErrorCode::Io, qt_error_string(errno), file);
#endif
    return {};
}

Status vacuumInto(const QString &store, const QString &target)
{
    auto db = Connection::open({.file = store, .mode = ConnectionOptions::Mode::ReadOnly});
    if (!db)
        return std::unexpected(db.error());
    // query_only, which protects the store from readers, also refuses to write the copy.
    if (Status writable = (*db)->exec(u"PRAGMA query_only = OFF"_s); !writable)
        return writable;
    const auto copied = (*db)->run(u"VACUUM INTO ?"_s, target);
    if (!copied)
        return std::unexpected(copied.error());
    return syncToDisk(target);
}

} // namespace

Result<QString> Backups::make(const QString &store, qint64 nowMs, const QString &why) const
{
    QDir dir(m_dir);
    if (!dir.mkpath(u"."_s))
        return fail(ErrorCode::Io, u"cannot make the folder"_s, m_dir);
    const QString unfinished = dir.filePath(unfinishedPrefix + randomToken(9));
    const QString name = prefix + utc(nowMs).toString(QString(timeFormat)) + u'-' + why + u".db"_s;
    QString target = dir.filePath(name);
    const Status copied = vacuumInto(store, unfinished);
    if (!copied) {
        QFile::remove(unfinished);
        return std::unexpected(copied.error());
    }
    QFile::remove(target); // of the same second and for the same reason
    if (!QFile::rename(unfinished, target))
        return fail(ErrorCode::Io, u"cannot rename"_s, target);
    removeOld(nowMs);
    return target;
}

std::vector<BackupFile> Backups::list() const
{
    std::vector<BackupFile> backups;
    const QDir dir(m_dir);
    const QStringList names = dir.entryList({prefix + u"*.db"_s}, QDir::Files);
    for (const QString &name : names) {
        if (const auto at = timeOf(name))
            backups.push_back({.file = dir.filePath(name), .atMs = *at});
    }
    std::ranges::sort(backups, std::ranges::greater(), &BackupFile::atMs);
    return backups;
}

bool Backups::dueAt(qint64 nowMs) const
{
    const auto backups = list();
    return std::ranges::none_of(backups,
                                [&](const BackupFile &b) { return b.atMs / dayMs == nowMs / dayMs; });
}

std::optional<BackupFile> Backups::newestGood() const
{
    for (const BackupFile &backup : list()) {
        if (checkStoreFile(backup.file))
            return backup;
    }
    return std::nullopt;
}

void Backups::removeOld(qint64 nowMs) const
{
    const auto backups = list();
    for (size_t i = static_cast<size_t>(m_keep); i < backups.size(); ++i)
        QFile::remove(backups.at(i).file);
    // Left by a process that died meanwhile.
    const QFileInfoList unfinished =
        QDir(m_dir).entryInfoList({unfinishedPrefix + u'*'}, QDir::Files | QDir::Hidden);
    for (const QFileInfo &file : unfinished) {
        if (file.lastModified().toMSecsSinceEpoch() < nowMs - dayMs)
            QFile::remove(file.filePath());
    }
}

Status checkStoreFile(const QString &file)
{
    auto db = Connection::open({.file = file, .mode = ConnectionOptions::Mode::ReadOnly});
    if (!db)
        return std::unexpected(db.error());
    const auto found = (*db)->value<QString>(u"PRAGMA quick_check(1)"_s);
    if (!found)
        return std::unexpected(found.error());
    if (*found != u"ok"_s)
        return fail(ErrorCode::Corrupt, found->value_or(QString()), file);
    return {};
}

} // namespace muster
