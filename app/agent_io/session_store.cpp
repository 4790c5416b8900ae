#include "app/agent_io/session_store.h"

#include <QDateTime>
#include <QDir>
#include <QFile>
#include <QJsonDocument>
#include <QSaveFile>
#include <QUuid>

using namespace Qt::StringLiterals;

namespace muster {

SessionFolder::SessionFolder(QString path, qint64 maxBytes)
    : m_path(std::move(path))
    , m_maxBytes(maxBytes)
{
}

QString SessionFolder::pathOf(const QString &id) const { return m_path + u'/' + id + u".json"; }

Result<QString> SessionFolder::makeId() const
{
    if (!QDir().mkpath(m_path))
        return fail(ErrorCode::Io, u"the folder cannot be made"_s, m_path);
    QFile::setPermissions(m_path, QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
    prune();
    return QUuid::createUuid().toString(QUuid::WithoutBraces);
}

Result<QJsonObject> SessionFolder::read(const QString &id) const
{
    // The id becomes a file's name, so only what makeId() gives is taken.
    const QUuid uuid = QUuid::fromString(u'{' + id + u'}');
    if (uuid.isNull() || uuid.toString(QUuid::WithoutBraces) != id)
        return fail(ErrorCode::InvalidArgument, id);
    QFile file(pathOf(id));
    if (!file.open(QIODevice::ReadOnly))
        return fail(ErrorCode::NotFound, id);
    return QJsonDocument::fromJson(file.read(m_maxBytes)).object();
}

Status SessionFolder::write(const QString &id, const QJsonObject &session) const
{
    const QByteArray json = QJsonDocument(session).toJson(QJsonDocument::Compact);
    if (json.size() > m_maxBytes)
        return fail(ErrorCode::TooLarge, QString::number(json.size()), pathOf(id));
    QSaveFile file(pathOf(id));
    if (!file.open(QIODevice::WriteOnly))
        return fail(ErrorCode::Io, file.errorString(), file.fileName());
    file.setPermissions(QFile::ReadOwner | QFile::WriteOwner);
    file.write(json);
    if (!file.commit())
        return fail(ErrorCode::Io, file.errorString(), file.fileName());
    return {};
}

void SessionFolder::prune() const
{
    const QDateTime oldest = QDateTime::currentDateTimeUtc().addDays(-keptDays);
    const QFileInfoList files = QDir(m_path).entryInfoList({u"*.json"_s}, QDir::Files);
    for (const QFileInfo &file : files) {
        if (file.lastModified() < oldest)
            QFile::remove(file.filePath());
    }
}

} // namespace muster
