// ScheduleView: the page of one schedule: how it stands, what it is, what its firings took as plots, and what
// became of each firing and of each of its times. GUI thread.
#pragma once

#include "core/node/api/schedule_values.h"

#include <QWidget>

class QAbstractItemModel;
class QLabel;
class QTabWidget;
class QTreeView;

namespace muster {

class FiringBar;
class NodeFeed;
class ScheduleFacts;
class ScheduleHeader;
class ScheduleModel;
class SchedulePlots;
class ShareSplitter;

class ScheduleView final : public QWidget {
    Q_OBJECT

public:
    explicit ScheduleView(NodeFeed *feed, QWidget *parent = nullptr);

    [[nodiscard]] ScheduleModel &model() { return *m_model; }
    [[nodiscard]] ScheduleHeader &header() { return *m_header; }
    void setActive(bool active);

signals:
    void runWanted(muster::RunId run); // that one of its firings has started
    void loaded();                     // the node has told of the schedule

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    [[nodiscard]] QWidget *makeBody();
    [[nodiscard]] QWidget *makeFirings();
    [[nodiscard]] QTreeView *makeTable(const QString &name, QAbstractItemModel *model, int stretched);
    void onDetail();
    void onTick();
    void showFiring();
    void markFiring(FiringId firing);
    void openWork();
    [[nodiscard]] const api::FiringInfo *chosenFiring() const;

    NodeFeed *m_feed;
    ScheduleModel *m_model;
    ScheduleHeader *m_header;
    ScheduleFacts *m_facts;
    SchedulePlots *m_plots;
    ShareSplitter *m_split;
    QTabWidget *m_tabs;
    QTreeView *m_firings = nullptr;
    QTreeView *m_times = nullptr;
    QLabel *m_none = nullptr;
    FiringBar *m_firing = nullptr;
};

} // namespace muster
