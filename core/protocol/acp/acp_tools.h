// AcpTools: the tool calls of one session, merged by id from tool_call, tool_call_update and the call inside
// a permission request (some agents ask before they report, some never report at all). One thread.
//
// A call is started once, when something is known of it (a status beyond pending, paths or input), because
// agents announce an empty one first; it is finished once. Paths that an Ok edit touched follow as
// FileChanged. Content "replaces": an output that only grew is given as its new part.
#pragma once

#include "core/events/session_event.h"

#include <QHash>
#include <QJsonArray>
#include <QJsonObject>
#include <QSet>
#include <QString>

#include <vector>

namespace muster {

class AcpTools {
public:
    using Events = std::vector<SessionEvent>;

    // `call` has toolCallId; Error-free: what does not fit is left out.
    [[nodiscard]] Events update(const QJsonObject &call);
    // The same, and it counts as started: a person is about to see it.
    [[nodiscard]] Events updateForPermission(const QJsonObject &call);
    void declined(const QString &toolId);
    // The turn has ended: what is open ends with it.
    [[nodiscard]] Events closeAll(TurnOutcome outcome);

    [[nodiscard]] const ToolStarted *find(const QString &toolId) const;
    // The last content of an open call that held a diff: some agents ask about it without repeating it.
    [[nodiscard]] QJsonArray diffContent(const QString &toolId) const;
    [[nodiscard]] qsizetype openCount() const { return m_open.size(); }

private:
    struct Call {
        ToolStarted info;
        QStringList diffPaths;
        QJsonArray diffContent;
        bool started = false;
        bool declined = false;
        qsizetype outputSize = 0;
        size_t outputHash = 0;
    };

    void merge(Call &call, const QJsonObject &json) const;
    void start(Call &call, Events &events) const;
    void output(Call &call, const QJsonObject &json, Events &events) const;
    void finish(const QString &toolId, ToolOutcome outcome, Events &events);
    [[nodiscard]] Events apply(const QJsonObject &json, bool startNow);

    QHash<QString, Call> m_open;
    QStringList m_order; // of first sight, so that closing is deterministic
    QSet<QString> m_finished;
};

// "read", "edit", … of the protocol; what is unknown is Other.
[[nodiscard]] ToolKind acpToolKind(const QString &kind);

} // namespace muster
