// What is kept of a message that is not understood, for its warning, and how many warnings are told.
// Internal to core/protocol.
#pragma once

#include <QByteArrayView>
#include <QJsonDocument>
#include <QJsonObject>
#include <QString>

#include <algorithm>

namespace muster {

constexpr qsizetype keptRaw = 1024;  // bytes of it, or characters
constexpr qint64 maxWarnings = 1000; // events of a session; beyond, a broken agent's are only counted

inline QString excerpt(QByteArrayView bytes)
{
    return QString::fromUtf8(bytes.first(std::min(bytes.size(), keptRaw)));
}

inline QString excerpt(const QJsonObject &json)
{
    return excerpt(QJsonDocument(json).toJson(QJsonDocument::Compact));
}

} // namespace muster
