#include "core/node/work/accounts.h"

#include "core/base/redactor.h"
#include "core/node/work/key_advice.h"
#include "core/process/environment_filter.h"

#include <QDir>
#include <QFileInfo>
#include <QProcessEnvironment>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

AccountRef refOf(const AccountRow &row) { return {.runtime = row.runtime, .name = row.name}; }

// What would sign in the first account.
void removeSignIn(QStringList &environment, const SignInRule &rule)
{
    environment.removeIf([&](const QString &line) {
        const QString name = line.section(u'=', 0, 0);
        return rule.env.contains(name) || (!rule.homeEnv.isEmpty() && name == rule.homeEnv);
    });
}

} // namespace

QString Accounts::secretNameOf(const AccountRef &account, const QString &key)
{
    return u"account/%1/%2/%3"_s.arg(account.runtime, account.name, key);
}

Accounts::Accounts(Ledger &ledger, SecretStore &secrets, const RuntimeCatalog &runtimes,
                   Credentials &credentials, RuntimeLimits &limits, QString folder)
    : m_ledger(ledger)
    , m_secrets(secrets)
    , m_runtimes(runtimes)
    , m_credentials(credentials)
    , m_limits(limits)
    , m_folder(std::move(folder))
{
}

const AccountRow *Accounts::find(const AccountRef &account) const
{
    const auto row = std::ranges::find(m_rows, account, refOf);
    return row == m_rows.end() ? nullptr : &*row;
}

bool Accounts::hasSeveral(const QString &runtime) const
{
    return std::ranges::contains(m_rows, runtime, &AccountRow::runtime);
}

bool Accounts::has(const AccountRef &account) const { return account.name.isEmpty() || find(account); }

bool Accounts::shareHome(const AccountRef &one, const AccountRef &other) const
{
    const auto homeOf = [this](const AccountRef &account) {
        const AccountRow *row = find(account);
        return row ? row->configHome : QString();
    };
    return one == other || (has(one) && has(other) && homeOf(one) == homeOf(other));
}

// Where a key can come from nowhere else, it is known that nobody has signed in.
bool Accounts::isFirstUsable(const RuntimeRecord &runtime) const
{
    const SignInRule &rule = runtime.signIn;
    const QStringList environment = QProcessEnvironment::systemEnvironment().toStringList();
    return !rule.needed || !rule.onlyEnv || std::ranges::any_of(rule.env, [&](const QString &name) {
        return m_credentials.kept().contains(name) || !environmentValue(environment, name).isEmpty();
    });
}

std::vector<AccountStanding> Accounts::standings(const QString &runtime) const
{
    std::vector<AccountStanding> out;
    const RuntimeRecord *record = m_runtimes.find(runtime);
    if (!record || !hasSeveral(runtime) || isFirstUsable(*record))
        out.push_back(m_limits.standing({.runtime = runtime, .name = {}}));
    for (const AccountRow &row : m_rows) {
        if (row.runtime == runtime)
            out.push_back(m_limits.standing(refOf(row)));
    }
    return out;
}

AccountChoice Accounts::choose(const QString &runtime, const std::optional<QString> &goesOn,
                               const QStringList &refused) const
{
    const std::vector<AccountStanding> all = standings(runtime);
    std::vector<AccountStanding> left = all;
    std::erase_if(left, [&](const AccountStanding &one) { return refused.contains(one.name); });
    return chooseAccount(left.empty() ? all : left, goesOn);
}

qint64 Accounts::restsUntil(const QString &runtime) const { return choose(runtime, {}).restsUntilMs; }

std::vector<api::AccountInfo> Accounts::list(const QString &runtime) const
{
    std::vector<api::AccountInfo> out;
    if (!hasSeveral(runtime))
        return out;
    out.push_back(infoOf({.runtime = runtime, .name = {}}));
    for (const AccountRow &row : m_rows) {
        if (row.runtime == runtime)
            out.push_back(infoOf(refOf(row)));
    }
    return out;
}

api::AccountInfo Accounts::infoOf(const AccountRef &account) const
{
    const AccountStanding standing = m_limits.standing(account);
    api::AccountInfo info{.name = account.name,
                          .state = standing.restsUntilMs > 0 ? u"rests"_s : u"ready"_s,
                          .usedAt = standing.usedMs,
                          .limit = limitInfo(account)};
    const RuntimeRecord *runtime = m_runtimes.find(account.runtime);
    if (const AccountRow *row = find(account)) {
        info.configHome = row->configHome;
        info.keys = row->keys;
    } else if (runtime && !isFirstUsable(*runtime)) {
        info.state = u"auth_required"_s;
    }
    if (runtime && !info.configHome.isEmpty())
        info.homeVariable = runtime->signIn.homeEnv;
    return info;
}

std::optional<api::LimitInfo> Accounts::limitInfo(const AccountRef &account) const
{
    return m_limits.known(account).transform([&](const LimitRow &limit) {
        return api::LimitInfo{.hard = limit.hard,
                              .resetAt = limit.resetMs.value_or(0),
                              .restsUntil = m_limits.restsUntil(account),
                              .seenAt = limit.seenMs,
                              .detail = limit.detail,
                              .usedPercent = limit.usedPercent};
    });
}

Async<AccountLaunch> Accounts::launchAs(RuntimeRecord runtime, QString name, QStringList environment)
{
    AccountLaunch launch{.environment = environment, .own = {}};
    const AccountRow *found = find({.runtime = runtime.id, .name = name});
    if (!found) {
        auto keys = co_await m_credentials.forRuntime(runtime, environment);
        if (!keys)
            co_return std::unexpected(keys.error());
        launch.own = std::move(*keys);
        co_return launch;
    }
    const AccountRow account = *found;
    if (!account.configHome.isEmpty() && !QFileInfo(account.configHome).isDir())
        co_return fail(ErrorCode::Unavailable, account.configHome, u"account_home"_s);
    const QString home = environmentValue(environment, runtime.signIn.homeEnv);
    removeSignIn(launch.environment, runtime.signIn);
    const QString ownHome = account.configHome.isEmpty() ? home : account.configHome;
    if (!ownHome.isEmpty())
        launch.own += runtime.signIn.homeEnv + u'=' + ownHome;
    for (const QString &key : account.keys) {
        const auto value = co_await resultOf(m_secrets.read(secretNameOf(refOf(account), key)));
        if (!value) {
            Error error = value.error();
            const QString of = u"%1 of %2/%3"_s.arg(key, account.runtime, account.name);
            error.detail = error.detail.isEmpty() ? of : QString(of + u": "_s + error.detail);
            co_return std::unexpected(error);
        }
        Redactor::global().addSecret(*value);
        launch.own += key + u'=' + *value;
    }
    co_return launch;
}

Async<std::vector<api::CheckItem>> Accounts::checks()
{
    std::vector<api::CheckItem> out;
    const std::vector<AccountRow> rows = m_rows;
    for (const AccountRow &row : rows) {
        const auto launch = co_await launchAs(m_runtimes.find(row.runtime) ? *m_runtimes.find(row.runtime)
                                                                           : RuntimeRecord{.id = row.runtime},
                                              row.name, {});
        out.push_back({.name = u"account %1/%2"_s.arg(row.runtime, row.name),
                       .state = launch ? u"ok"_s : u"warning"_s,
                       .detail = launch ? row.configHome : launch.error().detail,
                       .advice = launch ? QString() : adviceFor(launch.error())});
        if (!launch && launch.error().code == ErrorCode::Timeout)
            break; // the others wait for the same answer
    }
    co_return out;
}

} // namespace muster
