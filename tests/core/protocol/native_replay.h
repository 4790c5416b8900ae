// Plays a recorded conversation with a real agent against its native adapter: the agent's bytes go in, what
// the client did is done through the adapter's commands. The recording's client gave its requests other ids
// than our adapter does; the agent's answers are given ours.
#pragma once

#include "core/protocol/codex/codex_adapter.h"
#include "core/protocol/pi/pi_adapter.h"
#include "tests/core/protocol/protocol_conversation.h"
#include "tests/core/protocol/recorded_lines.h"

#include <QHash>

#include <memory>

namespace muster::testing {

// One adapter, its sink, and the host's side of a recording.
class NativeReplay {
public:
    enum class Agent : std::uint8_t { Codex, Pi };

    explicit NativeReplay(Agent which)
        : agent(which)
        , adapter(make(which, sink))
    {
    }

    void play(const QList<RecordedLine> &lines, const Feed &feed)
    {
        for (const RecordedLine &line : lines) {
            if (line.direction == u"<"_s)
                feed(*adapter, withOurId(line.bytes));
            else if (line.direction == u">"_s && !line.message.isEmpty())
                act(line.message, feed);
        }
    }
    void end()
    {
        adapter->streamEnded(FailureReason::Crashed, u"end of recording"_s);
        sink.ended();
    }

    Agent agent;
    ContractSink sink;
    std::unique_ptr<AgentProtocol> adapter;

private:
    static std::unique_ptr<AgentProtocol> make(Agent which, ContractSink &to)
    {
        if (which == Agent::Codex)
            return std::make_unique<CodexAdapter>(to);
        return std::make_unique<PiAdapter>(to, PiGate::Unchecked);
    }

    void open()
    {
        m_opened = true;
        sink.opening();
        adapter->open({.workingDir = u"/lab/work"_s, .resumeId = {}, .model = {}, .mcpServers = {}});
    }
    void prompt(const QString &text) { sink.prompted(adapter->prompt({.text = text, .attachments = {}})); }
    void answer(bool allowed)
    {
        if (sink.permissions.isEmpty())
            return;
        const QString id = sink.permissions.constFirst();
        sink.answered(id);
        (void)adapter->answerPermission(id, {.allowed = allowed, .message = {}});
    }

    void act(const QJsonObject &message, const Feed &feed)
    {
        const QString what = message.value(agent == Agent::Codex ? u"method" : u"type").toString();
        const QJsonObject result = message.value(u"result").toObject();
        if (what == u"initialize"_s || what == u"get_state"_s) {
            open();
        } else if (what == u"turn/start"_s) {
            prompt(message.value(u"params").toObject().value(u"input")[0][u"text"].toString());
        } else if (what == u"prompt"_s) {
            if (!m_opened) {
                open();
                feed(*adapter, R"({"id":"m1","type":"response","command":"get_state","success":true,)"
                               R"("data":{"sessionId":"s1","messageCount":0}})"
                               "\n");
            }
            const qsizetype before = sink.sent.size();
            prompt(message.value(u"message").toString());
            if (sink.sent.size() > before)
                m_ids.insert(message.value(u"id").toString().toUtf8(),
                             sink.lastSent().value(u"id").toString().toUtf8());
        } else if (what == u"turn/interrupt"_s || what == u"abort"_s) {
            adapter->cancel();
        } else if (what == u"extension_ui_response"_s) {
            answer(message.value(u"value").toString() == u"Allow"_s);
        } else if (result.contains(u"decision")) {
            answer(result.value(u"decision").toString() == u"accept"_s);
        }
    }

    QByteArray withOurId(const QByteArray &bytes) const
    {
        for (const auto &[theirs, ours] : m_ids.asKeyValueRange()) {
            const QByteArray start = "{\"id\":\"" + theirs + '"';
            if (bytes.startsWith(start))
                return "{\"id\":\"" + ours + '"' + bytes.sliced(start.size());
        }
        return agent == Agent::Pi && bytes.startsWith("{\"id\":\"c1\"") ? "{\"id\":\"m1\"" + bytes.sliced(10)
                                                                        : bytes;
    }

    bool m_opened = false;
    QHash<QByteArray, QByteArray> m_ids; // of prompts, theirs → ours
};

inline NativeReplay::Agent agentNamed(const QString &name)
{
    return name == u"codex"_s ? NativeReplay::Agent::Codex : NativeReplay::Agent::Pi;
}

inline QString nativeFixtures() { return QStringLiteral(MUSTER_SOURCE_DIR "/tests/fixtures/transcripts/"); }

} // namespace muster::testing
