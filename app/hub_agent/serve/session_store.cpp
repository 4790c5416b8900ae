#include "app/hub_agent/serve/session_store.h"

#include <QDateTime>
#include <QDir>
#include <QFile>
#include <QJsonDocument>
#include <QSaveFile>
#include <QUuid>

using namespace Qt::StringLiterals;

namespace muster::hub {

namespace {

constexpr qint64 maxBytes = 64LL * 1024;

} // namespace

SessionStore::SessionStore(QString folder)
    : m_folder(std::move(folder))
{
}

QString SessionStore::pathOf(const QString &id) const { return m_folder + u'/' + id + u".json"; }

Result<HubSession> SessionStore::create(const QString &workspace, const QString &model) const
{
    if (!QDir().mkpath(m_folder))
        return fail(ErrorCode::Io, u"the folder cannot be made"_s, m_folder);
    QFile::setPermissions(m_folder, QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
    prune();
    HubSession session{.id = QUuid::createUuid().toString(QUuid::WithoutBraces),
                       .folder = workspace,
                       .model = model,
                       .agent = {}};
    return save(session).transform([&] { return std::move(session); });
}

Result<HubSession> SessionStore::load(const QString &id) const
{
    // The id becomes a file's name, so only what create() gives is taken.
    const QUuid uuid = QUuid::fromString(u'{' + id + u'}');
    if (uuid.isNull() || uuid.toString(QUuid::WithoutBraces) != id)
        return fail(ErrorCode::InvalidArgument, id);
    QFile file(pathOf(id));
    if (!file.open(QIODevice::ReadOnly))
        return fail(ErrorCode::NotFound, id);
    auto session = fromJsonObject<HubSession>(QJsonDocument::fromJson(file.read(maxBytes)).object());
    if (!session || session->id != id)
        return fail(ErrorCode::Corrupt, u"no session"_s, file.fileName());
    return session;
}

Status SessionStore::save(const HubSession &session) const
{
    QSaveFile file(pathOf(session.id));
    if (!file.open(QIODevice::WriteOnly))
        return fail(ErrorCode::Io, file.errorString(), file.fileName());
    file.setPermissions(QFile::ReadOwner | QFile::WriteOwner);
    file.write(QJsonDocument(toJsonObject(session)).toJson(QJsonDocument::Compact));
    if (!file.commit())
        return fail(ErrorCode::Io, file.errorString(), file.fileName());
    return {};
}

void SessionStore::prune() const
{
    const QDateTime oldest = QDateTime::currentDateTimeUtc().addDays(-keptDays);
    const QFileInfoList files = QDir(m_folder).entryInfoList({u"*.json"_s}, QDir::Files);
    for (const QFileInfo &file : files) {
        if (file.lastModified() < oldest)
            QFile::remove(file.filePath());
    }
}

QString labelOf(const HubSession &session) { return u"muster-session="_s + session.id; }

} // namespace muster::hub
