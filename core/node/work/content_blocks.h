// Content blocks of the Agent Client Protocol, as Prompt::attachments holds them. Values, any thread.
#pragma once

#include <QJsonObject>
#include <QString>

namespace muster {

// Text that is given with a prompt. `uri` names it, and reaches only agents that speak this protocol.
[[nodiscard]] inline QJsonObject embedded(const QString &uri, const QString &mimeType, const QString &text)
{
    return {{QStringLiteral("type"), QStringLiteral("resource")},
            {QStringLiteral("resource"), QJsonObject{{QStringLiteral("uri"), uri},
                                                     {QStringLiteral("mimeType"), mimeType},
                                                     {QStringLiteral("text"), text}}}};
}

} // namespace muster
