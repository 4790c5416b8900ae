// SecretStore: values by name, in a place that keeps them locked; what a name is for, and which there are,
// its user remembers. Every answer comes from the event loop of the thread that asked, within a time limit.
// Errors: NotFound (no such value, or its place is locked and nobody unlocked it), PermissionDenied (locked,
// or refused), Unavailable (there is no such place in this session), Timeout (it may be asking the person);
// `where` says which place: "keychain" but for NotFound ("secret"), key_file.h, asked_keys.h. Never a place
// that is open instead. Source: spec "agents", Secrets.
#pragma once

#include "core/base/result.h"

#include <QFuture>
#include <QString>

namespace muster {

class SecretStore {
public:
    SecretStore() = default;
    virtual ~SecretStore() = default;
    Q_DISABLE_COPY_MOVE(SecretStore)

    [[nodiscard]] virtual QFuture<Result<QString>> read(const QString &name) = 0;
    // The answer is the name.
    [[nodiscard]] virtual QFuture<Result<QString>> write(const QString &name, const QString &value) = 0;
    [[nodiscard]] virtual QFuture<Result<QString>> remove(const QString &name) = 0;
};

} // namespace muster
