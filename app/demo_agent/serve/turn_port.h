// The outside of one turn, as the code that does the work sees it: where its updates go, whom it asks, and
// whether it shall stop. Every function may be called from the turn's thread only.
#pragma once

#include <QByteArray>
#include <QJsonObject>
#include <QString>

#include <cstdint>

namespace muster::demo {

enum class Permission : std::uint8_t { Allowed, AllowedAlways, Rejected, RejectedAlways, Cancelled };

class TurnPort {
public:
    TurnPort() = default;
    TurnPort(const TurnPort &) = delete;
    TurnPort &operator=(const TurnPort &) = delete;
    virtual ~TurnPort() = default;

    [[nodiscard]] virtual QString sessionId() const = 0;
    [[nodiscard]] virtual bool stopped() const = 0;
    virtual void ignoreStop() = 0; // from now on stopped() is false whatever the client says
    virtual void rest(int ms) = 0; // returns early when stopped; negative: until stopped
    virtual void update(const QJsonObject &update) = 0; // one session/update
    virtual void raw(const QByteArray &bytes) = 0;      // past the protocol
    virtual void flush() = 0;                           // what was sent so far has left the process
    [[nodiscard]] virtual Permission ask(const QJsonObject &toolCall) = 0;
};

} // namespace muster::demo
