// What comes out of a recorded stream of a model provider, as lines of text; and the streams.
#pragma once

#include "core/protocol/models/model_stream.h"

#include <QDir>
#include <QFile>
#include <QJsonDocument>

namespace muster::testing {

using namespace Qt::StringLiterals;

inline QString modelFixtures() { return QStringLiteral(MUSTER_SOURCE_DIR "/tests/fixtures/models/"); }

inline QByteArray modelFixture(const QString &name)
{
    QFile file(modelFixtures() + name);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

inline QString compact(const QJsonObject &json)
{
    return QString::fromUtf8(QJsonDocument(json).toJson(QJsonDocument::Compact));
}

// Text and thoughts in one piece however they came; the number of ends must be one.
class ModelReplay {
public:
    explicit ModelReplay(ModelApiKind kind)
        : m_api(makeModelApi(kind))
        , m_stream(*m_api)
    {
    }

    void feed(QByteArrayView bytes) { take(m_stream.feed(bytes)); }
    void finish() { take(m_stream.finish()); }

    [[nodiscard]] QStringList lines() const { return m_lines; }
    [[nodiscard]] QStringList problems() const { return m_problems; }
    [[nodiscard]] const ModelStream &stream() const { return m_stream; }

private:
    void take(const ModelEvents &events)
    {
        for (const ModelEvent &event : events) {
            if (m_ended)
                m_problems += u"an event after the end"_s;
            std::visit([this](const auto &what) { add(what); }, event);
        }
    }
    void join(const QString &kind, const QString &text)
    {
        if (!m_lines.isEmpty() && m_lines.last().startsWith(kind))
            m_lines.last() += text;
        else
            m_lines += kind + text;
    }
    void add(const ModelText &text) { join(u"text: "_s, text.text); }
    void add(const ModelThinking &thought) { join(u"thinks: "_s, thought.text); }
    void add(const ModelToolBegun &call)
    {
        if (call.callId.isEmpty() || m_calls.contains(call.callId))
            m_problems += u"a call without an id of its own"_s;
        m_calls += call.callId;
    }
    void add(const ModelToolInput &input)
    {
        if (!m_calls.contains(input.callId))
            m_problems += u"input of no call"_s;
    }
    void add(const ModelToolReady &ready)
    {
        if (!m_calls.contains(ready.call.callId))
            m_problems += u"no such call"_s;
        m_lines += u"call %1 %2 %3"_s.arg(ready.call.callId, ready.call.tool,
                                          ready.call.failed ? u"unreadable"_s : compact(ready.call.input));
    }
    void add(const ModelUsage &usage)
    {
        m_tokens = u"tokens %1 %2 %3"_s.arg(usage.input).arg(usage.output).arg(usage.cached);
    }
    void end()
    {
        m_ended = true;
        if (!m_tokens.isEmpty())
            m_lines += m_tokens;
    }
    void add(const ModelStopped &stopped)
    {
        end();
        m_lines += u"stop "_s + enumName(stopped.reason);
    }
    void add(const ModelFailure &failure)
    {
        end();
        m_lines += u"failure %1 %2"_s.arg(enumName(failure.problem), failure.message);
    }

    std::unique_ptr<ModelApi> m_api;
    ModelStream m_stream;
    QStringList m_lines;
    QString m_tokens; // the last that was said of them, which stands before the end
    QStringList m_calls;
    QStringList m_problems;
    bool m_ended = false;
};

} // namespace muster::testing
