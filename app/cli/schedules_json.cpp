#include "app/cli/schedules_json.h"

#include "core/node/api/schedule_fields.h"
#include "core/viewmodel/describe_firing.h"

#include <QDateTime>
#include <QTimeZone>

namespace muster::app {

using namespace Qt::StringLiterals;

namespace {

QJsonValue isoTime(const QJsonValue &ms)
{
    if (ms.toInteger() <= 0)
        return QJsonValue::Null;
    return QDateTime::fromMSecsSinceEpoch(ms.toInteger(), QTimeZone::UTC).toString(Qt::ISODateWithMs);
}

QJsonObject forPeople(QJsonObject json)
{
    const QStringList keys = json.keys();
    for (const QString &key : keys) {
        if (key.endsWith("_at"_L1)) {
            json.insert(key, isoTime(json.value(key)));
        } else if (key.endsWith("_micro_usd"_L1)) {
            const QJsonValue micro = json.take(key);
            json.insert(key.chopped(10) + u"_usd"_s,
                        micro.isDouble() ? QJsonValue(static_cast<double>(micro.toInteger()) / 1e6) : micro);
        }
    }
    return json;
}

template <typename T> QJsonArray listOf(const std::vector<T> &items)
{
    QJsonArray array;
    for (const T &item : items)
        array.append(forPeople(toJsonObject(item)));
    return array;
}

} // namespace

QJsonObject scheduleJson(const api::ScheduleInfo &schedule)
{
    QJsonObject json = forPeople(toJsonObject(schedule));
    json.insert(u"spec"_s, forPeople(toJsonObject(schedule.spec)));
    json.insert(u"averages"_s, forPeople(toJsonObject(schedule.averages)));
    return json;
}

QJsonObject scheduleDetailJson(const api::ScheduleDetail &detail)
{
    QJsonArray next;
    for (const qint64 at : detail.next)
        next.append(isoTime(at));
    return {{u"schedule"_s, scheduleJson(detail.schedule)},
            {u"next"_s, next},
            {u"occurrences"_s, listOf(detail.occurrences)},
            {u"firings"_s, listOf(detail.firings)}};
}

QJsonObject withSchedulePause(QJsonObject json, qint64 untilMs)
{
    json.insert(u"schedules_paused_until"_s, isoTime(untilMs));
    return json;
}

QJsonObject scheduleProblemJson(const api::ScheduleFileProblem &problem)
{
    const FlowProblemText text = describe(problem);
    QJsonObject json = toJsonObject(problem.problem);
    json.insert(u"path"_s, problem.path);
    json.insert(u"message"_s, text.message);
    json.insert(u"hint"_s, text.hint);
    return json;
}

} // namespace muster::app
