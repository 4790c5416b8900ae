#include "app/cli/run_follower.h"

#include "app/cli/json_output.h"
#include "app/cli/run_report.h"
#include "core/node/api/value_fields.h"
#include "core/viewmodel/describe.h"
#include "core/viewmodel/describe_event.h"
#include "core/viewmodel/describe_rerun.h"
#include "core/viewmodel/describe_run.h"

#include <unistd.h>

namespace muster::app {

using namespace Qt::StringLiterals;

RunFollower::RunFollower(Cli &cli)
    : QObject(&cli)
    , m_cli(cli)
    , m_atTerminal(isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1 && !cli.options().json)
{
    m_question.onAnswer = [this](const api::AnswerInbox &given) {
        answer(given);
    };
}

void RunFollower::start(const api::StartRun &start)
{
    if (quiet()) {
        submit(start);
        return;
    }
    m_cli.node().query(api::CheckFlow{.project = start.project, .flow = start.flow}, this,
                       [this, start](const Result<api::FlowCheckInfo> &check) {
        const QStringList accepted = check ? describeAccepted(*check) : QStringList();
        for (const QString &line : accepted)
            print(line);
        submit(start);
    });
}

void RunFollower::submit(const api::Command &command)
{
    m_cli.node().submit(command, this, [this](const Result<api::CommandDone> &done) {
        if (!done)
            m_cli.fail(done.error());
        else
            onStarted(*done);
    });
}

void RunFollower::onStarted(const api::CommandDone &done)
{
    m_run = done.refs.run;
    m_title = u"#%1"_s.arg(done.text);
    m_cli.onInterrupt = [this] {
        m_question.leave();
        m_cancelling = true;
        Cli::say(Cli::tr("Cancelling… (Ctrl-C again leaves at once; the run is cancelled by the node)"));
        m_cli.node().submit(api::CancelRun{.run = m_run}, this, [](const Result<api::CommandDone> &) {});
    };
    // By the flow's name, as everywhere, and not by that of its file.
    m_cli.node().query(api::GetRun{.run = m_run}, this, [this](const Result<api::RunDetail> &detail) {
        if (detail)
            m_title = u"%1 #%2"_s.arg(detail->run.flow).arg(detail->run.number);
        if (!quiet())
            print(Cli::tr("%1 started (run %2)").arg(m_title, m_run.toString()));
        follow();
    });
}

void RunFollower::follow()
{
    m_cli.node().subscribe({.filter = {.run = m_run}, .fromSeq = 0}, this, [this](const api::Notice &notice) {
        if (const auto *events = std::get_if<api::EventsNotice>(&notice)) {
            for (const Event &event : events->events)
                onEvent(event);
        } else if (const auto *told = std::get_if<api::StatusNotice>(&notice)) {
            onPause(told->status.pausedReason);
        }
    });
    followQuestions();
}

// What runs of its flow steps ask is asked here too.
void RunFollower::followQuestions()
{
    m_cli.node().subscribe({.filter = {.kinds = {u"inbox."_s}}}, this, [this](const api::Notice &notice) {
        if (std::holds_alternative<api::EventsNotice>(notice) && !m_ended)
            lookAtInbox();
    });
}

void RunFollower::onPause(const QString &reason)
{
    // Small writes may succeed in between: once, until the run goes on.
    if (!reason.isEmpty() && !m_ended && !std::exchange(m_pauseTold, true))
        Cli::say(Cli::tr("The run waits: %1").arg(describePause(reason)));
}

void RunFollower::onEvent(const Event &event)
{
    if (m_ended)
        return;
    m_pauseTold = false;
    if (m_cli.options().json)
        Cli::printJson(QJsonObject{{u"event"_s, eventJson(event)}});
    else if (!quiet())
        tell(event);
    if (event.kind == u"run.finished") {
        m_ended = true;
        finish();
    }
}

namespace {

// What a person who follows a run should not miss.
bool isWarning(const Event &event)
{
    static const QStringList kinds{u"task.fell_back"_s, u"session.near_limit"_s, u"session.output_repair"_s,
                                   u"run.near_budget"_s, u"run.budget_crossed"_s};
    return kinds.contains(event.kind) || event.data.value(u"code").toString() == u"unknown_price";
}

} // namespace

void RunFollower::tell(const Event &event)
{
    m_names.learn(event);
    showWork(m_names.named(event));
}

// What agents do, between the steps' own lines.
void RunFollower::showWork(const Event &event)
{
    const QString title = event.data.value(u"title").toString().simplified();
    if (event.kind == u"session.tool_started")
        print(u"    · %1  %2"_s.arg(m_names.of(event), title));
    else if (event.kind == u"permission.decided" && !event.data.value(u"allowed").toBool())
        print(Cli::tr("  ⊘ denied: %1").arg(title));
    else if (isWarning(event))
        print(Cli::tr("  ! %1").arg(describeEvent(event)));
    else if (event.kind == u"task.put_off")
        print(Cli::tr("  … %1").arg(describeEvent(event)));
    else
        showStep(event);
}

void RunFollower::showStep(const Event &event)
{
    if (event.kind == u"run.created" && event.data.contains(u"rerun_of")) {
        showRerun(event);
    } else if (event.kind == u"step.started") {
        print(Cli::tr("  ▸ %1 started").arg(describeEvent(event)));
    } else if (event.kind == u"step.expanded") {
        print(Cli::tr("  ▸ %1: %n item(s)", nullptr,
                      static_cast<int>(event.data.value(u"items").toArray().size()))
                  .arg(event.data.value(u"step").toString()));
    } else if (event.kind == u"step.branch" || event.kind == u"step.round" || event.kind == u"step.delayed") {
        print(u"  ▸ %1"_s.arg(describeEvent(event)));
    } else if (event.kind == u"step.settled") {
        showSettled(event);
    } else if (event.kind == u"step.retry") {
        print(Cli::tr("  ↻ %1 is tried again").arg(stepNameOf(event)));
    }
}

// What is kept, and what is done anew and why.
void RunFollower::showRerun(const Event &event)
{
    print(u"  %1"_s.arg(describeEvent(event)));
    const QJsonArray redone = event.data.value(u"redone"_s).toArray();
    for (const auto &step : redone) {
        if (const auto read = fromJsonObject<api::RedoneStep>(step.toObject()))
            print(u"  ↻ %1"_s.arg(describeRedone(*read)));
    }
}

void RunFollower::showSettled(const Event &event)
{
    const auto status =
        enumFromName<StepStatus>(event.data.value(u"status").toString()).value_or(StepStatus::Failed);
    const auto reason = enumFromName<FailureReason>(event.data.value(u"reason").toString());
    const bool left = status == StepStatus::Skipped || status == StepStatus::Excluded;
    const QChar mark = status == StepStatus::Completed ? u'✓' : left ? u'–' : u'✗';
    print(u"  %1 %2 %3"_s.arg(mark).arg(
        stepNameOf(event), describeOutcome(status, reason, event.data.value(u"detail").toString())));
}

void RunFollower::lookAtInbox()
{
    m_cli.node().query(api::ListInbox{.openOnly = true, .run = m_run}, this,
                       [this](const Result<std::vector<api::InboxInfo>> &items) {
        if (!items || m_ended || m_cancelling)
            return;
        const auto isOpen = [items](InboxId id) {
            return std::ranges::any_of(*items, [id](const api::InboxInfo &item) { return item.id == id; });
        };
        if (m_question.asking().isValid() && !isOpen(m_question.asking()))
            m_question.leave(); // answered elsewhere
        const auto next = std::ranges::find_if(
            *items, [this](const api::InboxInfo &item) { return !m_putOff.contains(item.id); });
        if (!m_question.asking().isValid() && next != items->end())
            ask(*next);
    });
}

void RunFollower::ask(const api::InboxInfo &item)
{
    if (m_atTerminal)
        m_question.ask(item);
    else if (std::exchange(m_told, item.id) != item.id)
        Cli::say(Cli::tr("Waiting for you: %1  (%2)").arg(describeTitle(item), howToAnswer(item)));
}

void RunFollower::answer(const api::AnswerInbox &answer)
{
    if (answer.answer == api::AnswerKind::Later) {
        m_putOff.insert(answer.inbox);
        Cli::print(Cli::tr("  It stays open: muster inbox show %1").arg(answer.inbox.toString()));
    }
    m_cli.node().submit(answer, this, [this](const Result<api::CommandDone> &done) {
        if (!done)
            Cli::say(describe(done.error()));
        lookAtInbox();
    });
}

void RunFollower::finish()
{
    m_cli.node().query(api::GetRun{.run = m_run}, this, [this](const Result<api::RunDetail> &detail) {
        if (!detail) {
            m_cli.fail(detail.error());
            return;
        }
        if (m_cli.options().json)
            Cli::printJson(QJsonObject{{u"run"_s, runDetailJson(*detail)}});
        else
            printResult(*detail);
        m_cli.finish(detail->run.status == RunStatus::Completed ? ExitSuccess : ExitFailed);
    });
}

void RunFollower::printResult(const api::RunDetail &detail)
{
    m_question.leave();
    print(u"%1: %2"_s.arg(m_title, describeOutcome(detail.run.status, detail.run.reason, detail.run.detail)));
    printFailures(detail);
    printOutcome(detail);
    for (const api::WorktreeInfo &worktree : detail.worktrees) {
        if (worktree.filesChanged == 0)
            continue;
        Cli::print({});
        Cli::print(Cli::tr("%n file(s) changed on branch %1 (+%2 −%3) in %4", nullptr, worktree.filesChanged)
                       .arg(worktree.branch)
                       .arg(worktree.added)
                       .arg(worktree.removed)
                       .arg(worktree.path));
        Cli::print(Cli::tr("  look: muster worktrees show %1   keep: muster worktrees merge %1   drop: "
                           "muster worktrees drop %1")
                       .arg(worktree.id.toString()));
    }
}

} // namespace muster::app
