// SchedulePlots: what the firings of a schedule took, over time: wait, run time, agent steps with their
// limit, and cost. GUI thread.
#pragma once

#include "core/node/api/schedule_values.h"

#include <QList>
#include <QWidget>

class QGridLayout;

namespace muster {

class HistoryPlot;

class SchedulePlots final : public QWidget {
    Q_OBJECT

public:
    explicit SchedulePlots(QWidget *parent = nullptr);

    // The newest first.
    void setFirings(const std::vector<api::FiringInfo> &firings, int stepLimit);
    void setCurrent(FiringId firing);

signals:
    void marked(muster::FiringId firing);
    void chosen(muster::FiringId firing);

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    void arrange();

    QGridLayout *m_grid;
    QList<HistoryPlot *> m_plots;
    HistoryPlot *m_wait;
    HistoryPlot *m_run;
    HistoryPlot *m_steps;
    HistoryPlot *m_cost;
    int m_columns = 0;
};

} // namespace muster
