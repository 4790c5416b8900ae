// ToolTable: the tool calls of one session by id, told to a sink: each is started once and finished once,
// whatever the agent repeats or leaves out. Paths that a successful edit touched follow as FileChanged. What
// does not fit (no id, finished before, too many open) is left out. One thread; a sink may call back.
#pragma once

#include "core/protocol/agent_protocol.h"

#include <QHash>
#include <QSet>

namespace muster {

class ToolTable {
public:
    explicit ToolTable(ProtocolSink &sink);

    void start(const ToolStarted &tool);
    // The next part of the output of an open tool.
    void output(const QString &toolId, const QString &text);
    // All of its output so far: told as its new part where it only grew.
    void wholeOutput(const QString &toolId, const QString &text);
    void finish(const QString &toolId, ToolOutcome outcome);
    // A person or a rule said no: unless it succeeds all the same it ends as Declined.
    void declined(const QString &toolId);
    // The turn has ended: what is open ends with it.
    void closeAll(TurnOutcome outcome);

    [[nodiscard]] const ToolStarted *find(const QString &toolId) const; // open ones; until the next change
    [[nodiscard]] const QStringList &openIds() const { return m_order; }

private:
    struct Call {
        ToolStarted info;
        bool declined = false;
        bool inParts = false; // its output came in parts, of which only the size is known
        qsizetype outputSize = 0;
        size_t outputHash = 0;
    };

    ProtocolSink &m_sink;
    QHash<QString, Call> m_open;
    QStringList m_order; // of their start, so that closing is deterministic
    QSet<QString> m_finished;
};

} // namespace muster
