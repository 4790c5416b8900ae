// What an agent is given with its prompt, put together as content blocks, with a list of it for people: each
// part with its size and an estimate of its tokens. Value type.
#pragma once

#include "core/node/api/values.h"
#include "core/node/work/content_blocks.h"

#include <QJsonArray>

namespace muster {

// A token is taken for four characters, as models differ and none is asked.
[[nodiscard]] inline qint64 estimatedTokens(const QString &text) { return (text.size() + 3) / 4; }

class GivenContext {
public:
    // A part of the prompt itself: listed, and no block of its own.
    void list(api::ContextInfo part, const QString &text)
    {
        part.bytes = text.toUtf8().size();
        part.tokens = estimatedTokens(text);
        m_parts.push_back(std::move(part));
    }
    void give(const api::ContextInfo &part, const QString &mimeType, const QString &text)
    {
        m_blocks.append(embedded(QStringLiteral("muster://%1/%2").arg(part.kind, part.name), mimeType, text));
        list(part, text);
    }

    [[nodiscard]] const QJsonArray &blocks() const { return m_blocks; }
    [[nodiscard]] const std::vector<api::ContextInfo> &parts() const { return m_parts; }

private:
    QJsonArray m_blocks;
    std::vector<api::ContextInfo> m_parts;
};

} // namespace muster
