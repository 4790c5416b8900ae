// An AgentSession over the fake agent, with what it says kept as lines of text.
#pragma once

#include "core/agent/agent_session.h"
#include "core/events/event.h"
#include "core/process/local_launcher.h"
#include "core/process/tree_supervisor.h"

#include <QJsonDocument>
#include <QTemporaryDir>
#include <QTest>

#include <memory>
#include <ranges>

namespace muster::testing {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

inline constexpr int patience = 30000; // for loaded machines; nothing waits for it when all is well

#define QTRY_SOON(condition) QTRY_VERIFY_WITH_TIMEOUT(condition, muster::testing::patience)

inline QString fakeAgent() { return QStringLiteral(MUSTER_BIN_DIR "/../tests/fake_acp_agent"); }

inline RuntimeRecord fakeRuntime(const QStringList &flags = {})
{
    RuntimeRecord runtime;
    runtime.id = u"fake"_s;
    runtime.argv = QStringList{fakeAgent()} + flags;
    runtime.handshakeTimeoutMs = 20000;
    return runtime;
}

class SessionHarness {
public:
    explicit SessionHarness(const QStringList &flags = {})
    {
        spec.runtime = fakeRuntime(flags);
        spec.workingDir = folder.path();
        spec.tmpRoot = temporary.path();
        spec.lifeline = false;
        spec.environment = {u"PATH=/usr/bin:/bin"_s, u"HOME=/nowhere"_s, u"NOT_FOR_AGENTS=1"_s};
        spec.timeouts = {.cancelGrace = 300ms, .stdinGrace = 300ms, .ladder = {.termGrace = 300ms}};
    }

    AgentSession *make()
    {
        session = std::make_unique<AgentSession>(spec, launcher, clock);
        QObject::connect(session.get(), &AgentSession::sessionEvent, session.get(),
                         [this](const SessionEvent &event) { take(event); });
        QObject::connect(session.get(), &AgentSession::requestWithdrawn, session.get(),
                         [this](const QString &) { lines.append(u"withdrawn"_s); });
        QObject::connect(session.get(), &AgentSession::replayed, session.get(),
                         [this](const ReplayedItem &item) {
            lines.append(u"replayed "_s +
                         (item.event ? std::get<TextDelta>(*item.event).text : item.personText));
        });
        return session.get();
    }

    AgentSession *start()
    {
        make()->start();
        return session.get();
    }

    [[nodiscard]] Status prompt(const QString &text) const
    {
        return session->prompt({.text = text, .attachments = {}});
    }

    [[nodiscard]] bool ended() const { return session->state() == SessionState::Ended; }
    [[nodiscard]] qsizetype count(const QString &start) const
    {
        return std::ranges::count_if(lines, [&](const QString &l) { return l.startsWith(start); });
    }
    [[nodiscard]] QString text() const { return texts.join(QString()); }

    template <typename T> [[nodiscard]] std::optional<T> last() const
    {
        for (const SessionEvent &event : events | std::views::reverse) {
            if (const T *found = std::get_if<T>(&event))
                return *found;
        }
        return std::nullopt;
    }

    QTemporaryDir folder;
    QTemporaryDir temporary;
    SystemClock clock;
    TreeSupervisor supervisor;
    LocalLauncher launcher{&supervisor};
    SessionSpec spec;
    std::unique_ptr<AgentSession> session;
    std::vector<SessionEvent> events;
    QStringList lines; // kinds without "session.", with what matters of some
    QStringList texts;
    QStringList requests;

private:
    void take(const SessionEvent &event)
    {
        events.push_back(event);
        QString line = kindOf(event).sliced(8);
        if (const auto *text = std::get_if<TextDelta>(&event))
            texts.append(text->text);
        if (const auto *asked = std::get_if<PermissionRequested>(&event))
            requests.append(asked->requestId);
        if (const auto *turn = std::get_if<TurnFinished>(&event))
            line +=
                u' ' + enumName(turn->outcome) + (turn->reason ? u' ' + enumName(*turn->reason) : QString());
        if (const auto *end = std::get_if<SessionEnded>(&event))
            line += end->reason ? u' ' + enumName(*end->reason) : QString();
        if (const auto *tool = std::get_if<ToolFinished>(&event))
            line += u' ' + enumName(tool->outcome);
        if (const auto *warning = std::get_if<SessionWarning>(&event))
            line += u' ' + warning->code;
        lines.append(line);
    }
};

} // namespace muster::testing
