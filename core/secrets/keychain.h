// Keychain: the SecretStore of the system: the Secret Service (GNOME Keyring, KWallet, KeePassXC), the
// keychain of macOS, the credentials of Windows, all through QtKeychain. One thread, whose event loop must
// run; the answers of libsecret come through GLib, which Qt's loop serves.
#pragma once

#include "core/secrets/secret_store.h"

#include <QObject>

#include <chrono>

namespace QKeychain { // NOLINT(readability-identifier-naming): the library's
class Job;
}

namespace muster {

class Keychain final : public QObject, public SecretStore {
    Q_OBJECT
public:
    // Long enough for a person who is asked to unlock it.
    static constexpr std::chrono::milliseconds usualLimit = std::chrono::minutes(1);

    // `service` is what the values of one home are filed under.
    explicit Keychain(QString service, std::chrono::milliseconds limit = usualLimit,
                      QObject *parent = nullptr);

    [[nodiscard]] QFuture<Result<QString>> read(const QString &name) override;
    [[nodiscard]] QFuture<Result<QString>> write(const QString &name, const QString &value) override;
    [[nodiscard]] QFuture<Result<QString>> remove(const QString &name) override;

private:
    [[nodiscard]] QFuture<Result<QString>> run(QKeychain::Job *job, const QString &name);

    QString m_service;
    std::chrono::milliseconds m_limit;
};

} // namespace muster
