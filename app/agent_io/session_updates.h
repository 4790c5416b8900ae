// session/update of the Agent Client Protocol, version 1, as JSON, and the part of a prompt that is read the
// same everywhere. Pure. Source: agentclientprotocol.com.
#pragma once

#include <QJsonObject>
#include <QString>

namespace muster {

[[nodiscard]] QJsonObject textContent(const QString &text);
// Without an id the text is no part of a message.
[[nodiscard]] QJsonObject textUpdate(const QString &kind, const QString &messageId, const QString &text);
[[nodiscard]] QJsonObject warningUpdate(const QString &code, const QString &message);
[[nodiscard]] QJsonObject toolUpdate(const QString &id, const QString &status, const QString &text = {});

// A resource_link of a prompt, as words.
[[nodiscard]] QString linkText(const QJsonObject &link);

} // namespace muster
