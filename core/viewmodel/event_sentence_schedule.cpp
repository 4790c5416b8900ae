// Sentences of what happens to schedules.
#include "core/viewmodel/describe_firing.h"
#include "core/viewmodel/event_words.h"

using namespace Qt::StringLiterals;

namespace muster::event_words {
namespace {

int countIn(const QJsonObject &data) { return data.value("count"_L1).toInt(); }

QString fired(const QJsonObject &data)
{
    const auto cause = enumFromName<FiringCause>(text(data, "cause"_L1));
    return joined(text(data, "name"_L1), cause ? describe(*cause) : QString());
}

QString endedWords(const QJsonObject &data)
{
    const auto status = enumFromName<FiringStatus>(text(data, "status"_L1));
    return joined(text(data, "name"_L1), joined(status ? describe(*status) : QString(), failureIn(data)));
}

QString withReason(const QJsonObject &data, const QString &times)
{
    const auto reason = enumFromName<OccurrenceReason>(text(data, "reason"_L1));
    return joined(text(data, "name"_L1), withDetail(times, reason ? describe(*reason) : QString()));
}

QString paused(const QJsonObject &data)
{
    const auto reason = enumFromName<PauseReason>(text(data, "reason"_L1));
    const bool byRule = reason && *reason != PauseReason::None;
    return joined(text(data, "name"_L1), byRule ? describe(ScheduleState::PausedByRule, *reason) : QString());
}

} // namespace

QHash<QString, EventWriter> scheduleEventWriters()
{
    const auto name = [](const QJsonObject &data) {
        return text(data, "name"_L1);
    };
    return {
        {u"schedule.saved"_s, name},
        {u"schedule.removed"_s, name},
        {u"schedule.resumed"_s, name},
        {u"schedule.run_now"_s, name},
        {u"schedule.expired"_s, name},
        {u"schedule.clock_set_back"_s, name},
        {u"schedule.started"_s, name},
        {u"schedule.paused"_s, paused},
        {u"schedule.fired"_s, fired},
        {u"schedule.ended"_s, endedWords},
        {u"schedule.missed"_s,
         [](const QJsonObject &data) {
        return joined(text(data, "name"_L1), DescribeEvent::tr("%n time(s) missed", nullptr, countIn(data)));
    }},
        {u"schedule.skipped"_s,
         [](const QJsonObject &data) {
        return withReason(data, DescribeEvent::tr("%n time(s) skipped", nullptr, countIn(data)));
    }},
        {u"schedule.delayed"_s,
         [](const QJsonObject &data) {
        return withReason(data, DescribeEvent::tr("%n time(s) put off", nullptr, countIn(data)));
    }},
        {u"schedule.moved"_s,
         [](const QJsonObject &data) {
        const qint64 next = data.value("next"_L1).toInteger();
        return joined(text(data, "name"_L1), next > 0 ? describeTime(next) : QString());
    }},
        {u"schedule.files"_s,
         [](const QJsonObject &data) {
        const int problems = data.value("problems"_L1).toInt();
        return problems > 0 ? DescribeEvent::tr("%n mistake(s)", nullptr, problems)
                            : DescribeEvent::tr("nothing is wrong any more");
    }},
        {u"schedule.put_back"_s,
         [](const QJsonObject &data) {
        return joined(text(data, "name"_L1),
                      DescribeEvent::tr("until %1").arg(describeTime(data.value("until"_L1).toInteger())));
    }},
        {u"schedule.unreadable"_s,
         [](const QJsonObject &data) {
        return joined(text(data, "name"_L1), text(data, "detail"_L1).section(u'\n', 0, 0));
    }},
    };
}

} // namespace muster::event_words
