// ClaudeTools: the tool calls of one session, from tool_use to tool_result, with what the tools' names and
// inputs mean. A call is started once and finished once; a file that an Ok edit touched follows as
// FileChanged. What goes beyond the bounds (a broken or hostile agent) is left out. One thread.
#pragma once

#include "core/events/session_event.h"

#include <QHash>
#include <QSet>

#include <vector>

namespace muster {

// By the tool's name, as Claude Code and Qwen call them.
[[nodiscard]] ToolKind claudeToolKind(const QString &name);
[[nodiscard]] QStringList claudeToolPaths(const QJsonObject &input);
// Which call this is, in one line.
[[nodiscard]] QString claudeToolTitle(const QString &name, const QJsonObject &input);
// nullopt: not a tool that writes the plan.
[[nodiscard]] std::optional<PlanUpdated> claudePlan(const QString &name, const QJsonObject &input);

struct ClaudeToolResult {
    QString toolId;
    QString output;
    bool failed = false;
    bool rejected = false;  // not run, because a person or a rule said no
    bool cancelled = false; // if it failed, then because the turn is being cancelled
    QString changedPath;    // empty: the one that the input names
};

class ClaudeTools {
public:
    using Events = std::vector<SessionEvent>;

    [[nodiscard]] Events started(const QString &toolId, const QString &name, const QJsonObject &input);
    // Output of a sub-agent's call that runs.
    [[nodiscard]] Events said(const QString &toolId, const QString &text) const;
    [[nodiscard]] Events finished(const ClaudeToolResult &result);
    void declined(const QString &toolId);
    // The turn has ended: what is open ends with it.
    [[nodiscard]] Events closeAll(TurnOutcome outcome);

    [[nodiscard]] qsizetype openCount() const { return m_open.size(); }

private:
    struct Call {
        ToolStarted info;
        bool declined = false;
    };

    void finish(const QString &toolId, ToolOutcome outcome, const QString &changedPath, Events &events);

    QHash<QString, Call> m_open;
    QStringList m_order; // of first sight, so that closing is deterministic
    QSet<QString> m_finished;
};

} // namespace muster
