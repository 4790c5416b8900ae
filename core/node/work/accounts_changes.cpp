// Accounts are added and removed: the keychain first, then the store, which knows their names.
#include "core/base/redactor.h"
#include "core/node/work/accounts.h"
#include "core/store/permission_repository.h"
#include "core/store/task_repository.h"

#include <QDir>
#include <QFileInfo>
#include <QRegularExpression>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

QJsonObject dataOf(const AccountRef &account)
{
    return {{u"runtime"_s, account.runtime}, {u"account"_s, account.name}};
}

Status noteInAudit(Connection &db, EventBatch &log, const QString &what, const QString &by,
                   const QJsonObject &data)
{
    log.add(what, {}, by, data);
    return AuditRepository(db).add({.atMs = log.nowMs(), .who = by, .what = what, .data = data});
}

// For the person's eyes only, like a program's own.
Result<QString> madeFolder(const QString &path)
{
    constexpr auto ownerOnly = QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner;
    if (!QDir().mkpath(path) || !QFile::setPermissions(path, ownerOnly))
        return fail(ErrorCode::Io, path, u"account_home"_s);
    return path;
}

Result<QString> existingFolder(const QString &path)
{
    if (!QFileInfo(path).isDir())
        return fail(ErrorCode::InvalidArgument, path, u"account_home"_s);
    return path;
}

} // namespace

Status Accounts::check(const api::AddAccount &command) const
{
    static const QRegularExpression form(u"^[a-z0-9][a-z0-9-]{0,31}$"_s);
    const RuntimeRecord *runtime = m_runtimes.find(command.runtime);
    if (!runtime)
        return fail(ErrorCode::InvalidArgument, m_runtimes.ids().join(u", "_s), u"runtime"_s);
    if (!form.match(command.name).hasMatch())
        return fail(ErrorCode::InvalidArgument, command.name, u"account"_s);
    const SignInRule &rule = runtime->signIn;
    if (!command.configHome.isEmpty() && rule.homeEnv.isEmpty())
        return fail(ErrorCode::Unsupported, command.runtime, u"account_home"_s);
    if (!command.configHome.isEmpty() && !QDir::isAbsolutePath(command.configHome))
        return fail(ErrorCode::InvalidArgument, command.configHome, u"account_home"_s);
    if (command.key.isEmpty() && rule.homeEnv.isEmpty())
        return fail(ErrorCode::InvalidArgument, rule.env.join(u", "_s), u"account_key"_s);
    if (command.key.isEmpty())
        return {};
    if (!rule.env.contains(command.key))
        return fail(ErrorCode::InvalidArgument, rule.env.join(u", "_s), u"secret"_s);
    return Credentials::checkValue(command.value);
}

Async<api::CommandDone> Accounts::add(api::AddAccount command, QString by)
{
    if (const Status fits = check(command); !fits)
        co_return std::unexpected(fits.error());
    const AccountRef ref{.runtime = command.runtime, .name = command.name};
    const AccountRow *there = find(ref);
    AccountRow row = there ? *there : AccountRow{.runtime = ref.runtime, .name = ref.name};
    if (!command.configHome.isEmpty()) {
        row.configHome = QDir::cleanPath(command.configHome);
        if (const auto home =
                co_await resultOf(onPool([path = row.configHome] { return existingFolder(path); }));
            !home)
            co_return std::unexpected(home.error());
    } else if (command.key.isEmpty() && row.configHome.isEmpty()) {
        row.configHome = u"%1/%2/%3"_s.arg(m_folder, ref.runtime, ref.name);
        if (const auto home = co_await resultOf(onPool([path = row.configHome] { return madeFolder(path); }));
            !home)
            co_return std::unexpected(home.error());
    }
    if (!command.key.isEmpty()) {
        Redactor::global().addSecret(command.value);
        const auto written =
            co_await resultOf(m_secrets.write(secretNameOf(ref, command.key), command.value));
        if (!written)
            co_return std::unexpected(written.error());
        row.keys.removeAll(command.key);
        row.keys += command.key;
    }
    const auto recorded = co_await record(row, by);
    co_return recorded.transform(
        [&](bool) { return api::CommandDone{.refs = {}, .text = command.name, .list = {row.configHome}}; });
}

Async<bool> Accounts::record(AccountRow row, QString by)
{
    const auto rows = co_await resultOf(m_ledger.commitAsync(
        [row, by](Connection &db, EventBatch &log) mutable -> Result<std::vector<AccountRow>> {
        AccountRepository accounts(db);
        row.createdMs = row.createdMs > 0 ? row.createdMs : log.nowMs();
        if (Status put = accounts.put(row); !put)
            return std::unexpected(put.error());
        QJsonObject data = dataOf({.runtime = row.runtime, .name = row.name});
        data.insert(u"keys"_s, QJsonArray::fromStringList(row.keys));
        data.insert(u"config_home"_s, row.configHome);
        if (Status noted = noteInAudit(db, log, u"account.added"_s, by, data); !noted)
            return std::unexpected(noted.error());
        // It may be free for what waits for another.
        if (Status woken = TaskRepository(db).lookAgain(log.nowMs()); !woken)
            return std::unexpected(woken.error());
        return accounts.all();
    }));
    if (!rows)
        co_return std::unexpected(rows.error());
    m_rows = *rows;
    co_return true;
}

Async<api::CommandDone> Accounts::remove(api::RemoveAccount command, QString by)
{
    const AccountRef ref{.runtime = command.runtime, .name = command.name};
    const AccountRow *found = find(ref);
    if (!found)
        co_return fail(ErrorCode::NotFound, command.name, u"account"_s);
    const AccountRow row = *found;
    for (const QString &key : row.keys) {
        const auto removed = co_await resultOf(m_secrets.remove(secretNameOf(ref, key)));
        if (!removed && removed.error().code != ErrorCode::NotFound)
            co_return std::unexpected(removed.error());
    }
    const auto recorded = co_await recordRemoval(ref, by);
    co_return recorded.transform(
        [&](bool) { return api::CommandDone{.refs = {}, .text = command.name, .list = {row.configHome}}; });
}

Async<bool> Accounts::recordRemoval(AccountRef account, QString by)
{
    const auto rows = co_await resultOf(m_ledger.commitAsync(
        [account, by](Connection &db, EventBatch &log) -> Result<std::vector<AccountRow>> {
        AccountRepository accounts(db);
        if (Status removed = accounts.remove(account); !removed)
            return std::unexpected(removed.error());
        if (Status noted = noteInAudit(db, log, u"account.removed"_s, by, dataOf(account)); !noted)
            return std::unexpected(noted.error());
        return accounts.all();
    }));
    if (!rows)
        co_return std::unexpected(rows.error());
    m_rows = *rows;
    m_limits.forget(account);
    co_return true;
}

} // namespace muster
