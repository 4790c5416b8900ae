// KeyPlaces: the SecretStore of a node: the place that the setting keys.store chooses for what is given, and
// for each key that was, the place where it lies: the system's keychain, the memory of this process, an
// encrypted file. Changing the setting moves nothing; a key that is given again goes to the new place, and
// what lay in the old one is removed where that can be reached. Which key lies where is in the store (setting
// "secrets.places"); values never are. Core thread, which owns it. Source: spec "agents", Secrets;
// docs/adr/0017.
#pragma once

#include "core/base/async.h"
#include "core/node/api/commands.h"
#include "core/node/api/key_values.h"
#include "core/node/events/ledger.h"
#include "core/secrets/asked_keys.h"
#include "core/secrets/key_file.h"
#include "core/secrets/keychain.h"

#include <QMap>

namespace muster {

struct KeyPlaceOptions {
    QString service; // what the keychain files the values of this home under
    QString file;
    std::function<QString()> choice; // keys.store
    std::function<bool()> isFixed = [] {
        return false;
    }; // by the environment
};

class KeyPlaces final : public SecretStore, public AsyncOwner {
public:
    // Of a new one; whoever has a copy of the file can guess as long as they like.
    static constexpr qsizetype shortestPassphrase = 12;

    KeyPlaces(Ledger &ledger, KeyPlaceOptions options);

    // What the store held when the node opened.
    void load(const QMap<QString, QJsonValue> &settings);

    [[nodiscard]] QFuture<Result<QString>> read(const QString &name) override;
    [[nodiscard]] QFuture<Result<QString>> write(const QString &name, const QString &value) override;
    [[nodiscard]] QFuture<Result<QString>> remove(const QString &name) override;

    // A choice of keys.store.
    [[nodiscard]] QString placeOf(const QString &name) const;
    [[nodiscard]] bool isAtHand(const QString &name) const;
    [[nodiscard]] api::KeyStoreInfo info() const;

    // InvalidArgument: too short for a new one ("passphrase_short"). Conflict "key_file_unused": there is no
    // file, and the setting asks for none. Else the errors of KeyFile.
    [[nodiscard]] Async<api::CommandDone> unlock(api::UnlockKeys command, QString by);

    // How the place fares that the setting chooses.
    [[nodiscard]] Async<std::vector<api::CheckItem>> checks();

private:
    [[nodiscard]] SecretStore &storeAt(const QString &place);
    [[nodiscard]] Async<QString> writeTo(QString place, QString name, QString value);
    [[nodiscard]] Async<QString> removeFrom(QString place, QString name);
    [[nodiscard]] Async<bool> record(QString name, QString place); // empty: nowhere
    [[nodiscard]] Async<api::CheckItem> checkKeychain();
    [[nodiscard]] Async<api::CheckItem> checkFile();

    Ledger &m_ledger;
    KeyPlaceOptions m_options;
    Keychain m_keychain;
    AskedKeys m_asked;
    KeyFile m_file;
    QMap<QString, QString> m_places; // by name; the keychain where an earlier Muster kept it
};

} // namespace muster
