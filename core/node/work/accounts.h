// Accounts: the accounts of each runtime, which of them a session begins with, and what makes it one's child.
// The first account of a runtime has no name: it is what the program finds by itself and the keys that
// Credentials keeps. A further one has keys of its own, kept under its name, or a folder of its
// own in which its program keeps its sign-in, or both; nothing that signs in the first reaches it. Core
// thread, which owns it. Source: spec "agents", Accounts.
#pragma once

#include "core/node/work/credentials.h"
#include "core/node/work/runtime_limits.h"

namespace muster {

// With what a session of an account is started.
struct AccountLaunch {
    QStringList environment; // ours, without what would sign in another account
    QStringList own;         // "NAME=value" that only this child gets
};

class Accounts : public AsyncOwner {
public:
    // `folder`: where the folders of accounts are made that bring none.
    Accounts(Ledger &ledger, SecretStore &secrets, const RuntimeCatalog &runtimes, Credentials &credentials,
             RuntimeLimits &limits, QString folder);

    // What the store held when the node opened.
    void load(std::vector<AccountRow> rows) { m_rows = std::move(rows); }

    [[nodiscard]] bool hasSeveral(const QString &runtime) const;
    [[nodiscard]] bool has(const AccountRef &account) const;
    // Whether what the one has begun the other can go on with.
    [[nodiscard]] bool shareHome(const AccountRef &one, const AccountRef &other) const;
    // `refused`: names of those that could not sign in, taken only where there is no other.
    [[nodiscard]] AccountChoice choose(const QString &runtime, const std::optional<QString> &goesOn,
                                       const QStringList &refused = {}) const;
    [[nodiscard]] qint64 restsUntil(const QString &runtime) const; // 0: one of its accounts does not
    // None where there is only the first.
    [[nodiscard]] std::vector<api::AccountInfo> list(const QString &runtime) const;

    // Unavailable, `where` is "account_home": its folder is gone. Else the errors of the SecretStore, with
    // the key's name.
    [[nodiscard]] Async<AccountLaunch> launchAs(RuntimeRecord runtime, QString name, QStringList environment);

    // Adds it, or changes what is given of one that is there. Work that waits for a limit looks again.
    // InvalidArgument: "runtime", "account" (its name), "account_key" (it needs one), "account_home" (no such
    // folder), "secret", "secret_value". Unsupported: "account_home", the runtime takes none.
    [[nodiscard]] Async<api::CommandDone> add(api::AddAccount command, QString by);
    // Its keys go with it, its folder stays. NotFound.
    [[nodiscard]] Async<api::CommandDone> remove(api::RemoveAccount command, QString by);

    // Whether its keys can be read and its folder is there; nothing where there is no further account.
    [[nodiscard]] Async<std::vector<api::CheckItem>> checks();

    // Of one account, named or not; none: nothing was ever told.
    [[nodiscard]] std::optional<api::LimitInfo> limitInfo(const AccountRef &account) const;

private:
    [[nodiscard]] static QString secretNameOf(const AccountRef &account, const QString &key);
    [[nodiscard]] const AccountRow *find(const AccountRef &account) const;
    [[nodiscard]] std::vector<AccountStanding> standings(const QString &runtime) const;
    [[nodiscard]] bool isFirstUsable(const RuntimeRecord &runtime) const;
    [[nodiscard]] Status check(const api::AddAccount &command) const;
    [[nodiscard]] api::AccountInfo infoOf(const AccountRef &account) const;
    [[nodiscard]] Async<bool> record(AccountRow row, QString by);
    [[nodiscard]] Async<bool> recordRemoval(AccountRef account, QString by);

    Ledger &m_ledger;
    SecretStore &m_secrets;
    const RuntimeCatalog &m_runtimes;
    Credentials &m_credentials;
    RuntimeLimits &m_limits;
    QString m_folder;
    std::vector<AccountRow> m_rows; // by runtime, the oldest first
};

} // namespace muster
