// KeyFile: the SecretStore of a person without a keychain: one encrypted file (sealed_file.h), 0600, opened
// by a passphrase once in the life of the process. Values are in memory only while they are asked for; what
// stays is the key, locked. A file that cannot be read is left as it is: nothing is written over it. One
// thread, whose event loop must run; files and derivations are on a worker of its own, one after the other.
//
// Errors beside those of sealed_file.h, `where`: PermissionDenied "key_file_locked", "key_file_new" (there is
// no file yet: unlock() makes one); NotFound "secret" (not in the file), "key_file_gone" (nor is there a file
// any more); Io "key_file". The detail is the file's path, of "secret" the name.
#pragma once

#include "core/secrets/sealed_file.h"
#include "core/secrets/secret_store.h"

#include <QThreadPool>

#include <functional>
#include <memory>

namespace muster {

class KeyFile final : public SecretStore {
public:
    enum class State : std::uint8_t { None, Locked, Open };

    // `cost` is of a new file; one that is there says its own.
    explicit KeyFile(QString path, const SealCost &cost = {});
    ~KeyFile() override;
    Q_DISABLE_COPY_MOVE(KeyFile)

    [[nodiscard]] QFuture<Result<QString>> read(const QString &name) override;
    [[nodiscard]] QFuture<Result<QString>> write(const QString &name, const QString &value) override;
    [[nodiscard]] QFuture<Result<QString>> remove(const QString &name) override;

    // Of no file: makes one with this passphrase. The answer is the path.
    [[nodiscard]] QFuture<Result<QString>> unlock(const QString &passphrase);

    [[nodiscard]] State state() const;
    [[nodiscard]] const QString &path() const;

private:
    class Vault; // the worker's

    [[nodiscard]] QFuture<Result<QString>> run(std::function<Result<QString>(Vault &)> work);

    std::shared_ptr<Vault> m_vault;
    QThreadPool m_worker;
};

} // namespace muster
