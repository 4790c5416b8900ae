#include "ui/docks/timeline/timeline_page.h"

#include "core/viewmodel/describe.h"
#include "core/viewmodel/event_cause.h"
#include "core/viewmodel/node_feed.h"
#include "core/viewmodel/project_context.h"
#include "core/viewmodel/timeline_model.h"
#include "ui/docks/timeline/event_details.h"
#include "ui/docks/timeline/timeline_filter.h"
#include "ui/docks/timeline/timeline_view.h"
#include "ui/theme/metrics.h"
#include "ui/theme/theme.h"
#include "ui/widgets/empty_state.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QJsonDocument>
#include <QResizeEvent>
#include <QShortcut>
#include <QSplitter>
#include <QStackedLayout>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace muster {
namespace {

constexpr int besideUnits = 380; // of width: from there on the details stand beside the list
constexpr int lowUnits = 110;    // of height
constexpr int lowBesideUnits = 150;
constexpr int causeLimit = 1000; // so far back a cause is looked for

} // namespace

TimelinePage::TimelinePage(NodeFeed *feed, ProjectContext *context, Theme *theme, QWidget *parent)
    : DockPage(parent)
    , m_feed(feed)
    , m_context(context)
    , m_model(new TimelineModel(&feed->node(), this))
    , m_filter(new TimelineFilter(this))
    , m_view(new TimelineView(m_model, this))
    , m_details(new EventDetails(this))
    , m_splitter(new QSplitter(Qt::Vertical, this))
    , m_empty(new EmptyState(u"timeline"_s, {}, {}, this))
    , m_stack(new QStackedLayout)
{
    m_splitter->addWidget(m_view);
    m_splitter->addWidget(m_details);
    m_splitter->setStretchFactor(0, 3);
    m_splitter->setStretchFactor(1, 2);
    m_splitter->setCollapsible(0, false);
    m_stack->addWidget(m_splitter);
    m_stack->addWidget(m_empty);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_filter);
    column->addLayout(m_stack, 1);

    connect(m_filter, &TimelineFilter::changed, this, &TimelinePage::applyFilter);
    connect(m_filter, &TimelineFilter::newestWanted, m_view, &TimelineView::goToNewest);
    connect(context, &ProjectContext::runChanged, this, &TimelinePage::followContext);
    connect(m_model, &TimelineModel::stateChanged, this, &TimelinePage::showState);
    connect(m_model, &QAbstractItemModel::modelReset, this, &TimelinePage::showCurrent);
    connect(m_view, &TimelineView::currentChanged, this, &TimelinePage::showCurrent);
    connect(m_view->list(), &EventList::causeWanted, this, &TimelinePage::goToCause);
    connect(m_view->list(), &EventList::copyWanted, this, &TimelinePage::copyCurrent);
    connect(m_details, &EventDetails::causeWanted, this, &TimelinePage::goToCause);
    connect(m_details, &EventDetails::copyWanted, this, &TimelinePage::copyCurrent);
    connect(m_details, &EventDetails::runWanted, this, [this] {
        if (const Event *event = current()) {
            m_filter->setThisRunOnly(true);
            m_context->setRun(event->refs.run);
            followContext();
        }
    });
    connect(theme, &Theme::changed, m_view, [this] { m_view->list()->viewport()->update(); });
    auto *find = new QShortcut(QKeySequence::Find, this, nullptr, nullptr, Qt::WidgetWithChildrenShortcut);
    connect(find, &QShortcut::activated, m_filter, &TimelineFilter::focusText);
    m_filter->setThisRunOnly(context->run().isValid());
    followContext();
}

void TimelinePage::activate()
{
    m_model->setActive(true);
    showState();
}

void TimelinePage::deactivate() { m_model->setActive(false); }

QWidget *TimelinePage::focusTarget() { return m_view; }

void TimelinePage::resizeEvent(QResizeEvent *event)
{
    DockPage::resizeEvent(event);
    const int width = event->size().width();
    m_narrow = width < metrics::units(150);
    m_filter->setNarrow(m_narrow);
    // In a low dock the list would have no rows left with the details under it.
    const int beside = event->size().height() < metrics::units(lowUnits) ? lowBesideUnits : besideUnits;
    const auto orientation = width > metrics::units(beside) ? Qt::Horizontal : Qt::Vertical;
    const int list = orientation == Qt::Horizontal ? width * 3 / 5 : width;
    m_view->setNarrow(list < metrics::units(150));
    if (m_splitter->orientation() == orientation)
        return;
    m_splitter->setOrientation(orientation);
    m_splitter->setSizes({3000, 2000});
}

void TimelinePage::followContext()
{
    const RunId run = m_context->run();
    m_filter->setRunName(run.isValid() ? m_model->subjectOf(Event{.refs = {.run = run}}) : QString());
    applyFilter();
}

void TimelinePage::applyFilter()
{
    api::EventFilter filter{.kinds = m_filter->kinds(), .text = m_filter->text()};
    if (m_filter->thisRunOnly())
        filter.run = m_context->run();
    m_model->setFilter(filter);
    showState();
}

const Event *TimelinePage::current() const
{
    const qint64 seq = m_view->currentSeq();
    const int row = seq > 0 ? m_model->rowOf(seq) : -1;
    return row >= 0 && m_model->eventAt(row).seq == seq ? &m_model->eventAt(row) : nullptr;
}

void TimelinePage::showCurrent()
{
    if (const Event *event = current())
        m_details->show(*event, m_model->subjectOf(*event));
    else
        m_details->clear();
}

void TimelinePage::showState()
{
    m_filter->setLive(m_model->isFollowing() && !m_model->hasNewer(), m_model->unseen());
    if (m_context->run().isValid())
        m_filter->setRunName(m_model->subjectOf(Event{.refs = {.run = m_context->run()}}));
    const bool empty = m_model->rowCount() == 0 && !m_model->isLoading();
    m_stack->setCurrentIndex(empty ? 1 : 0);
    if (!empty)
        return;
    if (m_model->error()) {
        m_empty->setTexts(tr("The log could not be read"), describe(*m_model->error()));
        m_empty->setAction(tr("&Try again"), [this] { m_model->showNewest(); });
    } else if (m_filter->isFiltering()) {
        m_empty->setTexts(tr("No event fits the filter"), tr("Take a word or a kind out of it."));
        m_empty->setAction(tr("&Show all events"), [this] { m_filter->reset(); });
    } else {
        m_empty->setTexts(tr("Nothing has happened yet"),
                          tr("Everything that runs, agents and Muster do is listed here as it happens."));
        m_empty->setAction({}, {}); // nothing to do but to begin
    }
}

void TimelinePage::goToCause()
{
    const Event *event = current();
    const auto rule = event ? causeRuleOf(*event) : std::nullopt;
    if (!rule) {
        m_details->say(tr("Nothing is known of what caused it."));
        return;
    }
    const api::ListEvents query{
        .filter = rule->among, .fromSeq = event->seq, .backwards = true, .limit = causeLimit};
    m_feed->node().query(query, this, [this, rule = *rule](const Result<std::vector<Event>> &page) {
        if (!page) {
            m_details->say(describe(page.error()));
            return;
        }
        const auto cause = std::ranges::find_last_if(*page, rule.isCause);
        if (cause.empty())
            m_details->say(tr("Its cause is not in the log any more."));
        else
            jumpTo(*cause.begin());
    });
}

// What the filter hides cannot be shown: then the filter goes.
void TimelinePage::jumpTo(const Event &event)
{
    const bool hidden = m_filter->isFiltering() ||
                        (m_model->filter().run.isValid() && m_model->filter().run != event.refs.run);
    if (hidden) {
        if (m_model->filter().run != event.refs.run)
            m_filter->setThisRunOnly(false);
        m_filter->reset();
    }
    m_view->select(event.seq);
}

void TimelinePage::showEvent(qint64 seq)
{
    m_filter->setThisRunOnly(false);
    m_filter->reset();
    m_view->select(seq);
}

void TimelinePage::copyCurrent()
{
    const Event *event = current();
    if (!event)
        return;
    QGuiApplication::clipboard()->setText(
        QString::fromUtf8(QJsonDocument(toJson(*event)).toJson(QJsonDocument::Indented)));
    m_details->say(tr("Copied."));
}

} // namespace muster
