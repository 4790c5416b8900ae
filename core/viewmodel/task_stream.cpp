#include "core/viewmodel/task_stream.h"

#include <utility>

using namespace Qt::StringLiterals;

namespace muster {
namespace {

// The node stores what streams at least every 250 ms; before that an answer may end short of what is live.
constexpr int fillGapMs = 300;

} // namespace

TaskStream::TaskStream(api::NodeApi *node, QObject *parent, QString channel)
    : QObject(parent)
    , m_node(node)
    , m_channel(std::move(channel))
{
    m_fillGap.setSingleShot(true);
    m_fillGap.setInterval(fillGapMs);
    connect(&m_fillGap, &QTimer::timeout, this, &TaskStream::ask);
}

TaskStream::~TaskStream()
{
    if (m_subscription != 0)
        m_node->unsubscribe(m_subscription);
}

void TaskStream::follow(TaskId task, const QString &channel)
{
    if (task == m_task && channel == m_channel)
        return;
    if (m_subscription != 0)
        m_node->unsubscribe(std::exchange(m_subscription, 0));
    m_task = task;
    m_channel = channel;
    m_text.clear();
    m_start = 0;
    m_pending.clear();
    m_fillGap.stop();
    m_asking = false;
    m_loaded = false;
    if (task.isValid()) {
        m_subscription = m_node->subscribe({.filter = {.task = task}, .streams = true}, this,
                                           [this](const api::Notice &notice) {
            if (const auto *stream = std::get_if<api::StreamNotice>(&notice))
                onNotice(*stream);
        });
        ask();
    }
    emit restarted();
}

void TaskStream::ask()
{
    if (std::exchange(m_asking, true))
        return;
    const api::GetStream query{.task = m_task, .channel = m_channel, .fromOffset = m_start + m_text.size()};
    m_node->query(query, this,
                  [this, task = m_task, channel = m_channel](const Result<api::StreamText> &reply) {
        if (task != m_task || channel != m_channel)
            return;
        m_asking = false;
        m_loaded = true;
        if (reply)
            take(reply->offset, reply->text);
        takePending();
    });
}

void TaskStream::onNotice(const api::StreamNotice &notice)
{
    if (notice.task != m_task || notice.channel != m_channel)
        return;
    m_pending.push_back(notice);
    if (!m_asking)
        takePending();
}

void TaskStream::takePending()
{
    for (auto it = m_pending.begin(); it != m_pending.end();) {
        if (it->offset > m_start + m_text.size()) {
            m_fillGap.start();
            return;
        }
        take(it->offset, it->text);
        it = m_pending.erase(it);
    }
}

void TaskStream::take(qint64 offset, const QString &text)
{
    const qint64 known = m_start + m_text.size() - offset;
    if (known < 0 || known >= text.size())
        return;
    const QString addition = text.mid(known);
    m_text += addition;
    if (m_text.size() <= maxText) {
        emit appended(addition);
        return;
    }
    // Half of it goes at once, so that a flood does not cut at every piece.
    const qsizetype gone = m_text.size() - maxText / 2;
    m_text.remove(0, gone);
    m_start += gone;
    emit restarted();
}

} // namespace muster
