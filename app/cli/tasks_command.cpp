// muster tasks: units of work, the queue, and what a person does with them.
#include "app/cli/cli.h"
#include "app/cli/json_output.h"
#include "core/viewmodel/describe.h"
#include "core/viewmodel/describe_tasks.h"

#include <QDateTime>

namespace muster::app {

using namespace Qt::StringLiterals;

namespace {

QString statusOf(const api::TaskInfo &task)
{
    const QString status = describe(task.status);
    if (task.notBefore > 0)
        return u"%1 (%2)"_s.arg(status, describeRest(task.notBefore));
    return task.reason ? u"%1: %2"_s.arg(status, describeFailure(*task.reason, task.detail)) : status;
}

void printTasks(const std::vector<api::TaskInfo> &tasks)
{
    if (tasks.empty()) {
        Cli::print(Cli::tr("No tasks."));
        return;
    }
    QList<QStringList> rows;
    for (const api::TaskInfo &task : tasks)
        rows += {task.id.toString(), task.title,   statusOf(task),
                 task.kind,          task.runtime, Cli::took(task.startedAt, task.endedAt)};
    Cli::printTable({Cli::tr("ID"), Cli::tr("TASK"), Cli::tr("STATUS"), Cli::tr("KIND"), Cli::tr("RUNTIME"),
                     Cli::tr("TIME")},
                    rows);
}

void list(Cli &cli, const TasksOptions &options)
{
    const bool one = options.action == TasksOptions::Action::Show;
    cli.node().query(
        api::ListTasks{.run = options.run, .task = options.task, .activeOnly = options.activeOnly}, &cli,
        [&cli, one](const Result<std::vector<api::TaskInfo>> &tasks) {
        if (!tasks) {
            cli.fail(tasks.error());
            return;
        }
        if (!cli.options().json)
            printTasks(*tasks);
        else if (one)
            Cli::printJson(taskJson(tasks->front()));
        else
            Cli::printJson(jsonList(*tasks, taskJson));
        cli.finish(ExitSuccess);
    });
}

void printQueue(const std::vector<api::QueuedInfo> &queue)
{
    if (queue.empty()) {
        Cli::print(Cli::tr("Nothing waits."));
        return;
    }
    const qint64 now = QDateTime::currentMSecsSinceEpoch();
    QList<QStringList> rows;
    for (const api::QueuedInfo &task : queue)
        rows += {QString::number(task.position),
                 task.task.toString(),
                 task.title,
                 task.pools.join(u", "),
                 QString::number(task.priority),
                 describeHeldBack(task, now),
                 describeWaitFor(task.expectedStart, now)};
    Cli::printTable({Cli::tr("#"), Cli::tr("ID"), Cli::tr("TASK"), Cli::tr("POOLS"), Cli::tr("PRIORITY"),
                     Cli::tr("WHY IT WAITS"), Cli::tr("BEGINS IN")},
                    rows);
}

void listQueue(Cli &cli, const TasksOptions &options)
{
    const api::ListQueue query{.project = cli.options().project.isEmpty() ? QString() : cli.project(),
                               .pool = options.pool};
    cli.node().query(query, &cli, [&cli](const Result<std::vector<api::QueuedInfo>> &queue) {
        if (!queue) {
            cli.fail(queue.error());
            return;
        }
        if (cli.options().json)
            Cli::printJson(jsonList(*queue, queuedJson));
        else
            printQueue(*queue);
        cli.finish(ExitSuccess);
    });
}

void submit(Cli &cli, const api::Command &command, const QString &said)
{
    cli.node().submit(command, &cli, [&cli, said](const Result<api::CommandDone> &done) {
        if (!done) {
            cli.fail(done.error());
            return;
        }
        if (cli.options().json)
            Cli::printJson(QJsonObject{{u"task"_s, done->refs.task.value}});
        else
            Cli::print(said.contains(u"%1") ? said.arg(done->text) : said);
        cli.finish(ExitSuccess);
    });
}

} // namespace

void startTasksCommand(Cli &cli, const TasksOptions &options)
{
    using Action = TasksOptions::Action;
    switch (options.action) {
    case Action::List:
    case Action::Show:
        list(cli, options);
        break;
    case Action::Queue:
        listQueue(cli, options);
        break;
    case Action::Start: {
        api::StartTask start = options.start;
        start.project = cli.project();
        submit(cli, start, Cli::tr("Queued as task %1."));
        break;
    }
    case Action::Now:
        submit(cli, api::RunTaskNow{.task = options.task, .force = options.force},
               Cli::tr("Task %1 is the next to begin."));
        break;
    case Action::Cancel:
        submit(cli, api::CancelTask{.task = options.task}, Cli::tr("Task %1 is being ended."));
        break;
    case Action::Retry:
        submit(cli, api::RetryTask{.task = options.task}, Cli::tr("Queued again as task %1."));
        break;
    case Action::Priority:
        submit(cli, api::SetPriority{.task = options.task, .priority = options.priority},
               Cli::tr("Its priority is %1.").arg(options.priority));
        break;
    }
}

namespace {

QStringList rowOf(const api::PoolInfo &pool, qint64 now)
{
    return {pool.name,
            describePool(pool),
            pool.cap && pool.held >= *pool.cap ? describeWaitFor(pool.freesAt, now) : QString(),
            pool.shares,
            pool.deadlineMs > 0 ? describeDuration(pool.deadlineMs) : QString(),
            pool.keepsSlot ? Cli::tr("yes") : Cli::tr("no")};
}

} // namespace

void startPoolsCommand(Cli &cli, const PoolsOptions &options)
{
    if (options.action == PoolsOptions::Action::Set) {
        cli.node().submit(options.set, &cli, [&cli, removed = options.set.remove](const auto &done) {
            if (!done) {
                cli.fail(done.error());
                return;
            }
            if (!cli.options().json)
                Cli::print((removed ? Cli::tr("The pool %1 is removed.") : Cli::tr("The pool %1 is set."))
                               .arg(done->text));
            cli.finish(ExitSuccess);
        });
        return;
    }
    cli.node().query(api::ListPools{}, &cli, [&cli](const Result<std::vector<api::PoolInfo>> &pools) {
        if (!pools) {
            cli.fail(pools.error());
            return;
        }
        const qint64 now = QDateTime::currentMSecsSinceEpoch();
        QList<QStringList> rows;
        for (const api::PoolInfo &pool : *pools)
            rows += rowOf(pool, now);
        if (cli.options().json)
            Cli::printJson(jsonList(*pools, poolJson));
        else
            Cli::printTable({Cli::tr("POOL"), Cli::tr("SLOTS"), Cli::tr("FREE IN"), Cli::tr("SHARES"),
                             Cli::tr("TIME LIMIT"), Cli::tr("KEEPS SLOT")},
                            rows);
        cli.finish(ExitSuccess);
    });
}

} // namespace muster::app
