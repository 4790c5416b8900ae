// A conversation of a host and an agent, as steps, and the ways in which every adapter has to bear it: cut
// anywhere, ended anywhere. Each check gives the first problem as text, or nothing.
#pragma once

#include "tests/core/protocol/protocol_contract.h"

#include <memory>

namespace muster::testing {

struct Step {
    enum class Kind : std::uint8_t { Open, Prompt, Cancel, Allow, Deny, Answer, GiveFile, Receive };

    Kind kind = Kind::Receive;
    QByteArray bytes =
        {}; // of the agent, one line with its '\n'; or the text of a prompt or an answer, or the id to resume
};

using Conversation = QList<Step>;
using MakeProtocol = std::function<std::unique_ptr<AgentProtocol>(ProtocolSink &)>;
using Feed = std::function<void(AgentProtocol &, const QByteArray &)>;

inline void act(AgentProtocol &adapter, ContractSink &sink, const Step &step)
{
    switch (step.kind) {
    case Step::Kind::Open:
        sink.opening();
        return adapter.open({.workingDir = u"/lab/work"_s,
                             .resumeId = QString::fromUtf8(step.bytes),
                             .model = {},
                             .mcpServers = {}});
    case Step::Kind::Prompt:
        return sink.prompted(adapter.prompt({.text = QString::fromUtf8(step.bytes), .attachments = {}}));
    case Step::Kind::Cancel:
        return adapter.cancel();
    case Step::Kind::Allow:
    case Step::Kind::Deny:
        if (!sink.permissions.isEmpty()) {
            const QString id = sink.permissions.first();
            sink.answered(id);
            (void)adapter.answerPermission(
                id, {.allowed = step.kind == Step::Kind::Allow, .message = QString::fromUtf8(step.bytes)});
        }
        return;
    case Step::Kind::Answer:
        if (!sink.questions.isEmpty()) {
            const QString id = sink.questions.first();
            sink.answered(id);
            (void)adapter.answerQuestion(id, {.given = true, .text = QString::fromUtf8(step.bytes)});
        }
        return;
    case Step::Kind::GiveFile:
        if (!sink.files.isEmpty())
            adapter.answerFile(sink.files.takeFirst().requestId, QString());
        return;
    case Step::Kind::Receive:
        return adapter.receive(step.bytes);
    }
}

inline void feedWhole(AgentProtocol &adapter, const QByteArray &bytes) { adapter.receive(bytes); }

// Plays the first `count` steps, then the agent's stream ends. What the sink has seen is in it.
inline void play(AgentProtocol &adapter, ContractSink &sink, const Conversation &steps,
                 const Feed &feed = feedWhole, qsizetype count = -1)
{
    for (const Step &step : count < 0 ? steps : steps.first(count)) {
        if (step.kind == Step::Kind::Receive)
            feed(adapter, step.bytes);
        else
            act(adapter, sink, step);
    }
    adapter.streamEnded(FailureReason::Crashed, u"end of recording"_s);
    sink.ended();
}

inline QStringList playedLines(const MakeProtocol &make, const Conversation &steps, QStringList *problems,
                               const Feed &feed = feedWhole, qsizetype count = -1)
{
    ContractSink sink;
    const auto adapter = make(sink);
    play(*adapter, sink, steps, feed, count);
    problems->append(sink.problems);
    return sink.lines;
}

inline qsizetype longestLine(const Conversation &steps)
{
    qsizetype longest = 0;
    for (const Step &step : steps)
        longest = std::max(longest, step.kind == Step::Kind::Receive ? step.bytes.size() : 0);
    return longest;
}

// Every line is cut at the same offset at once, for every offset (each `stride`-th beyond `dense`), counted
// from its start and from its end: every position of every line up to `dense` is covered.
inline QString checkCuts(const MakeProtocol &make, const Conversation &steps, qsizetype dense = 1 << 20,
                         qsizetype stride = 997)
{
    QStringList problems;
    const QStringList expected = playedLines(make, steps, &problems);
    const qsizetype longest = longestLine(steps);
    for (qsizetype cut = 1; cut < longest && problems.isEmpty(); cut += cut < dense ? 1 : stride) {
        for (const bool fromEnd : {false, true}) {
            const Feed cutOnce = [&](AgentProtocol &adapter, const QByteArray &bytes) {
                const qsizetype at = std::min(cut, bytes.size());
                const qsizetype first = fromEnd ? bytes.size() - at : at;
                adapter.receive(QByteArrayView(bytes).first(first));
                adapter.receive(QByteArrayView(bytes).sliced(first));
            };
            if (playedLines(make, steps, &problems, cutOnce) != expected)
                problems.append(u"other events when cut at %1"_s.arg(fromEnd ? -cut : cut));
            if (dense > longest)
                break; // from the start alone covers all
        }
    }
    return problems.value(0);
}

inline QString checkBytewise(const MakeProtocol &make, const Conversation &steps)
{
    QStringList problems;
    const QStringList expected = playedLines(make, steps, &problems);
    const Feed bytewise = [](AgentProtocol &adapter, const QByteArray &bytes) {
        for (const char &byte : bytes)
            adapter.receive(QByteArrayView(&byte, 1));
    };
    if (playedLines(make, steps, &problems, bytewise) != expected)
        problems.append(u"other events byte by byte"_s);
    return problems.value(0);
}

// The agent dies after each step: what was open ends, and the events before are those of the whole.
inline QString checkDeaths(const MakeProtocol &make, const Conversation &steps)
{
    QStringList problems;
    for (qsizetype count = 0; count <= steps.size() && problems.isEmpty(); ++count)
        (void)playedLines(make, steps, &problems, feedWhole, count);
    return problems.value(0);
}

// Lines that no agent should write, between all that it does write: none is fatal, none changes the rest.
inline QString checkGarbage(const MakeProtocol &make, const Conversation &steps)
{
    static const QList<QByteArray> garbage{"\n",
                                           "   \n",
                                           "Welcome!\n",
                                           "{\n",
                                           "[]\n",
                                           "null\n",
                                           "{}\n",
                                           "{\"type\":7}\n",
                                           "\xff\xfe{\"\x80\n",
                                           "{\"type\":\"assistant\"}\n",
                                           "\"text\"\n",
                                           "{\"method\":\"nobody/knows\",\"params\":[]}\n",
                                           QByteArray(300, '[') + '\n',
                                           QByteArray("\0\0\0\n", 4)};
    QStringList problems;
    const QStringList expected = playedLines(make, steps, &problems);
    for (const QByteArray &line : garbage) {
        const Feed dirty = [&](AgentProtocol &adapter, const QByteArray &bytes) {
            adapter.receive(line);
            adapter.receive(bytes);
        };
        QStringList lines = playedLines(make, steps, &problems, dirty);
        lines.removeIf([](const QString &l) { return l.startsWith(u"session.warning"_s); });
        QStringList wanted = expected;
        wanted.removeIf([](const QString &l) { return l.startsWith(u"session.warning"_s); });
        if (lines != wanted)
            problems.append(u"other events after garbage: "_s + QString::fromLatin1(line.left(40)));
    }
    return problems.value(0);
}

} // namespace muster::testing
