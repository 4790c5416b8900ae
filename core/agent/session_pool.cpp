#include "core/agent/session_pool.h"

#include <algorithm>
#include <utility>

namespace muster {

using namespace Qt::StringLiterals;

SessionPool::SessionPool(const Clock &clock, std::function<SessionPoolLimits()> limits, QObject *parent)
    : QObject(parent)
    , m_clock(clock)
    , m_limits(std::move(limits))
{
    m_timer.setSingleShot(true);
    connect(&m_timer, &QTimer::timeout, this, &SessionPool::letGoOfTheOld);
}

bool SessionPool::park(const SessionPoolKey &key, SessionId id, AgentSession *session)
{
    if (m_closed || m_limits().most <= 0 || session->state() != SessionState::Ready || session->isBusy() ||
        session->isClosing())
        return false;
    // One session for a key: what is there is older than what comes.
    if (const auto same = std::ranges::find(m_idle, key, &Entry::key); same != m_idle.end())
        letGo(static_cast<size_t>(same - m_idle.begin()));
    session->setParent(this);
    connect(session, &AgentSession::sessionEvent, this,
            [this, session](const SessionEvent &event) { onEvent(session, event); });
    m_idle.push_back({.key = key, .id = id, .session = session, .sinceMs = m_clock.monotonicMs()});
    while (idleCount() > m_limits().most)
        letGo(0);
    watch();
    return true;
}

SessionId SessionPool::find(const SessionPoolKey &key) const
{
    const auto found = std::ranges::find_if(m_idle, [&](const Entry &entry) {
        return entry.key == key && entry.session->state() == SessionState::Ready;
    });
    return found == m_idle.end() ? SessionId() : found->id;
}

std::vector<SessionPool::Idle> SessionPool::idle() const
{
    std::vector<Idle> all;
    all.reserve(m_idle.size());
    for (const Entry &entry : m_idle)
        all.push_back({.key = entry.key, .id = entry.id, .sinceMs = entry.sinceMs});
    return all;
}

AgentSession *SessionPool::take(const SessionPoolKey &key)
{
    const auto found = std::ranges::find(m_idle, key, &Entry::key);
    if (found == m_idle.end() || found->session->state() != SessionState::Ready)
        return nullptr;
    AgentSession *session = found->session;
    m_idle.erase(found);
    disconnect(session, nullptr, this, nullptr);
    session->setParent(nullptr);
    watch();
    return session;
}

QFuture<Result<bool>> SessionPool::whenEnded(ConversationId conversation)
{
    m_waiting.push_back({.conversation = conversation, .promise = {}});
    m_waiting.back().promise.start();
    QFuture<Result<bool>> future = m_waiting.back().promise.future();
    tellWhoWaits();
    return future;
}

bool SessionPool::isEnding(ConversationId conversation) const
{
    return std::ranges::any_of(m_ending,
                               [&](const Entry &entry) { return entry.key.conversation == conversation; });
}

void SessionPool::tellWhoWaits()
{
    std::erase_if(m_waiting, [this](Waiting &waiting) {
        if (isEnding(waiting.conversation))
            return false;
        waiting.promise.addResult(Result<bool>(true));
        waiting.promise.finish();
        return true;
    });
}

void SessionPool::close(std::function<void()> done)
{
    m_closed = true;
    m_timer.stop();
    m_whenGone = std::move(done);
    while (!m_idle.empty())
        letGo(0);
    if (m_ending.empty() && m_whenGone)
        std::exchange(m_whenGone, {})();
}

void SessionPool::onEvent(AgentSession *session, const SessionEvent &event)
{
    if (const auto *request = std::get_if<PermissionRequested>(&event)) {
        // Withdrawn meanwhile: nothing to answer.
        (void)session->answerPermission(request->requestId,
                                        {.allowed = false, .message = u"no turn is running"_s});
    } else if (const auto *end = std::get_if<SessionEnded>(&event)) {
        onEnded(session, *end);
    }
}

void SessionPool::onEnded(AgentSession *session, const SessionEnded &end)
{
    for (auto *list : {&m_idle, &m_ending}) {
        const auto found = std::ranges::find(*list, session, &Entry::session);
        if (found == list->end())
            continue;
        const SessionId id = found->id;
        list->erase(found);
        session->deleteLater();
        watch();
        emit ended(id, end);
        tellWhoWaits();
        break;
    }
    if (m_closed && m_ending.empty() && m_whenGone)
        std::exchange(m_whenGone, {})();
}

void SessionPool::letGo(size_t index)
{
    const Entry entry = m_idle[index];
    m_idle.erase(m_idle.begin() + static_cast<qptrdiff>(index));
    m_ending.push_back(entry);
    entry.session->close();
}

void SessionPool::letGoOfTheOld()
{
    const SessionPoolLimits limits = m_limits();
    while (!m_idle.empty() && (idleCount() > limits.most ||
                               m_clock.monotonicMs() - m_idle.front().sinceMs >= limits.idleFor.count()))
        letGo(0);
    watch();
}

void SessionPool::watch()
{
    if (m_idle.empty()) {
        m_timer.stop();
        return;
    }
    const qint64 due = m_idle.front().sinceMs + m_limits().idleFor.count();
    m_timer.start(std::chrono::milliseconds(std::max<qint64>(due - m_clock.monotonicMs(), 0)));
}

} // namespace muster
