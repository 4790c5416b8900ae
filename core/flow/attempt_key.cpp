#include "core/flow/attempt_key.h"

namespace muster {

using namespace Qt::StringLiterals;

QString AttemptKey::toString() const
{
    const QString unit = item == kNoItem ? step : QString(step % u'[' % QString::number(item) % u']');
    return run.toString() % u'/' % unit % u'#' % QString::number(attempt);
}

std::optional<AttemptKey> AttemptKey::fromString(QStringView text)
{
    const qsizetype slash = text.indexOf(u'/');
    const qsizetype hash = text.lastIndexOf(u'#');
    if (slash <= 0 || hash <= slash + 1)
        return std::nullopt;
    AttemptKey key;
    bool runOk = false;
    bool attemptOk = false;
    bool itemOk = true;
    key.run = RunId{text.first(slash).toLongLong(&runOk)};
    key.attempt = text.sliced(hash + 1).toInt(&attemptOk);
    QStringView unit = text.sliced(slash + 1, hash - slash - 1);
    if (unit.endsWith(u']')) {
        const qsizetype bracket = unit.indexOf(u'[');
        if (bracket <= 0)
            return std::nullopt;
        key.item = unit.sliced(bracket + 1, unit.size() - bracket - 2).toInt(&itemOk);
        itemOk = itemOk && key.item >= 0;
        unit = unit.first(bracket);
    }
    key.step = unit.toString();
    if (!runOk || !attemptOk || !itemOk || key.attempt < 1)
        return std::nullopt;
    return key;
}

Status JsonCodec<AttemptKey>::read(const QJsonValue &json, AttemptKey &out)
{
    const auto key = AttemptKey::fromString(json.toString());
    if (!key)
        return detail::wrongType("an attempt key");
    out = *key;
    return {};
}

} // namespace muster
