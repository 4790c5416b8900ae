#include "tests/e2e/agents/real_session.h"

#include "core/events/event.h"
#include "tests/e2e/muster_home.h"

#include <QDir>
#include <QJsonDocument>

namespace muster::e2e {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

RealSession::RealSession(const AgentProgram &program, RuntimeRecord runtime, const QString &url)
    : m_folder(agentCache() + u"/run-" + program.runtime)
    , m_launcher(&m_supervisor, QStringLiteral(MUSTER_BIN_DIR "/muster-guard"))
{
    writeFile(workspace() + u"/README.md", "# A workspace\n");
    (void)MusterHome::git(workspace(), {u"init"_s, u"-q"_s});
    m_spec.runtime = std::move(runtime);
    m_spec.environment = prepareHome(program, m_folder.path() + u"/home", url);
    if (!program.key.isEmpty())
        m_spec.secrets = {program.key};
    m_spec.model = program.model;
    m_spec.workingDir = workspace();
    m_spec.tmpRoot = m_folder.path() + u"/tmp";
    m_spec.stateDir = m_folder.path() + u"/state";
    m_spec.marker = newMarker();
    m_silence.setSingleShot(true);
    m_silence.setInterval(60s);
    QObject::connect(&m_silence, &QTimer::timeout, &m_silence, [this] {
        if (m_session)
            m_session->stop(FailureReason::Stalled, u"no word for %1 s"_s.arg(m_silence.interval() / 1000));
    });
}

RealSession::~RealSession() = default;

void RealSession::begin(const QString &prompt, bool resume)
{
    if (resume) {
        m_spec.resumeId = m_session->nativeId();
        m_spec.resumeCreatedMs = m_createdMs;
        m_spec.marker = newMarker();
    }
    m_finished.reset();
    m_end.reset();
    m_usage.reset();
    m_limited.reset();
    m_started.reset();
    m_text.clear();
    m_asked = 0;
    m_createdMs = m_clock.nowMs();
    m_session = std::make_unique<AgentSession>(m_spec, m_launcher, m_clock);
    QObject::connect(m_session.get(), &AgentSession::sessionEvent, m_session.get(),
                     [this](const SessionEvent &event) { take(event); });
    m_session->start();
    if (const Status sent = m_session->prompt({.text = prompt, .attachments = {}}); !sent)
        m_story += u"prompt refused: "_s + sent.error().detail;
}

void RealSession::take(const SessionEvent &event)
{
    note(event);
    if (m_silence.isActive() || std::holds_alternative<TurnStarted>(event))
        m_silence.start();
    if (const auto *text = std::get_if<TextDelta>(&event))
        m_text += text->text;
    if (const auto *request = std::get_if<PermissionRequested>(&event))
        answer(*request);
    if (const auto *usage = std::get_if<Usage>(&event))
        m_usage = *usage;
    if (const auto *limited = std::get_if<RateLimited>(&event))
        m_limited = *limited;
    if (const auto *started = std::get_if<SessionStarted>(&event))
        m_started = *started;
    if (const auto *finished = std::get_if<TurnFinished>(&event)) {
        m_finished = *finished;
        m_silence.stop();
    }
    if (const auto *ended = std::get_if<SessionEnded>(&event)) {
        m_end = *ended;
        m_silence.stop();
    }
}

// From the event loop, as a person's answer comes.
void RealSession::answer(const PermissionRequested &request)
{
    ++m_asked;
    QMetaObject::invokeMethod(m_session.get(), [this, id = request.requestId] {
        (void)m_session->answerPermission(id, {.allowed = m_allows, .message = u"not in this test"_s});
    }, Qt::QueuedConnection);
}

void RealSession::note(const SessionEvent &event)
{
    if (m_story.size() < 400)
        m_story += u"%1 %2"_s.arg(
            kindOf(event),
            QString::fromUtf8(QJsonDocument(toJson(event)).toJson(QJsonDocument::Compact)).left(600));
}

QStringList RealSession::processes() const { return processesBelow(m_folder.path(), {m_spec.marker}); }

} // namespace muster::e2e
