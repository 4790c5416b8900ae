#include "core/viewmodel/event_words.h"

#include "core/base/enum_names.h"
#include "core/viewmodel/describe_event.h"

using namespace Qt::StringLiterals;

namespace muster::event_words {

QString statusWord(const QJsonObject &data)
{
    if (const auto step = enumFromName<StepStatus>(text(data, "status"_L1)))
        return describe(*step);
    if (const auto run = enumFromName<RunStatus>(text(data, "status"_L1)))
        return describe(*run);
    return text(data, "status"_L1);
}

QString text(const QJsonObject &data, QLatin1StringView key) { return data.value(key).toString(); }

QString oneLine(QString words)
{
    words = words.left(maxSentence * 2).simplified();
    return words.size() > maxSentence ? QString(words.left(maxSentence - 1) + u'…') : words;
}

QString joined(const QString &what, const QString &then)
{
    if (what.isEmpty() || then.isEmpty())
        return what.isEmpty() ? then : what;
    return DescribeEvent::tr("%1: %2").arg(what, then);
}

QString withDetail(const QString &words, const QString &detail)
{
    return detail.isEmpty() ? words : DescribeEvent::tr("%1 (%2)").arg(words, detail);
}

QString reasonIn(const QJsonObject &data)
{
    const auto reason = enumFromName<FailureReason>(text(data, "reason"_L1));
    return reason ? describe(*reason) : QString();
}

QString failureIn(const QJsonObject &data)
{
    const auto reason = enumFromName<FailureReason>(text(data, "reason"_L1));
    return reason ? describeFailure(*reason, text(data, "detail"_L1)) : text(data, "detail"_L1);
}

KeyParts partsOf(const QString &key)
{
    const qsizetype slash = key.indexOf(u'/');
    const qsizetype hash = key.lastIndexOf(u'#');
    if (slash < 0 || hash <= slash)
        return {};
    return {key.mid(slash + 1, hash - slash - 1), key.sliced(hash + 1)};
}

QString attemptIn(const QJsonObject &data)
{
    const KeyParts parts = partsOf(text(data, "key"_L1));
    if (parts.attempt.isEmpty() || parts.attempt == "1"_L1)
        return parts.step;
    return DescribeEvent::tr("%1, attempt %2").arg(parts.step, parts.attempt);
}

QString stepIn(const QJsonObject &data)
{
    const QString step = text(data, "step"_L1);
    const int item = data.value("item"_L1).toInt(-1);
    return step.isEmpty() || item < 0 ? step : QString(step % u'[' % QString::number(item) % u']');
}

QString outcomeWord(const QString &outcome)
{
    if (outcome == "ok"_L1)
        return DescribeEvent::tr("done");
    if (outcome == "error"_L1 || outcome == "failed"_L1)
        return DescribeEvent::tr("failed");
    if (outcome == "cancelled"_L1)
        return DescribeEvent::tr("cancelled");
    if (outcome == "declined"_L1 || outcome == "refused"_L1)
        return DescribeEvent::tr("declined");
    if (outcome == "lost"_L1)
        return DescribeEvent::tr("lost: nobody knows how it ended");
    if (outcome == "completed"_L1)
        return DescribeEvent::tr("completed");
    if (outcome == "limit_reached"_L1)
        return DescribeEvent::tr("reached a limit");
    return outcome;
}

QString settledWords(const QJsonObject &data)
{
    const QString words = joined(statusWord(data), failureIn(data));
    const QString fault = text(data, "at_fault"_L1);
    return fault.isEmpty() ? words : DescribeEvent::tr("%1, because of %2").arg(words, fault);
}

} // namespace muster::event_words
