// muster runtimes: the catalog, and what of it can be used on this machine.
#include "app/cli/cli.h"
#include "app/cli/json_output.h"
#include "core/viewmodel/describe.h"
#include "core/viewmodel/describe_runtime.h"

#include <QDateTime>

namespace muster::app {

using namespace Qt::StringLiterals;

namespace {

void printRuntimes(const std::vector<api::RuntimeInfo> &runtimes)
{
    QList<QStringList> rows;
    for (const api::RuntimeInfo &runtime : runtimes) {
        const bool there = !runtime.path.isEmpty();
        const bool asked = there && runtime.versionState != "not_asked"_L1;
        rows += {runtime.isDefault ? QString(runtime.id + u" *") : runtime.id, runtime.label,
                 describeRuntimeState(runtime.state), asked ? describeVersion(runtime) : u"–"_s,
                 there ? describeSignIn(runtime) : u"–"_s};
    }
    Cli::printTable(
        {Cli::tr("ID"), Cli::tr("NAME"), Cli::tr("STATE"), Cli::tr("VERSION"), Cli::tr("SIGN-IN")}, rows);
    for (const api::RuntimeInfo &runtime : runtimes) {
        const qint64 now = QDateTime::currentMSecsSinceEpoch();
        for (const api::AccountInfo &account : runtime.accounts)
            Cli::print(u"%1, %2: %3"_s.arg(runtime.id, describeAccount(account.name),
                                           describeAccountState(account, now)));
        const QString limit = describeLimit(runtime.limit, now);
        if (runtime.accounts.empty() && !limit.isEmpty())
            Cli::print(u"%1: %2"_s.arg(runtime.id, limit));
    }
    Cli::print({});
    Cli::print(Cli::tr("* is used when none is asked for. “muster runtimes show ID” tells more."));
}

void printField(const QString &name, const QString &value)
{
    if (!value.isEmpty())
        Cli::print(u"%1 %2"_s.arg(name.leftJustified(12), value));
}

void printRuntime(const api::RuntimeInfo &runtime)
{
    Cli::print(u"%1: %2"_s.arg(runtime.id, runtime.label));
    printField(Cli::tr("State"), describeRuntimeState(runtime.state));
    printField(Cli::tr("To do"), adviceFor(runtime));
    printField(Cli::tr("Program"), runtime.path.isEmpty() ? runtime.detail : runtime.path);
    if (runtime.versionState != "not_asked"_L1)
        printField(Cli::tr("Version"),
                   u"%1 (%2)"_s.arg(describeVersion(runtime),
                                    describeAge(runtime.checkedAt, QDateTime::currentMSecsSinceEpoch())));
    printField(Cli::tr("Sign-in"), describeSignIn(runtime));
    const qint64 now = QDateTime::currentMSecsSinceEpoch();
    if (runtime.accounts.empty())
        printField(Cli::tr("Limit"), describeLimit(runtime.limit, now));
    for (const api::AccountInfo &account : runtime.accounts)
        printField(Cli::tr("Account"),
                   u"%1: %2 (%3)"_s.arg(account.name.isEmpty() ? Cli::tr("first") : account.name,
                                        describeAccountState(account, now), describeAccountSignIn(account)));
    printField(Cli::tr("Abilities"), describeAbilities(runtime.abilities));
    for (const api::ModelInfo &model : runtime.models)
        printField(Cli::tr("Model"), u"%1, %2"_s.arg(model.id, describePrices(model)));
    printField(Cli::tr("File"), runtime.file);
}

} // namespace

void startRuntimesCommand(Cli &cli, const RuntimesOptions &options)
{
    cli.node().query(
        api::ListRuntimes{.runtime = options.runtime, .again = options.again}, &cli,
        [&cli, one = !options.runtime.isEmpty()](const Result<std::vector<api::RuntimeInfo>> &runtimes) {
        if (!runtimes) {
            cli.fail(runtimes.error());
            return;
        }
        if (cli.options().json) {
            QJsonArray array;
            for (const api::RuntimeInfo &runtime : *runtimes)
                array.append(runtimeJson(runtime));
            Cli::printJson(one ? array.first() : QJsonValue(array));
        } else if (one) {
            printRuntime(runtimes->front());
        } else {
            printRuntimes(*runtimes);
        }
        cli.finish(ExitSuccess);
    });
}

} // namespace muster::app
