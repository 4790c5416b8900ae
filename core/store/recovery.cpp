#include "core/store/recovery.h"

#include <QDateTime>
#include <QFile>
#include <QTimeZone>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

QString freeName(const QString &storeFile, qint64 nowMs)
{
    const QString base =
        storeFile + u".damaged-"_s +
        QDateTime::fromMSecsSinceEpoch(nowMs, QTimeZone::UTC).toString(u"yyyyMMdd'T'HHmmss'Z'"_s);
    QString name = base;
    for (int i = 2; QFile::exists(name); ++i)
        name = base + u'-' + QString::number(i);
    return name;
}

} // namespace

Result<Recovered> setAsideAndRestore(const QString &storeFile, const Backups &backups, qint64 nowMs)
{
    Recovered recovered{.setAside = freeName(storeFile, nowMs), .from = backups.newestGood()};
    // First the log and its index: left beside a restored file, they would be taken for its own.
    for (const QString &suffix : {u"-wal"_s, u"-shm"_s, u"-journal"_s}) {
        const QString part = storeFile + suffix;
        if (QFile::exists(part) && !QFile::rename(part, recovered.setAside + suffix))
            return fail(ErrorCode::Io, u"cannot rename"_s, part);
    }
    if (QFile::exists(storeFile) && !QFile::rename(storeFile, recovered.setAside))
        return fail(ErrorCode::Io, u"cannot rename"_s, storeFile);
    if (!recovered.from)
        return recovered;
    const QString unfinished = storeFile + u".restoring"_s;
    QFile::remove(unfinished);
    if (!QFile::copy(recovered.from->file, unfinished) || !QFile::rename(unfinished, storeFile))
        return fail(ErrorCode::Io, u"cannot copy the backup"_s, recovered.from->file);
    return recovered;
}

} // namespace muster
