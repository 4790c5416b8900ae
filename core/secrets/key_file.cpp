#include "core/secrets/key_file.h"

#include <QFile>
#include <QFileInfo>
#include <QPromise>
#include <QSaveFile>

#include <atomic>
#include <optional>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 mostBytes = 16LL * 1024 * 1024; // far more than all keys there are
constexpr auto ownerOnly = QFile::ReadOwner | QFile::WriteOwner;

} // namespace

class KeyFile::Vault {
public:
    Vault(QString path, const SealCost &cost)
        : m_path(std::move(path))
        , m_cost(cost)
    {
    }

    [[nodiscard]] const QString &path() const { return m_path; }
    [[nodiscard]] bool isOpen() const { return m_isOpen; }

    Status unlock(const LockedBytes &passphrase)
    {
        if (!QFileInfo::exists(m_path)) {
            auto key = newSealKey(passphrase, m_cost);
            if (!key)
                return std::unexpected(key.error());
            return save(*key, LockedBytes(0)).and_then([&] { return keep(std::move(*key)); });
        }
        const auto file = load();
        if (!file)
            return std::unexpected(file.error());
        auto key = sealKeyOf(passphrase, *file);
        if (!key)
            return std::unexpected(key.error());
        const auto content = unseal(*key, *file);
        if (!content)
            return std::unexpected(content.error());
        return keep(std::move(*key));
    }

    Result<QString> read(const QString &name)
    {
        return content().and_then([&](const LockedBytes &all) { return valueIn(all, name); });
    }

    Result<QString> change(const QString &name, const QString *value)
    {
        const auto now = content();
        if (!now) {
            const bool first = value && now.error().where == "key_file_gone"_L1;
            return first ? fail(ErrorCode::PermissionDenied, m_path, u"key_file_new"_s)
                         : std::unexpected(now.error());
        }
        if (!value) {
            if (const auto there = valueIn(*now, name); !there)
                return there;
        }
        const auto next = withValue(*now, name, value);
        if (!next)
            return std::unexpected(next.error());
        return save(*m_key, *next).transform([&] { return name; });
    }

private:
    Status keep(SealKey key)
    {
        m_key = std::move(key);
        m_isOpen = true;
        return {};
    }

    void lock()
    {
        m_key.reset();
        m_isOpen = false;
    }

    Result<LockedBytes> content()
    {
        if (!QFileInfo::exists(m_path)) {
            lock();
            return fail(ErrorCode::NotFound, m_path, u"key_file_gone"_s);
        }
        if (!m_key)
            return fail(ErrorCode::PermissionDenied, m_path, u"key_file_locked"_s);
        const auto file = load();
        if (!file)
            return std::unexpected(file.error());
        auto content = unseal(*m_key, *file);
        if (!content && content.error().where == "passphrase"_L1) { // another file than was opened
            lock();
            return fail(ErrorCode::PermissionDenied, m_path, u"key_file_locked"_s);
        }
        return content;
    }

    [[nodiscard]] Result<QByteArray> load() const
    {
        QFile file(m_path);
        if (!file.open(QIODevice::ReadOnly))
            return fail(ErrorCode::Io, m_path + u": " + file.errorString(), u"key_file"_s);
        if (file.size() > mostBytes)
            return fail(ErrorCode::Corrupt, u"size"_s, u"key_file_damaged"_s);
        QByteArray bytes = file.read(mostBytes);
        if (file.error() != QFileDevice::NoError)
            return fail(ErrorCode::Io, m_path + u": " + file.errorString(), u"key_file"_s);
        return bytes;
    }

    // The old one or the new one, never half of one: a new file, synced to the disk, takes the old one's
    // name.
    [[nodiscard]] Status save(const SealKey &key, const LockedBytes &content) const
    {
        const auto bytes = seal(key, content);
        if (!bytes)
            return std::unexpected(bytes.error());
        QSaveFile file(m_path);
        const bool written = file.open(QIODevice::WriteOnly) && file.setPermissions(ownerOnly) &&
                             file.write(*bytes) == bytes->size() && file.commit();
        if (!written)
            return fail(ErrorCode::Io, m_path + u": " + file.errorString(), u"key_file"_s);
        return {};
    }

    QString m_path;
    SealCost m_cost;
    std::optional<SealKey> m_key;
    std::atomic<bool> m_isOpen = false;
};

KeyFile::KeyFile(QString path, const SealCost &cost)
    : m_vault(std::make_shared<Vault>(std::move(path), cost))
{
    m_worker.setMaxThreadCount(1);
}

KeyFile::~KeyFile() { m_worker.waitForDone(); }

const QString &KeyFile::path() const { return m_vault->path(); }

KeyFile::State KeyFile::state() const
{
    if (!QFileInfo::exists(m_vault->path()))
        return State::None;
    return m_vault->isOpen() ? State::Open : State::Locked;
}

QFuture<Result<QString>> KeyFile::run(std::function<Result<QString>(Vault &)> work)
{
    auto promise = std::make_shared<QPromise<Result<QString>>>();
    promise->start();
    auto future = promise->future();
    m_worker.start([promise, vault = m_vault, work = std::move(work)] {
        auto result = work(*vault);
        if (!result && result.error().where.startsWith("key_file_damaged"_L1))
            result.error().detail = vault->path() + u" (" + result.error().detail + u')';
        promise->addResult(std::move(result));
        promise->finish();
    });
    return future;
}

QFuture<Result<QString>> KeyFile::read(const QString &name)
{
    return run([name](Vault &vault) { return vault.read(name); });
}

QFuture<Result<QString>> KeyFile::write(const QString &name, const QString &value)
{
    return run([name, value](Vault &vault) { return vault.change(name, &value); });
}

QFuture<Result<QString>> KeyFile::remove(const QString &name)
{
    return run([name](Vault &vault) { return vault.change(name, nullptr); });
}

QFuture<Result<QString>> KeyFile::unlock(const QString &passphrase)
{
    const auto locked = std::make_shared<LockedBytes>(lockedUtf8(passphrase));
    return run(
        [locked](Vault &vault) { return vault.unlock(*locked).transform([&] { return vault.path(); }); });
}

} // namespace muster
