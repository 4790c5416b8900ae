// What the fakes of native agents share: a JSON object a line in and out, and nothing else.
#pragma once

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QString>

#include <cstdio>
#include <iostream>
#include <optional>
#include <string>

namespace fake {

using namespace Qt::StringLiterals;

inline void send(const QJsonObject &message)
{
    const QByteArray line = QJsonDocument(message).toJson(QJsonDocument::Compact) + '\n';
    std::fwrite(line.constData(), 1, static_cast<size_t>(line.size()), stdout);
    std::fflush(stdout);
}

inline std::optional<QJsonObject> receive()
{
    std::string line;
    if (!std::getline(std::cin, line))
        return std::nullopt;
    return QJsonDocument::fromJson(QByteArray::fromStdString(line)).object();
}

} // namespace fake
