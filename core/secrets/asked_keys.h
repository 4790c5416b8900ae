// AskedKeys: the SecretStore of a person who wants nothing kept: values are in locked memory and go with the
// process, so that they are given anew after each start. Any thread. Errors: NotFound "key_asked".
#pragma once

#include "core/secrets/locked_bytes.h"
#include "core/secrets/secret_store.h"

#include <QMutex>

#include <map>

namespace muster {

class AskedKeys final : public SecretStore {
public:
    [[nodiscard]] bool has(const QString &name) const;

    [[nodiscard]] QFuture<Result<QString>> read(const QString &name) override;
    [[nodiscard]] QFuture<Result<QString>> write(const QString &name, const QString &value) override;
    [[nodiscard]] QFuture<Result<QString>> remove(const QString &name) override;

private:
    mutable QMutex m_lock;
    std::map<QString, LockedBytes> m_values;
};

} // namespace muster
