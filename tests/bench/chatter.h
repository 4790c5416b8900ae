// How long a chat waits for its first word, of a node behind its socket, as a window measures it.
#pragma once

#include "core/node/link/remote_node.h"
#include "tests/bench/measure.h"

#include <QElapsedTimer>

#include <algorithm>
#include <functional>
#include <vector>

namespace muster::bench {

// Asks one chat after another a short question; milliseconds from sending to the first word.
class Chatter : public QObject {
public:
    Chatter(RemoteNode &node, ConversationId chat)
        : m_node(node)
        , m_chat(chat)
    {
        node.subscribe({.filter = {.conversation = chat}, .fromSeq = -1, .streams = true}, this,
                       [this](const api::Notice &notice) { hear(notice); });
    }
    void start() { ask(); }
    void stop() { m_stopped = true; }
    [[nodiscard]] bool isIdle() const { return !m_asked; }
    std::vector<double> firstTokenMs;

private:
    void ask()
    {
        m_asked = true;
        m_heard = false;
        m_since.start();
        m_node.submit(
            api::SendMessage{.conversation = m_chat, .text = QStringLiteral("How many tests are there?")},
            this, [](const Result<api::CommandDone> &) {});
    }
    void hear(const api::Notice &notice)
    {
        const auto *said = std::get_if<api::StreamNotice>(&notice);
        if (said && m_asked && !std::exchange(m_heard, true))
            firstTokenMs.push_back(static_cast<double>(m_since.nsecsElapsed()) / 1e6);
        const auto *told = std::get_if<api::EventsNotice>(&notice);
        const bool settled = told && std::ranges::any_of(told->events, [](const Event &event) {
            return event.kind == QLatin1StringView("chat.turn_settled");
        });
        if (!settled)
            return;
        m_asked = false;
        if (!m_stopped)
            ask();
    }

    RemoteNode &m_node;
    ConversationId m_chat;
    QElapsedTimer m_since;
    bool m_asked = false;
    bool m_heard = false;
    bool m_stopped = false;
};

// One turn after another until it is enough; milliseconds to the first word of each. Empty: it took too long.
inline std::vector<double> firstTokens(const QString &socketPath, ConversationId chat,
                                       const std::function<bool(size_t turns)> &enough)
{
    constexpr int longestMs = 1'200'000;
    RemoteNode node({.socketPath = socketPath, .clientName = QStringLiteral("chat"), .launch = [] {
        return Status();
    }, .giveUpAfterMs = longestMs});
    Chatter chatter(node, chat);
    chatter.start();
    const bool done = waitUntil([&] { return enough(chatter.firstTokenMs.size()); }, longestMs);
    chatter.stop();
    return done && waitUntil([&] { return chatter.isIdle(); }, longestMs) ? chatter.firstTokenMs
                                                                          : std::vector<double>();
}

} // namespace muster::bench
