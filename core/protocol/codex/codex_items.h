// CodexItems: the items of a thread (item/started, deltas, item/completed) to text, thinking and tools. Text
// is keyed by the item's id, under which a retry does not come again; what an item's deltas left out is taken
// from its completed form. One thread. Source: facts "agents" §4.1 and the app-server's schema, ThreadItem.
#pragma once

#include "core/protocol/tool_table.h"

#include <QJsonObject>

namespace muster {

class CodexItems {
public:
    CodexItems(ProtocolSink &sink, ToolTable &tools);

    void turnStarted();
    void started(const QJsonObject &item);
    // False: a kind of item that we do not know.
    bool completed(const QJsonObject &item);
    void textDelta(const QString &itemId, const QString &delta);
    void thinkingDelta(const QString &itemId, const QString &delta);
    // turn/diff/updated: files that no item told of.
    void diff(const QString &unified, const QString &workingDir);
    // The diff of an open fileChange, for the person who is asked about it.
    [[nodiscard]] QString diffOf(const QString &itemId) const { return m_diffs.value(itemId); }

private:
    void completeText(const QString &itemId, const QString &text);
    void fileChanged(const QString &path);

    ProtocolSink &m_sink;
    ToolTable &m_tools;
    QHash<QString, qsizetype> m_told; // of the running turn: characters by item
    QHash<QString, QString> m_diffs;
    QSet<QString> m_changed;
};

// The tool that an item stands for; nullopt for one that is no tool.
[[nodiscard]] std::optional<ToolStarted> codexTool(const QJsonObject &item);

} // namespace muster
