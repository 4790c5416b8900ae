// Commands that ask once and print: runs, worktrees.
#include "app/cli/cli.h"
#include "app/cli/json_output.h"
#include "app/cli/run_report.h"
#include "core/viewmodel/describe.h"
#include "core/viewmodel/describe_run.h"
#include "core/viewmodel/describe_runtime.h"
#include "core/viewmodel/describe_work.h"

#include <QDateTime>

namespace muster::app {

using namespace Qt::StringLiterals;

namespace {

QString nameOf(const api::RunInfo &run)
{
    const QString name = u"%1 #%2"_s.arg(run.flow).arg(run.number);
    return run.parent.isValid() ? u"%1 (%2)"_s.arg(name, describeParent(run)) : name;
}

void listRuns(Cli &cli, const RunsOptions &options)
{
    const api::ListRuns query{
        .project = options.allProjects || cli.options().project.isEmpty() ? QString() : cli.project(),
        .activeOnly = options.activeOnly,
        .limit = options.limit};
    cli.node().query(query, &cli, [&cli](const Result<std::vector<api::RunInfo>> &runs) {
        if (!runs) {
            cli.fail(runs.error());
            return;
        }
        if (cli.options().json) {
            Cli::printJson(jsonList(*runs, runJson));
        } else if (runs->empty()) {
            Cli::print(Cli::tr("No runs yet. Start one with: muster run hello"));
        } else {
            QList<QStringList> rows;
            for (const api::RunInfo &run : *runs)
                rows += {run.id.toString(),
                         nameOf(run),
                         describeOutcome(run.status, run.reason, {}),
                         u"%1/%2"_s.arg(run.stepsSettled).arg(run.stepsTotal),
                         Cli::took(run.startedAt, run.endedAt),
                         run.project};
            Cli::printTable({Cli::tr("ID"), Cli::tr("RUN"), Cli::tr("STATUS"), Cli::tr("STEPS"),
                             Cli::tr("TIME"), Cli::tr("PROJECT")},
                            rows);
        }
        cli.finish(ExitSuccess);
    });
}

// A foreach has none itself, nor has what never began.
QString attemptOf(const api::StepInfo &step)
{
    return step.attempt > 0 ? QString::number(step.attempt) : QString();
}

using Work = std::vector<api::WorkInfo>;

// What is at work says how it does; the rest how it stands.
QString statusOf(const api::StepInfo &step, const Work &work)
{
    const auto now =
        step.task.isValid() ? std::ranges::find(work, step.task, &api::WorkInfo::task) : work.end();
    if (now != work.end())
        return describeWork(*now, now->tool, QDateTime::currentMSecsSinceEpoch());
    return step.notBefore > 0 ? describeRest(step.notBefore)
                              : describeOutcome(step.status, step.reason, step.detail);
}

void printRun(const api::RunDetail &detail, const Work &work)
{
    const api::RunInfo &run = detail.run;
    Cli::print(u"%1 #%2 — %3"_s.arg(run.flow)
                   .arg(run.number)
                   .arg(describeOutcome(run.status, run.reason, run.detail)));
    if (run.parent.isValid())
        Cli::print(u"%1 (muster runs show %2)"_s.arg(describeParent(run), run.parent.toString()));
    QList<QStringList> rows;
    for (const api::StepInfo &step : detail.steps)
        rows +=
            {step.index < 0 ? step.stepId : u"  %1[%2] %3"_s.arg(step.stepId).arg(step.index).arg(step.label),
             statusOf(step, work), attemptOf(step), Cli::took(step.startedAt, step.endedAt)};
    Cli::printTable({Cli::tr("STEP"), Cli::tr("STATUS"), Cli::tr("ATTEMPT"), Cli::tr("TIME")}, rows);
    for (const api::StepInfo &step : detail.steps) {
        if (step.child.isValid())
            Cli::print(Cli::tr("%1 runs %2: muster runs show %3")
                           .arg(step.stepId, describeChild(step), step.child.toString()));
    }
    const QStringList fallbacks = describeFallbacks(detail.steps);
    for (const QString &line : fallbacks)
        Cli::print(u"! "_s + line);
    for (const api::WorktreeInfo &worktree : detail.worktrees)
        Cli::print(Cli::tr("Worktree %1: %2, %3")
                       .arg(worktree.id.toString(), worktree.branch, describeWorktreeState(worktree.state)));
    printFailures(detail);
    printOutcome(detail);
}

// With `work`: of this run only.
QJsonObject runShownJson(const api::RunDetail &detail, const Work &work)
{
    QJsonArray ofRun;
    for (const api::WorkInfo &one : work) {
        if (one.run == detail.run.id)
            ofRun.append(workJson(one));
    }
    QJsonObject json = runDetailJson(detail);
    json.insert(u"work"_s, ofRun);
    return json;
}

void showRun(Cli &cli, RunId id)
{
    cli.node().query(api::GetRun{.run = id}, &cli, [&cli](const Result<api::RunDetail> &detail) {
        if (!detail) {
            cli.fail(detail.error());
            return;
        }
        cli.node().query(api::ListWork{}, &cli, [&cli, detail = *detail](const Result<Work> &work) {
            if (cli.options().json)
                Cli::printJson(runShownJson(detail, work.value_or(Work())));
            else
                printRun(detail, work.value_or(Work()));
            cli.finish(ExitSuccess);
        });
    });
}

void finishCancel(Cli &cli, RunId id)
{
    if (!cli.options().json) {
        Cli::print(Cli::tr("Ended."));
        cli.finish(ExitSuccess);
        return;
    }
    cli.node().query(api::GetRun{.run = id}, &cli, [&cli](const Result<api::RunDetail> &detail) {
        if (!detail) {
            cli.fail(detail.error());
            return;
        }
        Cli::printJson(runJson(detail->run));
        cli.finish(ExitSuccess);
    });
}

// Returns when the run has settled, so that what follows in a script sees it ended.
void cancelRun(Cli &cli, RunId id)
{
    cli.node().submit(api::CancelRun{.run = id}, &cli, [&cli, id](const Result<api::CommandDone> &done) {
        if (!done) {
            cli.fail(done.error());
            return;
        }
        // From the beginning: it may have ended before this is heard.
        cli.node().subscribe({.filter = {.run = id, .kinds = {u"run.finished"_s}}, .fromSeq = 0}, &cli,
                             [&cli, id](const api::Notice &notice) {
            if (const auto *events = std::get_if<api::EventsNotice>(&notice);
                events && !events->events.empty())
                finishCancel(cli, id);
        });
    });
}

void pauseRun(Cli &cli, RunId id, bool paused)
{
    cli.node().submit(api::PauseRun{.run = id, .paused = paused}, &cli,
                      [&cli, paused](const Result<api::CommandDone> &done) {
        if (!done) {
            cli.fail(done.error());
            return;
        }
        if (!cli.options().json)
            Cli::print(paused ? Cli::tr("Nothing more of it begins; what runs goes on to its end.")
                              : Cli::tr("It goes on."));
        cli.finish(ExitSuccess);
    });
}

} // namespace

void startRunsCommand(Cli &cli, const RunsOptions &options)
{
    switch (options.action) {
    case RunsOptions::Action::List:
        listRuns(cli, options);
        break;
    case RunsOptions::Action::Show:
        showRun(cli, options.run);
        break;
    case RunsOptions::Action::Cancel:
        cancelRun(cli, options.run);
        break;
    case RunsOptions::Action::Pause:
    case RunsOptions::Action::Continue:
        pauseRun(cli, options.run, options.action == RunsOptions::Action::Pause);
        break;
    }
}

namespace {

void showWorktree(Cli &cli, WorktreeId id)
{
    cli.node().query(api::GetChanges{.worktree = id}, &cli, [&cli](const Result<api::ChangesInfo> &changes) {
        if (!changes) {
            cli.fail(changes.error());
            return;
        }
        if (cli.options().json) {
            QJsonObject json = worktreeJson(changes->worktree);
            QJsonArray files;
            for (const api::FileChange &file : changes->files)
                files.append(QJsonObject{{u"path"_s, file.path},
                                         {u"status"_s, file.status},
                                         {u"added"_s, file.added},
                                         {u"removed"_s, file.removed}});
            json.insert(u"files"_s, files);
            Cli::printJson(json);
        } else {
            Cli::print(u"%1 (%2)  %3"_s.arg(changes->worktree.branch,
                                            describeWorktreeState(changes->worktree.state),
                                            changes->worktree.path));
            for (const api::FileChange &file : changes->files)
                Cli::print(u"  %1 %2  +%3 −%4"_s.arg(describeFileStatus(file.status), file.path)
                               .arg(file.added)
                               .arg(file.removed));
        }
        cli.finish(ExitSuccess);
    });
}

void endWorktree(Cli &cli, const api::Command &command, const QString &said)
{
    cli.node().submit(command, &cli, [&cli, said](const Result<api::CommandDone> &done) {
        if (!done) {
            cli.fail(done.error());
            return;
        }
        if (cli.options().json)
            Cli::printJson(QJsonObject{{u"result"_s, done->text}});
        else
            Cli::print(said.arg(done->text));
        cli.finish(ExitSuccess);
    });
}

} // namespace

void startWorktreesCommand(Cli &cli, const WorktreesOptions &options)
{
    switch (options.action) {
    case WorktreesOptions::Action::Show:
        showWorktree(cli, options.worktree);
        return;
    case WorktreesOptions::Action::Merge:
        endWorktree(cli,
                    api::MergeWorktree{.worktree = options.worktree,
                                       .squash = !options.keepCommits,
                                       .losingNested = options.losingNested},
                    Cli::tr("Merged: %1"));
        return;
    case WorktreesOptions::Action::Drop:
        endWorktree(cli,
                    api::DropWorktree{.worktree = options.worktree, .losingNested = options.losingNested},
                    Cli::tr("Dropped; what was not merged is kept as %1"));
        return;
    case WorktreesOptions::Action::List:
        break;
    }
    cli.node().query(
        api::ListWorktrees{.project = cli.options().project.isEmpty() ? QString() : cli.project(),
                           .activeOnly = !options.all},
        &cli, [&cli](const Result<std::vector<api::WorktreeInfo>> &worktrees) {
        if (!worktrees) {
            cli.fail(worktrees.error());
            return;
        }
        if (cli.options().json) {
            Cli::printJson(jsonList(*worktrees, worktreeJson));
        } else if (worktrees->empty()) {
            Cli::print(Cli::tr("No worktrees."));
        } else {
            QList<QStringList> rows;
            for (const api::WorktreeInfo &w : *worktrees)
                rows += {w.id.toString(),
                         w.branch,
                         describeWorktreeState(w.state),
                         u"%1 (+%2 −%3)"_s.arg(w.filesChanged).arg(w.added).arg(w.removed),
                         w.projectPath,
                         w.path};
            Cli::printTable({Cli::tr("ID"), Cli::tr("BRANCH"), Cli::tr("STATE"), Cli::tr("FILES"),
                             Cli::tr("PROJECT"), Cli::tr("PATH")},
                            rows);
        }
        cli.finish(ExitSuccess);
    });
}

} // namespace muster::app
