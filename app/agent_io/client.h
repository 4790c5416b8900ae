// The other side of the protocol as a turn sees it: where its updates go, and whom it asks.
#pragma once

#include "core/base/result.h"

#include <QFuture>
#include <QJsonObject>
#include <QString>

namespace muster {

struct Permission {
    bool allowed = false;
    QString message; // of the person to the agent; of the client, if it refused to ask
};

class Client {
public:
    Client() = default;
    Client(const Client &) = delete;
    Client &operator=(const Client &) = delete;
    virtual ~Client() = default;

    virtual void update(const QString &sessionId, const QJsonObject &update) = 0;
    // An error: nobody can be asked (any more).
    [[nodiscard]] virtual QFuture<Result<Permission>> ask(const QString &sessionId,
                                                          const QJsonObject &toolCall) = 0;
};

} // namespace muster
