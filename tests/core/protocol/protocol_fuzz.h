// A seeded mutator over recorded conversations: the agent's lines are damaged, dropped, repeated and mixed
// with those of others, the host's commands come at any time, and the contract has to hold. The same seed
// gives the same input. MUSTER_FUZZ_INPUTS sets how many inputs (1000000 for the long run).
#pragma once

#include "tests/core/protocol/protocol_conversation.h"

#include <random>

namespace muster::testing {

class Fuzzer {
public:
    Fuzzer(MakeProtocol make, QList<Conversation> corpus)
        : m_make(std::move(make))
        , m_corpus(std::move(corpus))
    {
        for (const Conversation &steps : std::as_const(m_corpus)) {
            for (const Step &step : steps) {
                if (step.kind == Step::Kind::Receive && step.bytes.size() < maxPoolLine)
                    m_pool.append(step.bytes);
            }
        }
    }

    static int inputs(int usual)
    {
        const int wished = qEnvironmentVariableIntValue("MUSTER_FUZZ_INPUTS");
        return wished > 0 ? wished : usual;
    }

    // The first problem with its seed, or nothing.
    [[nodiscard]] QString run(quint64 firstSeed, int count)
    {
        for (quint64 seed = firstSeed; seed < firstSeed + static_cast<quint64>(count); ++seed) {
            if (const QString problem = one(seed); !problem.isEmpty())
                return u"seed %1: "_s.arg(seed) + problem;
        }
        return {};
    }

    [[nodiscard]] QString one(quint64 seed)
    {
        m_random.seed(seed);
        ContractSink sink;
        const auto adapter = m_make(sink);
        const bool answersAtOnce = chance(4);
        sink.onAsked = [&](const QString &requestId) {
            if (!answersAtOnce)
                return;
            sink.answered(requestId);
            if (!adapter->answerPermission(requestId, {.allowed = chance(2), .message = u"no"_s}))
                (void)adapter->answerQuestion(requestId, {.given = true, .text = u"yes"_s});
        };
        const Conversation &steps = m_corpus.at(below(m_corpus.size()));
        const qsizetype severity = 1 + below(12);
        for (const Step &step : steps) {
            if (step.kind != Step::Kind::Receive)
                act(*adapter, sink, step);
            else if (step.bytes.size() < maxPoolLine || sink.count(u"opened"_s) == 0)
                receive(*adapter, sink, step.bytes, severity);
        }
        adapter->streamEnded(FailureReason::Crashed, u"fuzz"_s);
        sink.ended();
        adapter->receive(m_pool.at(below(m_pool.size())));
        return sink.problems.value(0);
    }

private:
    static constexpr qsizetype maxPoolLine = 8192;

    [[nodiscard]] qsizetype below(qsizetype bound)
    {
        return bound < 1 ? 0 : static_cast<qsizetype>(m_random() % static_cast<quint64>(bound));
    }
    [[nodiscard]] bool chance(qsizetype oneIn) { return below(oneIn) == 0; }

    void receive(AgentProtocol &adapter, ContractSink &sink, QByteArray line, qsizetype severity)
    {
        const auto rarely = 30 / severity + 1;
        if (chance(rarely * 2))
            return;
        if (chance(rarely))
            line = m_pool.at(below(m_pool.size()));
        if (chance(rarely))
            mutate(line);
        if (chance(rarely))
            line += m_pool.at(below(m_pool.size()));
        const auto at = chance(4) ? below(line.size()) : 0;
        adapter.receive(QByteArrayView(line).first(at));
        if (chance(rarely * 4))
            command(adapter, sink);
        adapter.receive(QByteArrayView(line).sliced(at));
    }

    void command(AgentProtocol &adapter, ContractSink &sink)
    {
        static constexpr std::array kinds{Step::Kind::Prompt, Step::Kind::Cancel, Step::Kind::Allow,
                                          Step::Kind::Deny,   Step::Kind::Answer, Step::Kind::GiveFile};
        act(adapter, sink, {.kind = kinds.at(static_cast<size_t>(below(kinds.size()))), .bytes = "fuzz"});
    }

    void mutate(QByteArray &line)
    {
        static const QList<QByteArray> words{"null",
                                             "-1",
                                             "1e999",
                                             "99999999999999999999",
                                             "\"\"",
                                             "{}",
                                             "[]",
                                             "true",
                                             "\\u0000",
                                             "\\ud800",
                                             "\xff",
                                             "\n",
                                             "\"",
                                             "}",
                                             "{",
                                             QByteArray(200, '['),
                                             QByteArray("\0", 1),
                                             "0"};
        for (qsizetype i = 0; i <= below(3); ++i) {
            const auto at = below(line.size());
            const auto size = below(std::min<qsizetype>(64, line.size() - at + 1));
            switch (below(6)) {
            case 0:
                if (!line.isEmpty())
                    line[at] = static_cast<char>(m_random());
                break;
            case 1:
                line.remove(at, size);
                break;
            case 2:
                line.insert(at, line.sliced(at, size));
                break;
            case 3:
                line.insert(at, words.at(below(words.size())));
                break;
            case 4:
                replaceValue(line, at, words.at(below(words.size())));
                break;
            default:
                line.truncate(at);
            }
        }
    }

    // Keeps the JSON mostly whole: what lies between a ':' and the next ',' is another value.
    static void replaceValue(QByteArray &line, qsizetype from, const QByteArray &value)
    {
        const qsizetype colon = line.indexOf("\":", from);
        const qsizetype comma = line.indexOf(',', colon);
        if (colon >= 0 && comma > colon)
            line.replace(colon + 2, comma - colon - 2, value);
    }

    MakeProtocol m_make;
    QList<Conversation> m_corpus;
    QList<QByteArray> m_pool;
    std::mt19937_64 m_random;
};

} // namespace muster::testing
