#include "app/agent_io/session_updates.h"

#include <QJsonArray>
#include <QUrl>

using namespace Qt::StringLiterals;

namespace muster {

QJsonObject textContent(const QString &text) { return {{"type"_L1, "text"_L1}, {"text"_L1, text}}; }

QJsonObject textUpdate(const QString &kind, const QString &messageId, const QString &text)
{
    QJsonObject update{{"sessionUpdate"_L1, kind}, {"content"_L1, textContent(text)}};
    if (!messageId.isEmpty())
        update.insert("messageId"_L1, messageId);
    return update;
}

QJsonObject warningUpdate(const QString &code, const QString &message)
{
    const QJsonObject warning{{"code"_L1, code}, {"message"_L1, message}};
    return {{"sessionUpdate"_L1, "session_info_update"_L1},
            {"_meta"_L1, QJsonObject{{"muster"_L1, QJsonObject{{"warning"_L1, warning}}}}}};
}

QJsonObject toolUpdate(const QString &id, const QString &status, const QString &text)
{
    QJsonObject update{
        {"sessionUpdate"_L1, "tool_call_update"_L1}, {"toolCallId"_L1, id}, {"status"_L1, status}};
    if (!text.isEmpty())
        update.insert("content"_L1,
                      QJsonArray{QJsonObject{{"type"_L1, "content"_L1}, {"content"_L1, textContent(text)}}});
    return update;
}

QString linkText(const QJsonObject &link)
{
    const QUrl uri(link.value("uri"_L1).toString());
    return u"Attached file: "_s + (uri.isLocalFile() ? uri.toLocalFile() : uri.toString());
}

} // namespace muster
