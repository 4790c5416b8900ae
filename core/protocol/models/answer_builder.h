// AnswerBuilder: what the decoders of all wire formats share: puts a model's answer together piece by piece,
// tells each piece as an event, and sees to it that the answer ends once. Bounded: beyond the limits the
// answer ends as a ModelFailure. Pure, one thread.
#pragma once

#include "core/protocol/models/model_event.h"

#include <QHash>

namespace muster {

class AnswerBuilder {
public:
    static constexpr qsizetype maxCharacters = 8LL * 1024 * 1024; // of all text, thoughts and inputs
    static constexpr qsizetype maxCalls = 128;

    void text(const QString &delta);
    void thinking(const QString &delta);
    // A thought that is whole, as the provider wants it back.
    void thought(const QJsonObject &raw);

    // Calls are told apart by `key`, which is the wire's own (an index, an item). An empty id gets one.
    void beginCall(const QString &key, const QString &id, const QString &tool);
    void callInput(const QString &key, const QString &delta);
    // With its whole input where that comes at once; empty: what was collected.
    void endCall(const QString &key, const QString &wholeInput = {}, const QJsonObject &raw = {});
    void endCalls();
    [[nodiscard]] bool hasOpenCall(const QString &key) const { return m_open.contains(key); }

    void usage(const ModelUsage &usage);
    // A stop without calls to do is never ToolUse, and one with calls is no Done.
    void stop(ModelStop reason, const QString &detail);
    void fail(const ModelFailure &failure);

    [[nodiscard]] bool isEnded() const { return m_ended; }
    [[nodiscard]] bool hasSaid() const { return !m_message.parts.empty(); }
    [[nodiscard]] const ModelMessage &message() const { return m_message; }
    [[nodiscard]] ModelEvents take() { return std::exchange(m_events, {}); }

private:
    struct OpenCall {
        qsizetype part = 0;
        QString input;
    };

    bool grow(qsizetype characters);
    void append(ModelPartKind kind, const QString &delta);

    ModelMessage m_message{.role = ModelRole::Model, .parts = {}};
    QHash<QString, OpenCall> m_open;
    QStringList m_order;
    QStringList m_ids;
    qsizetype m_characters = 0;
    ModelUsage m_usage;
    ModelEvents m_events;
    bool m_ended = false;
};

// JSON text as an object; nothing if it is none. Empty text is an empty object.
[[nodiscard]] std::optional<QJsonObject> inputFrom(const QString &json);

} // namespace muster
