// RunModel: one run as a tree: its steps in the order of the flow, the items of a foreach under their step,
// the steps of a loop or group under it where setWithin() told of them.
// Follows the run chosen in the ProjectContext, with the tool each agent uses right now. Sleeps while
// inactive. Times are UTC milliseconds. GUI thread.
#pragma once

#include "core/viewmodel/node_feed.h"
#include "core/viewmodel/refresher.h"

#include <QAbstractItemModel>
#include <QHash>

namespace muster {

class ProjectContext;

class RunModel final : public QAbstractItemModel {
    Q_OBJECT

public:
    enum Column { StepColumn, StatusColumn, TimeColumn, LaneColumn, ColumnCount };
    enum Role {
        StatusRole = Qt::UserRole + 1, // StepStatus
        KindRole,
        StartedAtRole,
        EndedAtRole,
        AttemptRole,
        ToolRole, // what the agent does right now; empty if nothing is known
        TaskRole,
        InboxRole,
        ItemCountRole,
        ItemsSettledRole,
        KeptRole,   // an earlier run did it
        StalledRole // it runs, and has given no sign for longer than it may
    };

    RunModel(NodeFeed *feed, ProjectContext *context, QObject *parent = nullptr);
    ~RunModel() override;
    Q_DISABLE_COPY_MOVE(RunModel)

    void setActive(bool active);
    // The loop or group that a step belongs to, by step.
    void setWithin(const QHash<QString, QString> &within);
    // Of the run that is shown; its id is not valid while there is none.
    [[nodiscard]] const api::RunDetail &detail() const { return m_detail; }
    [[nodiscard]] const api::RunInfo &run() const { return m_detail.run; }
    [[nodiscard]] const api::StepInfo *stepAt(const QModelIndex &index) const;
    [[nodiscard]] QModelIndex indexOf(const QString &stepId, int item) const;
    // What a person looks at first: what waits for them, what failed, what runs, what ended last.
    [[nodiscard]] QModelIndex mostInteresting() const;
    // "Reading src/ (attempt 2 of 3)", "Timed out", "2 of 3 done".
    [[nodiscard]] QString statusText(const QModelIndex &index) const;

    [[nodiscard]] QModelIndex index(int row, int column, const QModelIndex &parent = {}) const override;
    [[nodiscard]] QModelIndex parent(const QModelIndex &index) const override;
    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

signals:
    void detailChanged(); // after each answer, and when another run is shown
    void failed(const muster::Error &error);

private:
    // Below it are items or other steps, never both.
    struct Node {
        api::StepInfo step;
        std::vector<api::StepInfo> items;
        std::vector<size_t> inner; // into m_nodes
        int parent = -1;           // into m_nodes; -1: none
        int row = 0;               // below its parent
    };

    [[nodiscard]] QString runningText(const api::StepInfo &step) const;
    void onRun();
    void ask();
    void take(api::RunDetail detail);
    void update(std::vector<Node> wanted);
    void followTools();
    void followWork();
    void onTool(const Event &event);
    void rowsTouched();
    void arrange();
    [[nodiscard]] int containerOf(size_t node) const;
    [[nodiscard]] const Node *nodeAt(const QModelIndex &index) const; // nullptr: an item, or none
    [[nodiscard]] QModelIndex indexOf(const Node &node) const;
    [[nodiscard]] static std::vector<Node> treeOf(const std::vector<api::StepInfo> &steps);

    NodeFeed *m_feed;
    ProjectContext *m_context;
    Refresher m_refresher;
    api::RunDetail m_detail;
    std::vector<Node> m_nodes;    // in the order of the flow
    std::vector<size_t> m_top;    // of those, what is in nothing
    QHash<QString, int> m_byStep; // into m_nodes
    QHash<QString, QString> m_within;
    QHash<TaskId, QString> m_tools;
    int m_subscription = 0;
    bool m_active = false;
};

} // namespace muster
