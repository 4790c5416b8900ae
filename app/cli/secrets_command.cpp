// muster secrets: the keys of runtimes: which there are and where, keep one, remove one, open the file of
// them.
#include "app/cli/cli.h"
#include "app/cli/json_output.h"
#include "app/cli/key_reader.h"
#include "core/base/redactor.h"
#include "core/viewmodel/describe_keys.h"

#include <unistd.h>

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
    Cli::print(Cli::tr("“muster secrets set NAME” keeps one, which wins over the environment; where: “muster "
                       "config get keys.store”."));
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

void change(Cli &cli, const api::Command &command, bool isKept)
{
    cli.node().submit(command, &cli, [&cli, isKept](const Result<api::CommandDone> &done) {
        if (!done) {
            cli.fail(done.error());
            return;
        }
        if (cli.options().json)
            Cli::printJson(QJsonObject{
                {u"name"_s, done->text}, {u"is_kept"_s, isKept}, {u"place"_s, done->list.value(0)}});
        else
            Cli::print(isKept ? describeKept(done->text, done->list.value(0))
                              : Cli::tr("%1 is kept no more.").arg(done->text));
        cli.finish(ExitSuccess);
    });
}

void sendPassphrase(Cli &cli, const QString &passphrase, bool isNew)
{
    cli.node().submit(api::UnlockKeys{.passphrase = passphrase}, &cli,
                      [&cli, isNew](const Result<api::CommandDone> &done) {
        if (!done) {
            cli.fail(done.error());
            return;
        }
        if (cli.options().json)
            Cli::printJson(QJsonObject{{u"file"_s, done->text}, {u"made"_s, isNew}});
        else if (isNew)
            Cli::print(
                Cli::tr("Made %1. It is open until the node ends. Keep the passphrase well: nobody can "
                        "open the file without it.")
                    .arg(done->text));
        else
            Cli::print(Cli::tr("%1 is open until the node ends.").arg(done->text));
        cli.finish(ExitSuccess);
    });
}

// At a terminal, where nobody sees what is typed, twice: what was mistyped could never be typed again.
void choosePassphrase(Cli &cli)
{
    readKey(cli, Cli::tr("New passphrase of the encrypted file"), [&cli](const QString &passphrase) {
        if (isatty(STDIN_FILENO) == 0) {
            sendPassphrase(cli, passphrase, true);
            return;
        }
        readKey(cli, Cli::tr("The same again"), [&cli, passphrase](const QString &again) {
            if (again == passphrase)
                sendPassphrase(cli, passphrase, true);
            else
                cli.fail(Error{
                    .code = ErrorCode::InvalidArgument, .detail = {}, .where = u"passphrase_differs"_s});
        });
    });
}

void startUnlock(Cli &cli)
{
    cli.node().query(api::GetKeyStore{}, &cli, [&cli](const Result<api::KeyStoreInfo> &store) {
        if (!store)
            cli.fail(store.error());
        else if (store->fileState == "none"_L1 && !store->fileIsUsed)
            cli.fail(
                Error{.code = ErrorCode::Conflict, .detail = store->store, .where = u"key_file_unused"_s});
        else if (store->fileState == "none"_L1)
            choosePassphrase(cli);
        else
            readKey(cli, Cli::tr("Passphrase of the encrypted file"),
                    [&cli](const QString &passphrase) { sendPassphrase(cli, passphrase, false); });
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
            change(cli, api::SetSecret{.name = name, .value = value}, true);
        });
    else if (options.action == Action::Remove)
        change(cli, api::RemoveSecret{.name = options.name}, false);
    else if (options.action == Action::Unlock)
        startUnlock(cli);
    else
        listSecrets(cli);
}

} // namespace muster::app
