#include "app/hub_agent/hub/hub_process.h"

#include <sys/prctl.h>
#include <sys/types.h>
#include <unistd.h>

#include <csignal>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace muster::hub {

namespace {

constexpr auto politeness = 1500ms;

} // namespace

HubProcess::HubProcess(Keep keep, QObject *parent)
    : QObject(parent)
    , m_keep(keep)
{
    m_process.setStandardInputFile(QProcess::nullDevice());
    m_process.setChildProcessModifier([] {
        ::setsid();
        ::prctl(PR_SET_PDEATHSIG, SIGKILL); // the main thread lives as long as the program
    });
    m_limit.setSingleShot(true);
    m_kill.setSingleShot(true);
    connect(&m_process, &QProcess::readyReadStandardOutput, this, &HubProcess::readOut);
    connect(&m_process, &QProcess::readyReadStandardError, this, &HubProcess::readErr);
    connect(&m_process, &QProcess::finished, this, &HubProcess::finish);
    connect(&m_process, &QProcess::errorOccurred, this, [this](QProcess::ProcessError error) {
        if (error == QProcess::FailedToStart)
            finish();
    });
    connect(&m_limit, &QTimer::timeout, this, [this] {
        m_timedOut = true;
        end();
    });
    connect(&m_kill, &QTimer::timeout, this, [this] { signalGroup(SIGKILL); });
}

HubProcess::~HubProcess()
{
    disconnect(&m_process, nullptr, this, nullptr);
    if (m_process.state() != QProcess::NotRunning)
        signalGroup(SIGKILL);
}

QFuture<Result<HubOutput>> HubProcess::start(const QString &program, const QStringList &arguments,
                                             const QString &folder, std::chrono::milliseconds limit)
{
    m_promise.start();
    m_process.setWorkingDirectory(folder);
    m_process.start(program, arguments);
    m_group = m_process.processId();
    if (limit > 0ms && !m_isDone)
        m_limit.start(limit);
    return m_promise.future();
}

void HubProcess::stop()
{
    m_output.stopped = true;
    end();
}

void HubProcess::end()
{
    if (m_isDone)
        return;
    signalGroup(SIGTERM);
    m_kill.start(politeness);
}

void HubProcess::signalGroup(int signal) const
{
    if (m_group > 1)
        ::kill(static_cast<pid_t>(-m_group), signal);
}

void HubProcess::readOut()
{
    const QByteArray more = m_process.readAllStandardOutput();
    if (m_keep == Keep::Nothing) {
        if (!more.isEmpty() && !m_output.stopped)
            emit said(more);
        return;
    }
    m_output.out += more.first(std::min(more.size(), maxOut - m_output.out.size()));
    if (m_output.out.size() == maxOut && !std::exchange(m_tooLarge, true))
        end();
}

void HubProcess::readErr()
{
    m_output.err += m_process.readAllStandardError();
    if (m_output.err.size() > 2 * maxErr)
        m_output.err = m_output.err.last(maxErr);
}

void HubProcess::finish()
{
    if (std::exchange(m_isDone, true))
        return;
    m_limit.stop();
    m_kill.stop();
    if (m_process.error() == QProcess::FailedToStart) {
        m_promise.addResult(fail(ErrorCode::LaunchFailed, m_process.errorString(), m_process.program()));
    } else {
        readOut();
        readErr();
        // What stayed behind in its group must not stay.
        if (m_output.stopped || m_timedOut || m_tooLarge)
            signalGroup(SIGKILL);
        m_output.exitCode = m_process.exitStatus() == QProcess::NormalExit ? m_process.exitCode() : -1;
        if (m_timedOut)
            m_promise.addResult(fail(ErrorCode::Timeout, m_process.arguments().value(0)));
        else if (m_tooLarge)
            m_promise.addResult(fail(ErrorCode::TooLarge, m_process.arguments().value(0)));
        else
            m_promise.addResult(m_output);
    }
    m_promise.finish();
    emit over();
}

void HubProcess::endAndDelete(std::unique_ptr<HubProcess> process)
{
    HubProcess *left = process.release();
    if (left->m_process.state() == QProcess::NotRunning)
        return left->deleteLater();
    connect(left, &HubProcess::over, left, &QObject::deleteLater);
    left->stop();
}

} // namespace muster::hub
