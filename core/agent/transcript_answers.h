// TranscriptAnswers: fits the answers in a recording to the requests of an adapter that plays it: the
// recording's client numbered its requests in its own way, and may have done without the handshake. Internal
// to core/agent.
#pragma once

#include "core/agent/runtime_record.h"

#include <QByteArray>
#include <QHash>
#include <QJsonObject>
#include <QList>

namespace muster {

class TranscriptAnswers {
public:
    explicit TranscriptAnswers(RuntimeProtocol protocol)
        : m_protocol(protocol)
    {
    }

    void adapterSent(const QByteArray &bytes);   // one message
    void clientSent(const QJsonObject &message); // of the recording
    // What the runtime said, as the adapter is to see it.
    [[nodiscard]] QByteArray fitted(const QByteArray &line);
    // Answers to what of the handshake the recording has no answer for.
    [[nodiscard]] QList<QByteArray> missing();

private:
    struct Request {
        QJsonValue id;
        QString kind;
    };
    [[nodiscard]] static Request requestIn(const QJsonObject &message);

    RuntimeProtocol m_protocol;
    QList<Request> m_ours; // not answered yet
    QList<Request> m_theirs;
};

} // namespace muster
