#include "app/demo_agent/serve/session_store.h"

#include <QDir>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QStandardPaths>
#include <QUuid>

using namespace Qt::StringLiterals;

namespace muster::demo {

namespace {

QByteArray lineOf(const QJsonObject &object)
{
    return QJsonDocument(object).toJson(QJsonDocument::Compact) + '\n';
}

void takeLine(const QJsonObject &line, StoredSession &session)
{
    const QString type = line.value("type"_L1).toString();
    if (type == "session"_L1) {
        session.folder = line.value("cwd"_L1).toString();
    } else if (type == "prompt"_L1) {
        session.turns.push_back({.prompt = line.value("text"_L1).toString(), .answer = {}, .stop = {}});
    } else if (type == "result"_L1 && !session.turns.empty()) {
        session.turns.back().answer = line.value("text"_L1).toString();
        session.turns.back().stop = line.value("stop"_L1).toString();
    }
}

} // namespace

QString StoredSession::unfinishedPrompt() const
{
    return turns.empty() || turns.back().stop == "end_turn"_L1 ? QString() : turns.back().prompt;
}

qint64 StoredSession::characters() const
{
    qint64 sum = 0;
    for (const PastTurn &turn : turns)
        sum += turn.prompt.size() + turn.answer.size();
    return sum;
}

SessionStore::SessionStore(QString folder)
    : m_folder(std::move(folder))
{
}

QString SessionStore::defaultFolder()
{
    QString named = qEnvironmentVariable("MUSTER_DEMO_STATE");
    if (!named.isEmpty())
        return named;
    return QStandardPaths::writableLocation(QStandardPaths::GenericStateLocation) + u"/muster-demo-agent"_s;
}

QString SessionStore::pathOf(const QString &id) const
{
    return m_folder + u"/sessions/"_s + id + u".jsonl"_s;
}

Status SessionStore::append(const QString &id, const QByteArray &line) const
{
    QFile file(pathOf(id));
    if (!file.open(QIODevice::WriteOnly | QIODevice::Append) || file.write(line) != line.size() ||
        !file.flush())
        return fail(ErrorCode::Io, file.errorString(), file.fileName());
    return {};
}

Result<StoredSession> SessionStore::create(const QString &workingFolder) const
{
    StoredSession session{
        .id = QUuid::createUuid().toString(QUuid::WithoutBraces), .folder = workingFolder, .turns = {}};
    QDir().mkpath(m_folder + u"/sessions"_s);
    QFile::setPermissions(m_folder, QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
    const Status written = append(session.id, lineOf({{u"type"_s, u"session"_s}, {u"cwd"_s, workingFolder}}));
    if (!written)
        return std::unexpected(written.error());
    return session;
}

Result<StoredSession> SessionStore::load(const QString &id) const
{
    // The id becomes a file's name, so only what create() gives is taken.
    if (QUuid::fromString(u'{' + id + u'}').isNull())
        return fail(ErrorCode::InvalidArgument, id);
    QFile file(pathOf(id));
    if (!file.open(QIODevice::ReadOnly))
        return fail(ErrorCode::NotFound, id);
    StoredSession session{.id = id, .folder = {}, .turns = {}};
    while (!file.atEnd())
        takeLine(QJsonDocument::fromJson(file.readLine()).object(), session);
    return session;
}

Status SessionStore::beginTurn(const QString &id, const QString &prompt) const
{
    return append(id, lineOf({{u"type"_s, u"prompt"_s}, {u"text"_s, prompt}}));
}

Status SessionStore::endTurn(const QString &id, const QString &answer, const QString &stop) const
{
    return append(id, lineOf({{u"type"_s, u"result"_s}, {u"text"_s, answer}, {u"stop"_s, stop}}));
}

} // namespace muster::demo
