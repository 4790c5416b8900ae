// FlowDocument: one flow file as it is being edited: where it is, what the node says of its text (problems,
// and the graph of the last text without any), and how it is saved. The text itself is the editor's; it is
// asked for when it is looked at. GUI thread; the node reads, checks and writes, and a worker lays the graph
// out.
#pragma once

#include "core/base/async.h"
#include "core/viewmodel/flow_graph.h"
#include "core/viewmodel/node_feed.h"

#include <QObject>
#include <QTimer>

#include <functional>

namespace muster {

class ProjectContext;

class FlowDocument final : public QObject {
    Q_OBJECT

public:
    FlowDocument(NodeFeed *feed, ProjectContext *context, std::function<QString()> text,
                 QObject *parent = nullptr);

    // A name or a path. opened() when it is there, failed() else.
    void open(const QString &flow);
    // A flow that is not there yet, in the project's folder. The editor has its text.
    void begin(const QString &name);
    // What is in the editor was made from a file of that hash: another one that is there now is a conflict.
    void setBase(const QString &hash) { m_info.hash = hash; }
    void close();
    // The text is another now: it is looked at a moment later.
    void edited();

    void save();
    void saveAs(const QString &name); // in the project's folder; refused where there is one
    // After a conflict: what is there now is written over.
    void keepMine();

    [[nodiscard]] bool isOpen() const { return !m_info.path.isEmpty(); }
    [[nodiscard]] bool isNew() const { return isOpen() && m_info.hash.isEmpty(); }
    [[nodiscard]] bool isWritable() const { return m_info.writable; }
    [[nodiscard]] const api::FlowTextInfo &info() const { return m_info; }
    [[nodiscard]] const std::vector<api::FlowProblemInfo> &problems() const { return m_problems; }
    // Of the last text without problems.
    [[nodiscard]] const FlowGraph &graph() const { return m_graph; }
    // The graph is that of the text.
    [[nodiscard]] bool isGraphCurrent() const { return m_problems.empty() && m_unchecked == 0; }

    static constexpr int checkAfterMs = 200;

signals:
    void opened(const QString &text); // a file was read: the editor takes its text
    void moved();                     // it has another path, or may be written now
    void checked();
    void graphChanged();
    void saved();
    void conflict(); // the file was changed by another program since it was read
    void failed(const muster::Error &error);

private:
    void check();
    void take(const api::FlowCheckInfo &info);
    void write(const api::WriteFlow &command, const QString &name);

    NodeFeed *m_feed;
    ProjectContext *m_context;
    std::function<QString()> m_text;
    api::FlowTextInfo m_info;
    QString m_hashOnDisk; // that the last conflict told
    std::vector<api::FlowProblemInfo> m_problems;
    FlowGraph m_graph;
    QTimer m_checkSoon;
    int m_serial = 0;    // of the file that is open
    int m_checks = 0;    // asked for so far
    int m_unchecked = 0; // changes that no answer has told of yet
};

} // namespace muster
