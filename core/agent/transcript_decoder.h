// TranscriptDecoder: plays what a runtime once said to its adapter and tells the events that it means. For
// bug reports: nothing is started. A line is either what the runtime wrote to its stdout, as it was, or a
// record
// {"t": seconds, "dir": "<", "msg": …} with "<" from the runtime and ">" from us; other directions are
// skipped. What we said in a record (a prompt, a cancel, an answer) is done again; without such lines a
// prompt stands before each turn, and permissions stay open. Any thread; one object, one thread.
#pragma once

#include "core/agent/runtime_record.h"
#include "core/agent/transcript_answers.h"
#include "core/protocol/agent_protocol.h"

#include <QJsonObject>

#include <functional>
#include <memory>
#include <optional>

namespace muster {

class TranscriptDecoder final : private ProtocolSink {
public:
    // {"line", "t", "kind", "data"}: number of the line that it came from, its time where it has one; "kind"
    // as in the event log, or one of decoder.*: open_failed, withdrew, replayed, file, refused.
    using Sink = std::function<void(const QJsonObject &)>;

    // `isRecord`: of what the first line is; ask isRecord().
    TranscriptDecoder(RuntimeRecord runtime, bool isRecord, Sink sink);
    ~TranscriptDecoder() override;

    [[nodiscard]] static bool isRecord(const QByteArray &line);

    void take(const QByteArray &line); // without its newline
    void end();
    // Warnings do not count: anything can be warned about.
    [[nodiscard]] int eventCount() const { return m_events; }

private:
    void send(const QByteArray &bytes) override;
    void opened(const SessionStarted &started) override;
    void openFailed(const OpenFailure &failure) override;
    void happened(const SessionEvent &event) override;
    void withdrew(const QString &requestId) override;
    void repeated(const ReplayedItem &item) override;
    void wantsFile(const FileRequest &request) override;

    void hear(const QByteArray &line);
    void openAnyway();
    void takeRecord(const QByteArray &line);
    void say(const QJsonObject &message);
    void prompt(const QString &text);
    void answer(const QJsonObject &message);
    void tell(const QString &kind, const QJsonObject &data);

    RuntimeRecord m_runtime;
    bool m_isRecord;
    Sink m_sink;
    TranscriptAnswers m_answers;
    std::unique_ptr<AgentProtocol> m_protocol;
    std::vector<PermissionRequested> m_open;
    int m_line = 0;
    int m_events = 0;
    QJsonValue m_time;
    QStringList m_queued; // prompts that were sent while a turn ran
    bool m_ready = false;
    bool m_inTurn = false;
    bool m_ended = false;
    // Of bare lines nobody knows whether another turn follows: told when something of it comes.
    std::optional<TurnStarted> m_heldTurn;
};

} // namespace muster
