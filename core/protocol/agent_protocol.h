// AgentProtocol: what every runtime's adapter offers to AgentSession: commands in, bytes out; bytes in,
// events out. An adapter decodes and encodes; it owns no policy, no process, no clock and does no I/O.
//
// Contract, which AgentSession relies on:
//   open() is answered by exactly one opened() or openFailed();
//   every prompt() gets exactly one TurnFinished, before which its open tools get their ToolFinished and its
//   open permissions and questions withdrew(); nothing of this depends on the agent keeping its protocol, as
//   long as streamEnded() is called when its stream ends;
//   a sink's functions are called from within receive() or a command; a sink may call any command, but may
//   not destroy the adapter. One thread.
#pragma once

#include "core/base/result.h"
#include "core/events/session_event.h"
#include "core/protocol/mcp/mcp_entry.h"

#include <QByteArray>
#include <QByteArrayView>
#include <QJsonArray>
#include <QString>
#include <QStringList>

#include <functional>
#include <optional>
#include <vector>

namespace muster {

struct OpenRequest {
    QString workingDir; // absolute
    QString resumeId;   // the runtime's own id of the session to go on with; empty: a new one
    QString model;      // empty: the runtime's default
    std::vector<McpEntry> mcpServers;
    QString privateFolder; // where its files() lie; empty: none can be given
};

// What an agent reads at its start and nobody else may see.
struct PrivateFile {
    QString name;
    QByteArray content;
};

struct OpenFailure {
    FailureReason reason = FailureReason::ProtocolError;
    QString detail;
};

struct Prompt {
    QString text;
    QJsonArray attachments; // content blocks of the Agent Client Protocol
};

// What the person or a rule said. How it is put to the agent is the adapter's business: it never grants more
// than this one request, because rules that last are ours to keep.
struct PermissionAnswer {
    bool allowed = false;
    QString message; // for the agent, with a denial; shown to it where its protocol has a place for it
};

struct QuestionAnswer {
    bool given = false; // false: declined; the turn goes on
    // The answer, where several choices may be taken one a line; of a declined one why, where the agent can
    // be told.
    QString text;
};

struct FileRequest {
    QString requestId;
    QString path;
    std::optional<QString> content; // set: to be written; else to be read
    int firstLine = 1;              // of a read
    int maxLines = 0;               // 0: all
};

// One piece of the history that a resumed runtime repeats: the person's text or an event.
struct ReplayedItem {
    QString personText;
    std::optional<SessionEvent> event;
};

class ProtocolSink {
public:
    ProtocolSink() = default;
    ProtocolSink(const ProtocolSink &) = delete;
    ProtocolSink &operator=(const ProtocolSink &) = delete;
    virtual ~ProtocolSink() = default;

    virtual void send(const QByteArray &bytes) = 0;
    virtual void opened(const SessionStarted &started) = 0;
    virtual void openFailed(const OpenFailure &failure) = 0;
    virtual void happened(const SessionEvent &event) = 0;
    virtual void withdrew(const QString &requestId) = 0;
    virtual void repeated(const ReplayedItem &item) = 0;
    virtual void wantsFile(const FileRequest &request) = 0;
};

class AgentProtocol {
public:
    AgentProtocol() = default;
    AgentProtocol(const AgentProtocol &) = delete;
    AgentProtocol &operator=(const AgentProtocol &) = delete;
    virtual ~AgentProtocol() = default;

    // What this protocol wants to have on the agent's command line, after what the catalog says. Asked once,
    // before the process is started; the same request is then given to open().
    [[nodiscard]] virtual QStringList arguments(const OpenRequest &request) const
    {
        Q_UNUSED(request)
        return {};
    }

    // The files that arguments() names, to be in the private folder when the process starts.
    [[nodiscard]] virtual std::vector<PrivateFile> files(const OpenRequest &request) const
    {
        Q_UNUSED(request)
        return {};
    }

    virtual void open(const OpenRequest &request) = 0;
    // Not while a turn runs: Error{Conflict}.
    virtual Status prompt(const Prompt &prompt) = 0;
    // Adds to the running turn. `done` once: the agent has taken it, or why it did not; then it has not heard
    // of it. Unsupported: it cannot be steered. Conflict: no turn that could be.
    using SteerDone = std::function<void(const Status &)>;
    virtual void steer(const Prompt &prompt, const SteerDone &done)
    {
        Q_UNUSED(prompt)
        done(fail(ErrorCode::Unsupported, QStringLiteral("steer")));
    }
    // Asks the agent to end the turn. Open permissions are withdrawn at once. No-op without a turn.
    virtual void cancel() = 0;
    // NotFound if it was answered or withdrawn before.
    virtual Status answerPermission(const QString &requestId, const PermissionAnswer &answer) = 0;
    // Of a wantsFile(); for an agent that never asks for files there is nothing to do.
    virtual void answerFile(const QString &requestId, const Result<QString> &content)
    {
        Q_UNUSED(requestId)
        Q_UNUSED(content)
    }
    // Of a QuestionAsked. NotFound if it was answered or withdrawn before, or no question was asked.
    virtual Status answerQuestion(const QString &requestId, const QuestionAnswer &answer)
    {
        Q_UNUSED(answer)
        return fail(ErrorCode::NotFound, QStringLiteral("no such question"), requestId);
    }

    virtual void receive(QByteArrayView bytes) = 0;
    // No more bytes will come: what is open ends with this reason.
    virtual void streamEnded(FailureReason reason, const QString &detail) = 0;
};

} // namespace muster
