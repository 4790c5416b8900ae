#include "app/model_agent/tools/command_run.h"

#include <sys/prctl.h>
#include <sys/types.h>
#include <unistd.h>

#include <csignal>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace muster::model {

namespace {

constexpr qsizetype keptFirst = 16LL * 1024;
constexpr qsizetype keptLast = 48LL * 1024;
constexpr auto politeness = 1500ms;
constexpr auto tellEvery = 250ms;

} // namespace

CommandRun::CommandRun(QObject *parent)
    : QObject(parent)
{
    m_process.setProcessChannelMode(QProcess::MergedChannels);
    m_process.setStandardInputFile(QProcess::nullDevice());
    m_process.setChildProcessModifier([] {
        ::setsid();
        ::prctl(PR_SET_PDEATHSIG, SIGKILL); // the main thread lives as long as the program
    });
    for (QTimer *timer : {&m_limit, &m_kill, &m_tell})
        timer->setSingleShot(true);
    connect(&m_process, &QProcess::readyRead, this, &CommandRun::read);
    connect(&m_process, &QProcess::finished, this, &CommandRun::finish);
    connect(&m_process, &QProcess::errorOccurred, this, [this](QProcess::ProcessError error) {
        if (error == QProcess::FailedToStart)
            finish();
    });
    connect(&m_limit, &QTimer::timeout, this, [this] {
        m_result.timedOut = true;
        end();
    });
    connect(&m_kill, &QTimer::timeout, this, [this] { signalGroup(SIGKILL); });
    connect(&m_tell, &QTimer::timeout, this, [this] { emit outputGrew(kept()); });
}

CommandRun::~CommandRun()
{
    disconnect(&m_process, nullptr, this, nullptr);
    if (m_process.state() != QProcess::NotRunning)
        signalGroup(SIGKILL);
}

QFuture<Result<CommandResult>> CommandRun::start(const QString &command, const QString &folder,
                                                 std::chrono::seconds limit)
{
    m_promise.start();
    m_process.setWorkingDirectory(folder);
    m_process.start(u"/bin/sh"_s, {u"-c"_s, command});
    m_group = m_process.processId();
    m_limit.start(limit);
    return m_promise.future();
}

void CommandRun::stop()
{
    m_result.stopped = true;
    end();
}

void CommandRun::end()
{
    if (m_isDone)
        return;
    signalGroup(SIGTERM);
    m_kill.start(politeness);
}

void CommandRun::signalGroup(int signal) const
{
    if (m_group > 1)
        ::kill(static_cast<pid_t>(-m_group), signal);
}

void CommandRun::read()
{
    QByteArray more = m_process.readAll();
    const qsizetype toFirst = std::min(keptFirst - m_first.size(), more.size());
    m_first += more.first(toFirst);
    m_last += more.sliced(toFirst);
    if (m_last.size() > 2 * keptLast) {
        m_dropped += m_last.size() - keptLast;
        m_last = m_last.last(keptLast);
    }
    if (!m_tell.isActive() && !m_isDone)
        m_tell.start(tellEvery);
}

QString CommandRun::kept() const
{
    const QByteArray last = m_last.size() > keptLast ? m_last.last(keptLast) : m_last;
    const qint64 dropped = m_dropped + m_last.size() - last.size();
    QString text = QString::fromUtf8(m_first);
    if (dropped > 0)
        text += u"\n(%1 bytes left out)\n"_s.arg(dropped);
    return text + QString::fromUtf8(last);
}

void CommandRun::finish()
{
    if (std::exchange(m_isDone, true))
        return;
    m_limit.stop();
    m_kill.stop();
    m_tell.stop();
    if (m_process.error() == QProcess::FailedToStart) {
        m_promise.addResult(fail(ErrorCode::LaunchFailed, m_process.errorString()));
    } else {
        read();
        // What stayed behind in the group of a command that was ended must not stay.
        if (m_result.stopped || m_result.timedOut)
            signalGroup(SIGKILL);
        m_result.output = kept();
        m_result.exitCode = m_process.exitStatus() == QProcess::NormalExit ? m_process.exitCode() : -1;
        m_promise.addResult(m_result);
    }
    m_promise.finish();
}

} // namespace muster::model
