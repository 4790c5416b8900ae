// What the decoders share in reading numbers that a server made up. Internal to core/protocol/models.
#pragma once

#include <QJsonObject>

#include <algorithm>

namespace muster {

inline qint64 countOf(const QJsonObject &json, QLatin1StringView key)
{
    return std::max<qint64>(0, json.value(key).toInteger());
}

} // namespace muster
