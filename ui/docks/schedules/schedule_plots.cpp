#include "ui/docks/schedules/schedule_plots.h"

#include "core/viewmodel/describe.h"
#include "ui/theme/metrics.h"
#include "ui/widgets/history_plot.h"

#include <QGridLayout>

#include <cmath>
#include <ranges>

using namespace Qt::StringLiterals;

namespace muster {
namespace {

constexpr int besideUnits = 120; // of width: from there on two stand side by side

// Slots are mostly free: what was waited is told to the millisecond.
QString durationWords(double ms)
{
    const qint64 whole = std::llround(ms);
    return whole > 0 && whole < 1000 ? SchedulePlots::tr("%1 ms").arg(whole) : describeDuration(whole);
}
QString moneyWords(double microUsd) { return describeMoney(std::llround(microUsd)); }
QString countWords(double count) { return describeCount(std::llround(count)); }

bool hasFailed(const api::FiringInfo &firing)
{
    return firing.status == FiringStatus::Failed || firing.status == FiringStatus::TimedOut ||
           firing.status == FiringStatus::NotStarted;
}

} // namespace

SchedulePlots::SchedulePlots(QWidget *parent)
    : QWidget(parent)
    , m_grid(new QGridLayout(this))
    , m_wait(new HistoryPlot(tr("Wait"), PlotUnit::Milliseconds, durationWords, this))
    , m_run(new HistoryPlot(tr("Run time"), PlotUnit::Milliseconds, durationWords, this))
    , m_steps(new HistoryPlot(tr("Agent steps"), PlotUnit::Number, countWords, this))
    , m_cost(new HistoryPlot(tr("Cost"), PlotUnit::Number, moneyWords, this))
{
    m_plots = {m_wait, m_run, m_steps, m_cost};
    m_grid->setContentsMargins(metrics::units(3), metrics::normal(), metrics::units(3), metrics::normal());
    m_grid->setSpacing(metrics::normal());
    for (const HistoryPlot *plot : std::as_const(m_plots)) {
        connect(plot, &HistoryPlot::marked, this, [this](qint64 id) {
            setCurrent(FiringId{id});
            emit marked(FiringId{id});
        });
        connect(plot, &HistoryPlot::chosen, this, [this](qint64 id) { emit chosen(FiringId{id}); });
    }
    arrange();
}

void SchedulePlots::setFirings(const std::vector<api::FiringInfo> &firings, int stepLimit)
{
    std::vector<PlotPoint> wait;
    std::vector<PlotPoint> run;
    std::vector<PlotPoint> steps;
    std::vector<PlotPoint> cost;
    for (const api::FiringInfo &firing : firings | std::views::reverse) {
        PlotPoint point{.id = firing.id.value, .atMs = firing.firedAt, .failed = hasFailed(firing)};
        const auto add = [&](std::vector<PlotPoint> &to, double value) {
            point.value = value;
            to.push_back(point);
        };
        if (firing.claimedAt > 0)
            add(wait, static_cast<double>(firing.waitMs));
        if (firing.claimedAt == 0 || firing.completedAt == 0)
            continue;
        add(run, static_cast<double>(firing.runMs));
        add(steps, firing.steps);
        if (firing.costMicroUsd)
            add(cost, static_cast<double>(*firing.costMicroUsd));
    }
    m_wait->setPoints(std::move(wait));
    m_run->setPoints(std::move(run));
    m_steps->setLimit(stepLimit);
    m_steps->setPoints(std::move(steps));
    m_cost->setPoints(std::move(cost));
}

void SchedulePlots::setCurrent(FiringId firing)
{
    for (HistoryPlot *plot : std::as_const(m_plots))
        plot->setCurrent(firing.value);
}

void SchedulePlots::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    arrange();
}

void SchedulePlots::arrange()
{
    const int columns = width() >= metrics::units(besideUnits) ? 2 : 1;
    if (std::exchange(m_columns, columns) == columns)
        return;
    for (int i = 0; i < m_plots.size(); ++i)
        m_grid->addWidget(m_plots[i], i / columns, i % columns);
}

} // namespace muster
