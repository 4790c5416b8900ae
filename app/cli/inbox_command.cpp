// muster inbox: what waits for the person in every project, one of them in full, and its answer.
#include "app/cli/cli.h"
#include "app/cli/json_output.h"
#include "app/cli/terminal_question.h"
#include "core/viewmodel/describe.h"
#include "core/viewmodel/visible_text.h"

#include <QDateTime>

namespace muster::app {

using namespace Qt::StringLiterals;

namespace {

QString stateOf(const api::InboxInfo &item)
{
    if (item.status != InboxStatus::Open)
        return describeAnswer(item);
    return item.later ? Cli::tr("later") : Cli::tr("open");
}

// What it is, and what must be known before it is answered.
QString whatOf(const api::InboxInfo &item)
{
    QStringList warnings{describeRisk(item)};
    if (item.place == WorkPlace::Project)
        warnings += describePlace(item);
    warnings.removeAll(QString());
    const QString title = describeTitle(item);
    return warnings.isEmpty() ? title : u"%1 (! %2)"_s.arg(title, warnings.join(u"; "_s));
}

void printItems(const std::vector<api::InboxInfo> &items)
{
    if (items.empty()) {
        Cli::print(Cli::tr("Nothing waits for you."));
        return;
    }
    QList<QStringList> rows;
    for (const api::InboxInfo &item : items)
        rows +=
            {item.id.toString(), describe(item.kind), stateOf(item), item.project, item.who, whatOf(item)};
    Cli::printTable({Cli::tr("ID"), Cli::tr("KIND"), Cli::tr("ANSWER"), Cli::tr("PROJECT"), Cli::tr("WHO"),
                     Cli::tr("WHAT")},
                    rows);
}

void printField(const QString &name, const QString &value)
{
    if (!value.isEmpty())
        Cli::print(u"%1 %2"_s.arg(name.leftJustified(9), value));
}

void printState(const api::InboxInfo &item)
{
    const qint64 now = QDateTime::currentMSecsSinceEpoch();
    printField(Cli::tr("Asked"), describeAge(item.createdAt, now));
    if (item.status == InboxStatus::Open) {
        printField(Cli::tr("Until"), describeTime(item.expiresAt));
        Cli::print({});
        Cli::print(Cli::tr("Answer: %1").arg(howToAnswer(item)));
        return;
    }
    printField(Cli::tr("Answer"),
               u"%1 (%2, %3)"_s.arg(describeAnswer(item), item.answeredBy, describeTime(item.answeredAt)));
}

void printItem(const api::InboxInfo &item)
{
    Cli::print(u"%1: %2"_s.arg(describe(item.kind), describeTitle(item)));
    printField(Cli::tr("Project"), item.project);
    printField(Cli::tr("Who"), item.who);
    printField(Cli::tr("Files"), item.paths.join(u", "_s));
    printField(Cli::tr("Risk"), describeRisk(item));
    printField(Cli::tr("Where"), describePlace(item));
    for (const QString &text : {item.command, item.diff, item.body}) {
        if (text.isEmpty())
            continue;
        Cli::print({});
        Cli::print(withVisibleMarks(text));
        Cli::print({});
    }
    const QStringList choices = choiceLines(item);
    for (const QString &line : choices)
        Cli::print(line);
    printState(item);
}

// Asks for one item and hands it on; the command fails where there is none.
template <typename Then> void withItem(Cli &cli, InboxId id, Then then)
{
    cli.node().query(api::ListInbox{.item = id}, &cli,
                     [&cli, then](const Result<std::vector<api::InboxInfo>> &items) {
        if (!items)
            cli.fail(items.error());
        else
            then(items->front());
    });
}

void showItem(Cli &cli, InboxId id)
{
    withItem(cli, id, [&cli](const api::InboxInfo &item) {
        if (cli.options().json)
            Cli::printJson(inboxJson(item));
        else
            printItem(item);
        cli.finish(ExitSuccess);
    });
}

// One after the other; what cannot be answered any more is told and does not stop the rest.
void answerItems(Cli &cli, const QList<InboxId> &items, api::AnswerInbox answer, int code)
{
    if (items.isEmpty()) {
        cli.finish(code);
        return;
    }
    answer.inbox = items.front();
    cli.node().submit(answer, &cli, [&cli, items, answer, code](const Result<api::CommandDone> &done) {
        const auto goOn = [&cli, items, answer, code](int told) {
            answerItems(cli, items.sliced(1), answer, std::max(code, told));
        };
        if (!done) {
            goOn(cli.tell(done.error()));
            return;
        }
        if (cli.options().json) {
            Cli::printJson(QJsonObject{{u"id"_s, done->refs.inbox.value}, {u"answer"_s, done->text}});
            goOn(ExitSuccess);
            return;
        }
        withItem(cli, answer.inbox, [goOn](const api::InboxInfo &item) {
            const QString what = u"%1 (%2, %3)"_s.arg(describeTitle(item), item.who, item.project);
            Cli::print(item.status == InboxStatus::Open
                           ? Cli::tr("Put off; it stays open: %1").arg(what)
                           : Cli::tr("Answered %1: %2").arg(describeAnswer(item), what));
            goOn(ExitSuccess);
        });
    });
}

void listItems(Cli &cli, bool all)
{
    const QString project = cli.options().project.isEmpty() ? QString() : cli.project();
    cli.node().query(api::ListInbox{.openOnly = !all, .project = project}, &cli,
                     [&cli](const Result<std::vector<api::InboxInfo>> &items) {
        if (!items) {
            cli.fail(items.error());
            return;
        }
        if (cli.options().json)
            Cli::printJson(jsonList(*items, inboxJson));
        else
            printItems(*items);
        cli.finish(ExitSuccess);
    });
}

} // namespace

void startInboxCommand(Cli &cli, const InboxOptions &options)
{
    switch (options.action) {
    case InboxOptions::Action::List:
        listItems(cli, options.all);
        break;
    case InboxOptions::Action::Show:
        showItem(cli, options.items.front());
        break;
    case InboxOptions::Action::Answer:
        answerItems(cli, options.items, options.answer, ExitSuccess);
        break;
    }
}

} // namespace muster::app
