// muster accounts: further accounts of runtimes: which there are and what is known of them, add one, remove
// one.
#include "app/cli/cli.h"
#include "app/cli/json_output.h"
#include "core/viewmodel/describe_runtime.h"

#include <QDateTime>

#include <algorithm>

namespace muster::app {

using namespace Qt::StringLiterals;

namespace {

void printAccounts(const std::vector<api::RuntimeInfo> &runtimes)
{
    QList<QStringList> rows;
    const qint64 now = QDateTime::currentMSecsSinceEpoch();
    for (const api::RuntimeInfo &runtime : runtimes) {
        for (const api::AccountInfo &account : runtime.accounts)
            rows += {runtime.id, account.name.isEmpty() ? Cli::tr("(first)") : account.name,
                     describeAccountState(account, now), describeAccountSignIn(account)};
    }
    if (rows.isEmpty()) {
        Cli::print(Cli::tr("Each runtime has its first account only. “muster accounts add RUNTIME NAME” adds "
                           "another."));
        return;
    }
    Cli::printTable({Cli::tr("RUNTIME"), Cli::tr("ACCOUNT"), Cli::tr("STATE"), Cli::tr("SIGNED IN BY")},
                    rows);
}

void list(Cli &cli)
{
    cli.node().query(api::ListRuntimes{}, &cli,
                     [&cli](const Result<std::vector<api::RuntimeInfo>> &runtimes) {
        if (!runtimes) {
            cli.fail(runtimes.error());
            return;
        }
        if (cli.options().json) {
            QJsonArray array;
            for (const api::RuntimeInfo &runtime : *runtimes) {
                for (const api::AccountInfo &account : runtime.accounts)
                    array.append(accountJson(runtime.id, account));
            }
            Cli::printJson(array);
        } else {
            printAccounts(*runtimes);
        }
        cli.finish(ExitSuccess);
    });
}

// What is left to do to use it.
void printAdded(const api::RuntimeInfo &runtime, const api::AccountInfo &account)
{
    Cli::print(Cli::tr("%1 is an account of %2.").arg(account.name, runtime.label));
    if (const QString line = signInLineOf(runtime, account.configHome); !line.isEmpty())
        Cli::print(Cli::tr("To sign in, run this in a terminal: %1").arg(line));
}

void tellAdded(Cli &cli, const AccountsOptions &options)
{
    cli.node().query(api::ListRuntimes{.runtime = options.runtime}, &cli,
                     [&cli, options](const Result<std::vector<api::RuntimeInfo>> &runtimes) {
        if (!runtimes) {
            cli.fail(runtimes.error());
            return;
        }
        const api::RuntimeInfo &runtime = runtimes->front();
        const auto added = std::ranges::find(runtime.accounts, options.name, &api::AccountInfo::name);
        if (added != runtime.accounts.end()) {
            if (cli.options().json)
                Cli::printJson(accountJson(runtime.id, *added));
            else
                printAdded(runtime, *added);
        }
        cli.finish(ExitSuccess);
    });
}

void add(Cli &cli, const AccountsOptions &options, const QString &value)
{
    cli.node().submit(api::AddAccount{.runtime = options.runtime,
                                      .name = options.name,
                                      .configHome = options.home,
                                      .key = options.key,
                                      .value = value},
                      &cli, [&cli, options](const Result<api::CommandDone> &done) {
        if (!done)
            cli.fail(done.error());
        else
            tellAdded(cli, options);
    });
}

void remove(Cli &cli, const AccountsOptions &options)
{
    cli.node().submit(api::RemoveAccount{.runtime = options.runtime, .name = options.name}, &cli,
                      [&cli, options](const Result<api::CommandDone> &done) {
        if (!done) {
            cli.fail(done.error());
            return;
        }
        const QString home = done->list.value(0);
        if (cli.options().json) {
            Cli::printJson(QJsonObject{{u"runtime"_s, options.runtime}, {u"name"_s, options.name}});
        } else {
            Cli::print(Cli::tr("%1 is no more an account of %2; its keys are kept no more.")
                           .arg(options.name, options.runtime));
            if (!home.isEmpty())
                Cli::print(Cli::tr("Its folder is still there: %1").arg(home));
        }
        cli.finish(ExitSuccess);
    });
}

} // namespace

void startAccountsCommand(Cli &cli, const AccountsOptions &options)
{
    using Action = AccountsOptions::Action;
    if (options.action == Action::List)
        list(cli);
    else if (options.action == Action::Remove)
        remove(cli, options);
    else if (options.key.isEmpty())
        add(cli, options, {});
    else
        readKey(cli, options.key, [&cli, options](const QString &value) { add(cli, options, value); });
}

} // namespace muster::app
