#include "core/agent/agent_session.h"

#include "core/agent/protocol_factory.h"
#include "core/agent/session_files.h"
#include "core/process/environment_filter.h"

#include <QCoreApplication>
#include <QDir>

#include <algorithm>

namespace muster {

using namespace Qt::StringLiterals;

AgentSession::AgentSession(SessionSpec spec, Launcher &launcher, const Clock &clock, QObject *parent)
    : QObject(parent)
    , m_spec(std::move(spec))
    , m_launcher(launcher)
    , m_clock(clock)
{
    if (m_spec.marker.isEmpty())
        m_spec.marker = newMarker();
    m_protocol = makeProtocol(m_spec.runtime, *this);
    m_files = std::make_unique<SessionFiles>(m_spec.workingDir, *m_protocol);
    const auto single = [this](QTimer &timer, auto slot) {
        timer.setSingleShot(true);
        connect(&timer, &QTimer::timeout, this, slot);
    };
    single(m_handshakeTimer, &AgentSession::handshakeTimedOut);
    single(m_cancelTimer, &AgentSession::cancelTimedOut);
    single(m_stdinTimer, [this] { m_process->stop(m_spec.timeouts.ladder); });
}

AgentSession::~AgentSession() = default;

void AgentSession::start()
{
    if (!enter(SessionInput::Start))
        return;
    // Some agents lose the history of a session that is loaded right after it was made.
    const qint64 age = m_clock.nowMs() - m_spec.resumeCreatedMs;
    const qint64 wait = m_spec.runtime.quirks.loadMinAgeMs - age;
    const bool tooYoung = !m_spec.resumeId.isEmpty() && m_spec.resumeCreatedMs > 0 && wait > 0;
    QTimer::singleShot(std::chrono::milliseconds(tooYoung ? wait : 0), this, [this] { launch(); });
}

OpenRequest AgentSession::openRequest() const
{
    return {.workingDir = m_spec.workingDir,
            .resumeId = m_spec.resumeId,
            .model = m_spec.model,
            .mcpServers = m_spec.runtime.abilities.takesMcp ? m_spec.mcpServers : std::vector<McpEntry>(),
            .privateFolder = tmpFolder()};
}

QString AgentSession::tmpFolder() const
{
    return m_spec.tmpRoot.isEmpty() ? QString() : QDir(m_spec.tmpRoot).filePath(m_spec.marker);
}

LaunchSpec AgentSession::launchSpec() const
{
    QStringList argv = m_spec.runtime.argv;
    argv.replaceInStrings(u"{bin}"_s, QCoreApplication::applicationDirPath());
    LaunchSpec spec;
    spec.program = argv.takeFirst();
    const OpenRequest request = openRequest();
    spec.args = argv + m_protocol->arguments(request);
    for (const PrivateFile &file : m_protocol->files(request))
        spec.files.emplaceBack(file.name, file.content);
    spec.workingDir = m_spec.workingDir;
    spec.env = filterEnvironment(m_spec.environment, m_spec.runtime.passEnv);
    QStringList own = m_spec.runtime.env;
    if (m_spec.stateDir.isEmpty())
        own.removeIf([](const QString &assignment) { return assignment.contains(u"{state}"); });
    own.replaceInStrings(u"{state}"_s, m_spec.stateDir);
    const QStringList assignments = own + m_spec.secrets;
    for (const QString &assignment : assignments)
        setEnvironmentValue(spec.env, assignment.section(u'=', 0, 0), assignment.section(u'=', 1));
    spec.marker = m_spec.marker;
    spec.tmpDir = tmpFolder();
    spec.lifeline = m_spec.lifeline;
    return spec;
}

void AgentSession::launch()
{
    if (m_state != SessionState::Starting)
        return;
    m_process = m_launcher.launch(launchSpec(), this);
    m_process->setMemoryMark(m_memoryMark);
    PipeProcess *pipes = m_process->pipes();
    connect(pipes, &PipeProcess::started, this, [this] {
        if (m_state == SessionState::Starting)
            m_protocol->open(openRequest());
    });
    connect(pipes, &PipeProcess::failedToStart, this, &AgentSession::failedToStart);
    connect(pipes, &PipeProcess::stdoutBytes, this, &AgentSession::takeOutput);
    connect(pipes, &PipeProcess::stderrBytes, this,
            [this](const QByteArray &bytes) { m_stderr.append(bytes); });
    connect(pipes, &PipeProcess::exited, this, &AgentSession::processExited);
    connect(m_process, &LaunchedProcess::gone, this, &AgentSession::treeGone);
    m_handshakeTimer.start(std::chrono::milliseconds(m_spec.runtime.handshakeTimeoutMs));
}

bool AgentSession::enter(SessionInput input)
{
    const auto next = nextState(m_state, input);
    if (!next)
        return false;
    m_state = *next;
    emit stateChanged(m_state);
    return true;
}

bool AgentSession::isBusy() const { return isInTurn(m_state) || !m_queue.isEmpty(); }

SessionHealth AgentSession::health() const
{
    SessionHealth health = m_health;
    health.state = m_state;
    health.pid = m_process ? m_process->pipes()->pid() : 0;
    health.memoryBytes = m_process ? m_process->memoryBytes() : 0;
    health.openRequests = static_cast<int>(m_openPermissions.size() + m_openQuestions.size());
    health.queuedPrompts = static_cast<int>(m_queue.size());
    return health;
}

Containment AgentSession::containment() const
{
    return m_process ? m_process->containment() : Containment::Ancestry;
}

void AgentSession::takeOutput(const QByteArray &bytes)
{
    m_health.outputBytes += bytes.size();
    if (m_state != SessionState::Stopping && m_state != SessionState::Ended)
        m_protocol->receive(bytes);
}

void AgentSession::setOutputPaused(bool paused)
{
    m_health.outputPaused = paused;
    if (m_process)
        m_process->pipes()->setReadPaused(paused);
}

void AgentSession::setMemoryMark(qint64 bytes)
{
    if (m_process)
        m_process->setMemoryMark(bytes);
    m_memoryMark = bytes;
}

void AgentSession::send(const QByteArray &bytes)
{
    // A pipe that is full or closed shows in the process's end, or in the timer of what was asked.
    if (m_process && m_state != SessionState::Ended)
        (void)m_process->pipes()->write(bytes);
}

void AgentSession::opened(const SessionStarted &started)
{
    m_handshakeTimer.stop();
    m_nativeId = started.nativeId;
    if (!enter(SessionInput::Opened))
        return;
    emitEvent(started);
    tellWarnings();
    sendNextPrompt();
}

void AgentSession::tellWarnings()
{
    for (const SessionWarning &warning : m_spec.warnings)
        emitEvent(warning);
    std::vector<McpEntry> others;
    std::ranges::copy_if(m_spec.mcpServers, std::back_inserter(others),
                         [](const McpEntry &server) { return !server.ours; });
    if (!m_spec.runtime.abilities.takesMcp && !others.empty())
        emitEvent(SessionWarning{u"mcp_not_passed"_s,
                                 namesOf(others).join(u", "_s) + u": this runtime takes no MCP servers"_s});
}

Status AgentSession::prompt(const Prompt &prompt)
{
    if (!takesPrompts(m_state) || m_closing)
        return fail(ErrorCode::Unavailable, u"the session is "_s + enumName(m_state));
    if (m_queue.size() >= maxQueuedPrompts)
        return fail(ErrorCode::TooLarge, u"too many prompts wait"_s);
    m_queue.append(prompt);
    // From the event loop, so that the caller has its answer before the turn's first event.
    QMetaObject::invokeMethod(this, &AgentSession::sendNextPrompt, Qt::QueuedConnection);
    return {};
}

void AgentSession::sendNextPrompt()
{
    if (m_state != SessionState::Ready || m_queue.isEmpty() || m_closing || !enter(SessionInput::PromptSent))
        return;
    m_turnEnd = {};
    m_health.turnStartedMs = m_clock.monotonicMs();
    const Prompt next = m_queue.takeFirst();
    if (const Status sent = m_protocol->prompt(next); !sent)
        turnFinished({TurnOutcome::Failed, FailureReason::ProtocolError, sent.error().detail});
}

void AgentSession::steer(const Prompt &prompt, const AgentProtocol::SteerDone &done)
{
    if (m_state == SessionState::Prompting && !m_closing)
        m_protocol->steer(prompt, done);
    else
        done(fail(ErrorCode::Unavailable, u"the session is "_s + enumName(m_state)));
}

void AgentSession::happened(const SessionEvent &event)
{
    if (const auto *finished = std::get_if<TurnFinished>(&event))
        return turnFinished(*finished);
    if (const auto *request = std::get_if<PermissionRequested>(&event))
        return askPermission(*request);
    if (const auto *question = std::get_if<QuestionAsked>(&event))
        m_openQuestions.insert(question->requestId);
    if (std::holds_alternative<TurnStarted>(event))
        return emitEvent(TurnStarted{nextTurn()}); // ours counts also those that never reach the agent
    count(event);
    emitEvent(event);
}

int AgentSession::nextTurn()
{
    m_health.steps = 0;
    return ++m_health.turns;
}

void AgentSession::count(const SessionEvent &event)
{
    if (const auto *text = std::get_if<TextDelta>(&event)) {
        m_health.textBytes += text->text.size();
        if (std::exchange(m_lastMessage, text->messageId) != text->messageId)
            ++m_health.steps;
    } else if (const auto *thinking = std::get_if<ThinkingDelta>(&event)) {
        m_health.textBytes += thinking->text.size();
    } else if (const auto *output = std::get_if<ToolOutput>(&event)) {
        m_health.textBytes += output->text.size();
    }
    m_health.steps += std::holds_alternative<ToolStarted>(event) ? 1 : 0;
}

void AgentSession::emitEvent(const SessionEvent &event)
{
    m_health.lastEventMs = m_clock.monotonicMs();
    emit sessionEvent(event);
}

void AgentSession::askPermission(const PermissionRequested &request)
{
    m_openPermissions.insert(request.requestId, request.paths);
    emitEvent(request);
}

Status AgentSession::answerPermission(const QString &requestId, const PermissionAnswer &answer)
{
    const auto found = m_openPermissions.find(requestId);
    if (found == m_openPermissions.end())
        return fail(ErrorCode::NotFound, u"answered or withdrawn before"_s, requestId);
    const QStringList paths = std::move(*found);
    m_openPermissions.erase(found);
    if (m_files->isOpen(requestId)) {
        m_files->answer(requestId, answer);
        return {};
    }
    if (answer.allowed)
        m_files->allowed(paths);
    return m_protocol->answerPermission(requestId, answer);
}

Status AgentSession::answerQuestion(const QString &requestId, const QuestionAnswer &answer)
{
    if (!m_openQuestions.remove(requestId))
        return fail(ErrorCode::NotFound, u"answered or withdrawn before"_s, requestId);
    return m_protocol->answerQuestion(requestId, answer);
}

void AgentSession::withdrew(const QString &requestId)
{
    if (m_openPermissions.remove(requestId) || m_openQuestions.remove(requestId))
        emit requestWithdrawn(requestId);
}

void AgentSession::repeated(const ReplayedItem &item)
{
    m_health.lastEventMs = m_clock.monotonicMs();
    emit replayed(item);
}

void AgentSession::wantsFile(const FileRequest &request)
{
    if (const auto permission = m_files->take(request))
        askPermission(*permission);
}

void AgentSession::turnFinished(TurnFinished finished)
{
    m_cancelTimer.stop();
    m_health.turnStartedMs = 0;
    const QStringList open = m_files->turnEnded();
    for (const QString &requestId : open)
        withdrew(requestId);
    // A person's cancel may cross with the turn's own end. A turn that we ended for any other reason was not
    // done: some agents answer that like a turn that went well.
    if (m_turnEnd.reason &&
        (finished.outcome != TurnOutcome::Completed || *m_turnEnd.reason != FailureReason::Aborted)) {
        const bool limit = *m_turnEnd.reason == FailureReason::TurnLimitExceeded ||
                           *m_turnEnd.reason == FailureReason::BudgetExceeded ||
                           *m_turnEnd.reason == FailureReason::DeadlineExceeded;
        const bool aborted = *m_turnEnd.reason == FailureReason::Aborted;
        finished = {limit     ? TurnOutcome::LimitReached
                    : aborted ? TurnOutcome::Cancelled
                              : TurnOutcome::Failed,
                    m_turnEnd.reason, m_turnEnd.detail};
    }
    const bool wasCancelled = m_state == SessionState::Cancelling;
    enter(SessionInput::TurnFinished);
    emitEvent(finished);
    if (wasCancelled)
        finishQueuedPrompts();
    if (m_closing && m_state == SessionState::Ready)
        beginStopping(SessionInput::StopAsked, true);
    else
        QMetaObject::invokeMethod(this, &AgentSession::sendNextPrompt, Qt::QueuedConnection);
}

} // namespace muster
