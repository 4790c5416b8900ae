#include "core/node/flows/eval_process.h"

#include "core/flow/eval_protocol.h"
#include "core/process/environment_filter.h"

#include <QProcessEnvironment>

#include <csignal>

namespace muster {

using namespace Qt::StringLiterals;

namespace {
constexpr int maxCrashes = 3; // deaths for others' sake before a request fails
constexpr int startWithinMs = 10'000;
constexpr int answerWithinMs = 20'000; // of one that hangs; who only needs long is ended by its own limit
} // namespace

EvalProcess::EvalProcess(QString program, QObject *parent)
    : QObject(parent)
    , m_program(std::move(program))
    , m_framer(kMaxEvalLine)
{
    m_late.setSingleShot(true);
    m_slowStart.setSingleShot(true);
    connect(&m_late, &QTimer::timeout, this, &EvalProcess::onLate);
    connect(&m_slowStart, &QTimer::timeout, this, &EvalProcess::onGone);
}

void EvalProcess::evaluate(const EvaluationRequest &request, std::function<void(Result<QJsonArray>)> done)
{
    if (request.expressions.isEmpty()) {
        done(QJsonArray());
        return;
    }
    m_jobs.push_back({.request = request, .done = std::move(done)});
    next();
}

void EvalProcess::next()
{
    if (m_busy || m_jobs.empty())
        return;
    if (!m_process)
        launch();
    if (!m_ready)
        return;
    m_busy = true;
    const Job &job = m_jobs.front();
    if (Status sent = m_process->write(evalRequestLine(++m_id, job.request)); !sent) {
        onGone();
        return;
    }
    m_late.start(answerWithinMs);
}

void EvalProcess::launch()
{
    m_framer = LineFramer(kMaxEvalLine);
    m_ready = false;
    m_process = new PipeProcess(this);
    connect(m_process, &PipeProcess::stdoutBytes, this, [this, process = m_process](const QByteArray &bytes) {
        if (process != m_process)
            return;
        m_framer.feed(bytes);
        while (auto frame = m_framer.next())
            onLine(frame->line.toByteArray());
    });
    connect(m_process, &PipeProcess::ended, this, [this, process = m_process](const ExitInfo &info) {
        if (process != m_process)
            return;
        if (info.signal == SIGPROF && m_busy)
            endCurrent(fail(ErrorCode::Timeout));
        onGone();
    });
    connect(m_process, &PipeProcess::failedToStart, this, [this](const Error &error) {
        m_process->deleteLater();
        m_process = nullptr;
        while (!m_jobs.empty())
            endCurrent(fail(ErrorCode::Unavailable, error.detail, error.where));
    });
    m_slowStart.start(startWithinMs);
    m_process->start({.program = m_program,
                      .workingDir = u"/"_s,
                      .env = filterEnvironment(QProcessEnvironment::systemEnvironment().toStringList())});
}

void EvalProcess::onLine(const QByteArray &line)
{
    const auto reply = evalReplyFromLine(line);
    if (!reply) {
        onGone();
        return;
    }
    if (reply->ready) {
        m_slowStart.stop();
        m_ready = true;
        next();
        return;
    }
    if (!m_busy || reply->id != m_id)
        return;
    m_late.stop();
    endCurrent(reply->values);
    next();
}

void EvalProcess::onLate()
{
    endCurrent(fail(ErrorCode::Timeout));
    onGone();
}

// The child is dead or no longer to be trusted; what waits is sent to the next one.
void EvalProcess::onGone()
{
    m_late.stop();
    m_slowStart.stop();
    if (m_process) {
        m_process->disconnect(this);
        m_process->deleteLater(); // kills it
        m_process = nullptr;
    }
    m_ready = false;
    const bool wasBusy = std::exchange(m_busy, false);
    if (!m_jobs.empty() && ++m_jobs.front().crashes >= maxCrashes) {
        // It died while working on this one: memory, or a defect of the engine.
        endCurrent(wasBusy ? fail(ErrorCode::TooLarge) : fail(ErrorCode::Unavailable));
    }
    next();
}

void EvalProcess::endCurrent(Result<QJsonArray> result)
{
    m_busy = false;
    const Job job = std::move(m_jobs.front());
    m_jobs.pop_front();
    job.done(std::move(result));
}

} // namespace muster
