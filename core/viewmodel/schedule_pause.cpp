#include "core/viewmodel/schedule_pause.h"

#include "core/schedule/all_paused.h"
#include "core/viewmodel/describe_work.h"

#include <QCoreApplication>
#include <QDateTime>

using namespace Qt::StringLiterals;

namespace muster {

namespace {

struct Schedules {
    Q_DECLARE_TR_FUNCTIONS(Schedules)
};

} // namespace

qint64 pausedUntilIn(const std::vector<api::SettingInfo> &settings)
{
    const auto found = std::ranges::find(settings, QString(kAllPausedKey), &api::SettingInfo::key);
    return found == settings.end() ? 0 : found->value.toInteger();
}

api::SetSetting pauseOfSchedules(qint64 untilMs)
{
    return {.key = kAllPausedKey, .value = untilMs > 0 ? QJsonValue(untilMs) : QJsonValue()};
}

qint64 startOfTomorrow(qint64 nowMs)
{
    return QDateTime::fromMSecsSinceEpoch(nowMs).date().addDays(1).startOfDay().toMSecsSinceEpoch();
}

QString describeAllPaused(qint64 untilMs, qint64 nowMs)
{
    return allPausedUntil(untilMs, nowMs) > 0
               ? Schedules::tr("All schedules are paused until %1.").arg(clockTime(untilMs, nowMs))
               : QString();
}

SchedulePause::SchedulePause(NodeFeed *feed, QObject *parent)
    : QObject(parent)
    , m_feed(feed)
{
    m_end.setSingleShot(true);
    connect(&m_end, &QTimer::timeout, this, [this] {
        awaitEnd();
        if (!m_end.isActive())
            emit changed();
    });
    feed->node().subscribe({.filter = {.kinds = {u"node.setting"_s}}}, this,
                           [this](const api::Notice &notice) {
        // What it says now: a query may still find what held before.
        const auto *told = std::get_if<api::EventsNotice>(&notice);
        for (const Event &event : told ? told->events : std::vector<Event>()) {
            if (event.data.value("key"_L1) == kAllPausedKey)
                set(event.data.value("value"_L1).toInteger());
        }
    });
    connect(feed, &NodeFeed::changed, this, [this](const FeedChanges &changes) {
        if (changes.everything)
            ask();
    });
    ask();
}

QString SchedulePause::sentence() const
{
    return describeAllPaused(m_untilMs, QDateTime::currentMSecsSinceEpoch());
}

void SchedulePause::pauseUntil(qint64 ms)
{
    m_feed->node().submit(pauseOfSchedules(ms), this, [this](const Result<api::CommandDone> &done) {
        if (!done)
            emit failed(done.error());
    });
}

void SchedulePause::ask()
{
    m_feed->node().query(api::ListSettings{}, this,
                         [this](const Result<std::vector<api::SettingInfo>> &settings) {
        if (!settings)
            return; // the link's state says what is wrong; its return asks again
        set(pausedUntilIn(*settings));
    });
}

void SchedulePause::set(qint64 untilMs)
{
    if (std::exchange(m_untilMs, untilMs) == untilMs)
        return;
    awaitEnd();
    emit changed();
}

// By the clock on the wall, which may be set meanwhile, and goes on while the machine sleeps: a timer's does
// not.
void SchedulePause::awaitEnd()
{
    constexpr qint64 minuteMs = 60'000;
    const qint64 left = m_untilMs - QDateTime::currentMSecsSinceEpoch();
    if (left > 0)
        m_end.start(std::chrono::milliseconds(std::min(left, minuteMs)));
    else
        m_end.stop();
}

} // namespace muster
