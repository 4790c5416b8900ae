// One running turn as the server holds it: the listening thread stops it and hands it the answers to its
// permission requests; the turn's own thread works through TurnPort.
#pragma once

#include "app/demo_agent/serve/outlet.h"
#include "app/demo_agent/serve/turn_port.h"

#include <QString>

#include <functional>

namespace muster::demo {

class LiveTurn final : public TurnPort {
public:
    // Sends the request and gives its id; the answer comes back by answered().
    using SendAsk = std::function<qint64(const QJsonObject &params)>;

    LiveTurn(QString sessionId, Outlet &outlet, SendAsk sendAsk);

    // Listening thread.
    void stop();
    void answered(qint64 requestId, Permission answer);

    // The turn's thread.
    [[nodiscard]] QString sessionId() const override { return m_sessionId; }
    [[nodiscard]] bool stopped() const override;
    void ignoreStop() override;
    void rest(int ms) override;
    void update(const QJsonObject &update) override;
    void raw(const QByteArray &bytes) override;
    void flush() override;
    [[nodiscard]] Permission ask(const QJsonObject &toolCall) override;

private:
    [[nodiscard]] bool stoppedNow() const { return m_stop && !m_ignoreStop; }

    QString m_sessionId;
    Outlet &m_outlet;
    SendAsk m_sendAsk;
    mutable std::mutex m_lock;
    std::condition_variable m_changed;
    bool m_stop = false;
    bool m_ignoreStop = false;
    qint64 m_asked = -1; // id of the open permission request
    Permission m_answer = Permission::Cancelled;
    bool m_hasAnswer = false;
};

} // namespace muster::demo
