// muster secrets: the keys of runtimes in the keychain: which there are, keep one, remove one.
#include "app/cli/cli.h"
#include "app/cli/json_output.h"
#include "app/cli/key_reader.h"
#include "core/base/redactor.h"
#include "core/viewmodel/describe_runtime.h"

namespace muster::app {

using namespace Qt::StringLiterals;

namespace {

void printSecrets(const std::vector<api::SecretInfo> &secrets)
{
    QList<QStringList> rows;
    for (const api::SecretInfo &secret : secrets)
        rows += {secret.name, describePlace(secret), secret.runtimes.join(u", "_s)};
    Cli::printTable({Cli::tr("NAME"), Cli::tr("WHERE"), Cli::tr("SIGNS IN")}, rows);
    Cli::print({});
    Cli::print(Cli::tr("“muster secrets set NAME” keeps one in the keychain, which wins."));
}

void listSecrets(Cli &cli)
{
    cli.node().query(api::ListSecrets{}, &cli, [&cli](const Result<std::vector<api::SecretInfo>> &secrets) {
        if (!secrets) {
            cli.fail(secrets.error());
            return;
        }
        if (cli.options().json)
            Cli::printJson(jsonList(*secrets, secretJson));
        else
            printSecrets(*secrets);
        cli.finish(ExitSuccess);
    });
}

void change(Cli &cli, const api::Command &command, bool isKept, const QString &said)
{
    cli.node().submit(command, &cli, [&cli, isKept, said](const Result<api::CommandDone> &done) {
        if (!done) {
            cli.fail(done.error());
            return;
        }
        if (cli.options().json)
            Cli::printJson(QJsonObject{{u"name"_s, done->text}, {u"in_keychain"_s, isKept}});
        else
            Cli::print(said.arg(done->text));
        cli.finish(ExitSuccess);
    });
}

} // namespace

void readKey(Cli &cli, const QString &name, std::function<void(const QString &)> done)
{
    auto *reader = new KeyReader(&cli, [&cli, done = std::move(done)](const QString &value) {
        cli.onInterrupt = nullptr;
        Redactor::global().addSecret(value);
        if (!value.isEmpty() && value.size() < Redactor::shortestSecret)
            Cli::say(Cli::tr("It has fewer than %1 characters: too few to mask it in logs and transcripts.")
                         .arg(Redactor::shortestSecret));
        done(value);
    });
    cli.onInterrupt = [&cli, reader] {
        reader->stop();
        cli.finish(ExitFailed);
    };
    if (reader->atTerminal())
        Cli::say(Cli::tr("%1 (it is not shown; end with Enter):").arg(name));
}

void startSecretsCommand(Cli &cli, const SecretsOptions &options)
{
    using Action = SecretsOptions::Action;
    if (options.action == Action::Set)
        readKey(cli, options.name, [&cli, name = options.name](const QString &value) {
            change(cli, api::SetSecret{.name = name, .value = value}, true,
                   Cli::tr("%1 is in the keychain; agents that need it get it from their next start on."));
        });
    else if (options.action == Action::Remove)
        change(cli, api::RemoveSecret{.name = options.name}, false,
               Cli::tr("%1 is no more in the keychain."));
    else
        listSecrets(cli);
}

} // namespace muster::app
