#include "app/demo_agent/serve/live_turn.h"

#include "core/protocol/json_rpc.h"

#include <QJsonArray>

using namespace Qt::StringLiterals;

namespace muster::demo {

namespace {

QJsonArray permissionOptions()
{
    const auto option = [](const QString &kind, const QString &name) {
        return QJsonObject{{u"optionId"_s, kind}, {u"kind"_s, kind}, {u"name"_s, name}};
    };
    return {option(u"allow_once"_s, u"Allow once"_s),
            option(u"allow_always"_s, u"Always allow exactly this"_s), option(u"reject_once"_s, u"Reject"_s),
            option(u"reject_always"_s, u"Always reject exactly this"_s)};
}

} // namespace

LiveTurn::LiveTurn(QString sessionId, Outlet &outlet, SendAsk sendAsk)
    : m_sessionId(std::move(sessionId))
    , m_outlet(outlet)
    , m_sendAsk(std::move(sendAsk))
{
}

void LiveTurn::stop()
{
    const std::scoped_lock lock(m_lock);
    m_stop = true;
    m_changed.notify_all();
}

void LiveTurn::answered(qint64 requestId, Permission answer)
{
    const std::scoped_lock lock(m_lock);
    if (requestId != m_asked)
        return;
    m_answer = answer;
    m_hasAnswer = true;
    m_changed.notify_all();
}

bool LiveTurn::stopped() const
{
    const std::scoped_lock lock(m_lock);
    return stoppedNow();
}

void LiveTurn::ignoreStop()
{
    const std::scoped_lock lock(m_lock);
    m_ignoreStop = true;
}

void LiveTurn::rest(int ms)
{
    std::unique_lock lock(m_lock);
    if (ms < 0)
        m_changed.wait(lock, [&] { return stoppedNow(); });
    else
        m_changed.wait_for(lock, std::chrono::milliseconds(ms), [&] { return stoppedNow(); });
}

void LiveTurn::update(const QJsonObject &update)
{
    m_outlet.pushPatiently(
        encodeNotification(u"session/update"_s, {{u"sessionId"_s, m_sessionId}, {u"update"_s, update}}));
}

void LiveTurn::raw(const QByteArray &bytes) { m_outlet.pushPatiently(bytes); }

void LiveTurn::flush() { m_outlet.drain(2000); }

Permission LiveTurn::ask(const QJsonObject &toolCall)
{
    std::unique_lock lock(m_lock);
    if (stoppedNow())
        return Permission::Cancelled;
    m_hasAnswer = false;
    m_asked = m_sendAsk(
        {{u"sessionId"_s, m_sessionId}, {u"toolCall"_s, toolCall}, {u"options"_s, permissionOptions()}});
    m_changed.wait(lock, [&] { return m_hasAnswer || stoppedNow(); });
    m_asked = -1;
    return m_hasAnswer ? m_answer : Permission::Cancelled;
}

} // namespace muster::demo
