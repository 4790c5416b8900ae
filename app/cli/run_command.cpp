// muster run: starts a run, follows it to its end, and asks at a terminal what the run asks. The run belongs
// to the node: when this process dies, the run goes on.
#include "app/cli/cli.h"
#include "app/cli/json_output.h"
#include "app/cli/run_report.h"
#include "core/viewmodel/describe.h"
#include "core/viewmodel/visible_text.h"

#include <QDir>
#include <QFileInfo>
#include <QHash>
#include <QSet>
#include <QSocketNotifier>

#include <termios.h>
#include <unistd.h>

#include <array>
#include <cstdio>

namespace muster::app {

using namespace Qt::StringLiterals;

namespace {

// Follows one run. Deletes itself with the Cli.
class RunFollower final : public QObject {
public:
    RunFollower(Cli &cli, const RunOptions &options)
        : QObject(&cli)
        , m_cli(cli)
        , m_options(options)
        , m_atTerminal(isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1 && !cli.options().json)
    {
    }

    void start()
    {
        const QString folder = m_cli.project();
        const api::OpenProject open{.path = m_options.demo ? QString() : folder, .demo = m_options.demo};
        m_cli.node().submit(open, this, [this](const Result<api::CommandDone> &project) {
            if (!project)
                m_cli.fail(project.error());
            else
                startRun(project->text);
        });
    }

private:
    void startRun(const QString &project);
    void onStarted(const api::CommandDone &done);
    void follow();
    void onEvent(const Event &event);
    void onPause(const QString &reason);
    void showStep(const Event &event);
    void showWork(const Event &event);
    void showSettled(const Event &event);
    void lookAtInbox();
    void ask(const api::InboxInfo &item);
    void prompt();
    void onInput();
    void answer(api::AnswerKind kind);
    void print(const QString &line);
    void finish();
    void printResult(const api::RunDetail &detail);

    [[nodiscard]] bool quiet() const { return m_cli.options().quiet || m_cli.options().json; }

    Cli &m_cli;
    RunOptions m_options;
    bool m_atTerminal;
    RunId m_run;
    QString m_title;
    QHash<StepRunId, QString> m_stepNames;
    InboxId m_asking;
    QSet<InboxId> m_putOff;
    bool m_promptOpen = false; // the cursor stands behind it
    QSocketNotifier *m_input = nullptr;
    bool m_cancelling = false;
    bool m_pauseTold = false;
    bool m_ended = false;
};

void RunFollower::startRun(const QString &project)
{
    const QFileInfo file(m_options.flow);
    const bool isFile = m_options.flow.endsWith(u".yaml") && file.exists();
    const api::StartRun start{.project = project,
                              .flow = isFile ? file.absoluteFilePath() : m_options.flow,
                              .inputs = m_options.inputs,
                              .runtime = m_options.runtime,
                              .unattended = m_options.yes || !m_atTerminal,
                              .approve = m_options.yes,
                              .trust = m_options.trust};
    m_cli.node().submit(start, this, [this](const Result<api::CommandDone> &done) {
        if (!done)
            m_cli.fail(done.error());
        else
            onStarted(*done);
    });
}

void RunFollower::onStarted(const api::CommandDone &done)
{
    m_run = done.refs.run;
    m_title = u"%1 #%2"_s.arg(QFileInfo(m_options.flow).fileName().section(u'.', 0, 0), done.text);
    m_cli.onInterrupt = [this] {
        m_asking = {}; // nothing is asked any more
        m_cancelling = true;
        if (std::exchange(m_promptOpen, false))
            Cli::print({});
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
        showWork(event);
    if (event.kind.startsWith(u"inbox."))
        lookAtInbox();
    if (event.kind == u"run.finished") {
        m_ended = true;
        finish();
    }
}

// A line on its own, also while a question stands open: that is asked again below it.
void RunFollower::print(const QString &line)
{
    const bool asked = std::exchange(m_promptOpen, false);
    if (asked)
        Cli::print({});
    Cli::print(line);
    if (asked && m_asking.isValid())
        prompt();
}

// What agents do, between the steps' own lines.
void RunFollower::showWork(const Event &event)
{
    const QString title = event.data.value(u"title").toString().simplified();
    if (event.kind == u"session.tool_started")
        print(u"    · %1  %2"_s.arg(m_stepNames.value(event.refs.step), title));
    else if (event.kind == u"permission.decided" && !event.data.value(u"allowed").toBool())
        print(Cli::tr("  ⊘ denied: %1").arg(title));
    else
        showStep(event);
}

void RunFollower::showStep(const Event &event)
{
    const auto key = event.data.value(u"key").toString().section(u'/', 1);
    if (event.kind == u"step.started") {
        m_stepNames.insert(event.refs.step, key);
        print(Cli::tr("  ▸ %1 started").arg(key));
    } else if (event.kind == u"step.expanded") {
        print(Cli::tr("  ▸ %1: %n item(s)", nullptr,
                      static_cast<int>(event.data.value(u"items").toArray().size()))
                  .arg(event.data.value(u"step").toString()));
    } else if (event.kind == u"step.settled") {
        showSettled(event);
    } else if (event.kind == u"step.retry") {
        print(Cli::tr("  ↻ %1 is tried again").arg(key));
    }
}

void RunFollower::showSettled(const Event &event)
{
    const auto status =
        enumFromName<StepStatus>(event.data.value(u"status").toString()).value_or(StepStatus::Failed);
    const auto reason = enumFromName<FailureReason>(event.data.value(u"reason").toString());
    const QString step = event.data.value(u"step").toString();
    const int item = event.data.value(u"item").toInt(-1);
    const QString name = item < 0 ? step : u"%1[%2]"_s.arg(step).arg(item);
    const QChar mark = status == StepStatus::Completed ? u'✓' : status == StepStatus::Skipped ? u'–' : u'✗';
    print(u"  %1 %2 %3"_s.arg(mark).arg(
        name, describeOutcome(status, reason, event.data.value(u"detail").toString())));
}

void RunFollower::lookAtInbox()
{
    m_cli.node().query(api::ListInbox{.openOnly = true, .run = m_run}, this,
                       [this](const Result<std::vector<api::InboxInfo>> &items) {
        if (!items || m_ended || m_cancelling)
            return;
        const auto still =
            std::ranges::any_of(*items, [this](const api::InboxInfo &item) { return item.id == m_asking; });
        if (m_asking.isValid() && !still) {
            m_asking = {};
            if (std::exchange(m_promptOpen, false))
                Cli::print({}); // answered elsewhere
        }
        const auto next = std::ranges::find_if(
            *items, [this](const api::InboxInfo &item) { return !m_putOff.contains(item.id); });
        if (!m_asking.isValid() && next != items->end())
            ask(*next);
    });
}

void RunFollower::ask(const api::InboxInfo &item)
{
    m_asking = item.id;
    if (!m_atTerminal) {
        Cli::say(Cli::tr("Waiting for you: %1  (muster inbox answer %2 yes|no)")
                     .arg(withVisibleMarks(item.title), item.id.toString()));
        return;
    }
    Cli::print({});
    Cli::print(u"? %1"_s.arg(withVisibleMarks(item.title)));
    for (const QString &text : {item.body, item.command, item.diff}) {
        if (!text.isEmpty())
            Cli::print(withVisibleMarks(text));
    }
    for (const QString &fact : {describeRisk(item), describePlace(item)}) {
        if (!fact.isEmpty())
            Cli::print(u"  ! "_s + fact);
    }
    tcflush(STDIN_FILENO, TCIFLUSH); // what was typed before it was asked is no answer
    prompt();
    if (!m_input) {
        m_input = new QSocketNotifier(STDIN_FILENO, QSocketNotifier::Read, this);
        connect(m_input, &QSocketNotifier::activated, this, &RunFollower::onInput);
    }
}

void RunFollower::prompt()
{
    std::fputs(qPrintable(Cli::tr("  [y]es, [n]o, [l]ater: ")), stdout);
    std::fflush(stdout);
    m_promptOpen = true;
}

void RunFollower::onInput()
{
    std::array<char, 4096> buffer{};
    const ssize_t size = read(STDIN_FILENO, buffer.data(), buffer.size());
    if (size <= 0) {
        m_input->setEnabled(false);
        return;
    }
    if (!m_asking.isValid())
        return;
    m_promptOpen = false; // the person's Enter has ended its line
    const QString text = QString::fromLocal8Bit(buffer.data(), size).trimmed().toLower();
    const auto says = [&](const QString &word) {
        return !text.isEmpty() && word.startsWith(text);
    };
    if (says(Cli::tr("yes"))) {
        answer(api::AnswerKind::Yes);
    } else if (says(Cli::tr("no"))) {
        answer(api::AnswerKind::No);
    } else if (says(Cli::tr("later"))) {
        answer(api::AnswerKind::Later);
    } else {
        Cli::print(Cli::tr("  That is none of them. Type yes, no or later."));
        prompt();
    }
}

void RunFollower::answer(api::AnswerKind kind)
{
    const InboxId id = std::exchange(m_asking, {});
    if (kind == api::AnswerKind::Later) {
        m_putOff.insert(id);
        Cli::print(Cli::tr("  It stays open: muster inbox answer %1 yes|no").arg(id.toString()));
    }
    m_cli.node().submit(api::AnswerInbox{.inbox = id, .answer = kind}, this,
                        [this](const Result<api::CommandDone> &done) {
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
    m_asking = {};
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

} // namespace

void startRunCommand(Cli &cli, const RunOptions &options) { (new RunFollower(cli, options))->start(); }

} // namespace muster::app
