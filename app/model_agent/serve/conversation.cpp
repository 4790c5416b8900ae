#include "app/model_agent/serve/conversation.h"

#include <QDateTime>
#include <QDir>
#include <QFile>
#include <QJsonDocument>
#include <QSaveFile>
#include <QUuid>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace muster::model {

ConversationStore::ConversationStore(QString folder)
    : m_folder(std::move(folder))
{
}

QString ConversationStore::pathOf(const QString &id) const { return m_folder + u'/' + id + u".json"; }

Result<Conversation> ConversationStore::create(const QString &workspace, const QString &api,
                                               const QString &model) const
{
    if (!QDir().mkpath(m_folder))
        return fail(ErrorCode::Io, u"the folder cannot be made"_s, m_folder);
    QFile::setPermissions(m_folder, QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
    prune();
    Conversation conversation{.id = QUuid::createUuid().toString(QUuid::WithoutBraces),
                              .folder = workspace,
                              .api = api,
                              .model = model,
                              .messages = {}};
    return save(conversation).transform([&] { return std::move(conversation); });
}

Result<Conversation> ConversationStore::load(const QString &id) const
{
    // The id becomes a file's name, so only what create() gives is taken.
    const QUuid uuid = QUuid::fromString(u'{' + id + u'}');
    if (uuid.isNull() || uuid.toString(QUuid::WithoutBraces) != id)
        return fail(ErrorCode::InvalidArgument, id);
    QFile file(pathOf(id));
    if (!file.open(QIODevice::ReadOnly))
        return fail(ErrorCode::NotFound, id);
    const QJsonDocument document = QJsonDocument::fromJson(file.read(maxBytes));
    auto conversation = fromJsonObject<Conversation>(document.object());
    if (!conversation || conversation->id != id)
        return fail(ErrorCode::Corrupt, conversation ? u"no conversation"_s : conversation.error().detail,
                    file.fileName());
    closeOpenCalls(conversation->messages, u"Interrupted: what became of it is not known."_s);
    return conversation;
}

Status ConversationStore::save(const Conversation &conversation) const
{
    const QByteArray json = QJsonDocument(toJsonObject(conversation)).toJson(QJsonDocument::Compact);
    if (json.size() > maxBytes)
        return fail(ErrorCode::TooLarge, QString::number(json.size()), pathOf(conversation.id));
    QSaveFile file(pathOf(conversation.id));
    if (!file.open(QIODevice::WriteOnly))
        return fail(ErrorCode::Io, file.errorString(), file.fileName());
    file.setPermissions(QFile::ReadOwner | QFile::WriteOwner);
    file.write(json);
    if (!file.commit())
        return fail(ErrorCode::Io, file.errorString(), file.fileName());
    return {};
}

void ConversationStore::prune() const
{
    const QDateTime oldest = QDateTime::currentDateTimeUtc().addDays(-keptDays);
    const QFileInfoList files = QDir(m_folder).entryInfoList({u"*.json"_s}, QDir::Files);
    for (const QFileInfo &file : files) {
        if (file.lastModified() < oldest)
            QFile::remove(file.filePath());
    }
}

void closeOpenCalls(std::vector<ModelMessage> &messages, const QString &words)
{
    if (messages.empty())
        return;
    const auto lastModel =
        std::ranges::find(messages.rbegin(), messages.rend(), ModelRole::Model, &ModelMessage::role);
    if (lastModel == messages.rend())
        return;
    const auto after = lastModel.base(); // what came back, if anything did
    QStringList answered;
    if (after != messages.end()) {
        for (const ModelPart &part : after->parts)
            answered += part.callId;
    }
    std::vector<ModelPart> missing;
    for (const ModelPart &part : lastModel->parts) {
        if (part.kind == ModelPartKind::ToolCall && !answered.contains(part.callId))
            missing.push_back({.kind = ModelPartKind::ToolResult,
                               .text = words,
                               .callId = part.callId,
                               .tool = part.tool,
                               .failed = true});
    }
    if (missing.empty())
        return;
    if (after == messages.end())
        messages.push_back({.role = ModelRole::Person, .parts = std::move(missing)});
    else
        after->parts.insert(after->parts.begin(), missing.begin(), missing.end());
}

} // namespace muster::model
