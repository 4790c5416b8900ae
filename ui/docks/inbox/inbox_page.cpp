#include "ui/docks/inbox/inbox_page.h"

#include "core/viewmodel/describe.h"
#include "core/viewmodel/project_context.h"
#include "ui/theme/icons.h"
#include "ui/theme/metrics.h"
#include "ui/widgets/answer_panel.h"
#include "ui/widgets/batch_panel.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/list_view.h"
#include "ui/widgets/share_splitter.h"

#include <QAction>
#include <QButtonGroup>
#include <QDateTime>
#include <QHBoxLayout>
#include <QItemSelectionModel>
#include <QLineEdit>
#include <QSortFilterProxyModel>
#include <QStackedWidget>
#include <QToolButton>

using namespace Qt::StringLiterals;

namespace muster {
namespace {

constexpr int narrowUnits = 130; // of width: below it the answers stand under the list
constexpr int ageIntervalMs = 30'000;

RowLook lookOfItem(const QModelIndex &index)
{
    const auto kind = static_cast<InboxKind>(index.data(InboxModel::KindRole).toInt());
    const bool later = index.data(InboxModel::LaterRole).toBool();
    RowLook look{.sign = lookOf(kind), .title = index.data().toString()};
    look.trailing = index.data(InboxModel::AnsweringRole).toBool()
                        ? InboxPage::tr("Answering…")
                        : describeAge(index.data(InboxModel::CreatedAtRole).toLongLong(),
                                      QDateTime::currentMSecsSinceEpoch());
    const QString who = index.data(InboxModel::WhoRole).toString();
    const QString why = index.data(InboxModel::WhyRole).toString();
    look.subtitle = who.isEmpty() || why.isEmpty() ? QString(who % why) : QString(who % u" · " % why);
    const QString answer = index.data(InboxModel::AnswerRole).toString();
    if (later)
        look.sign = {u"later"_s, &ThemeColors::neutral};
    if (!answer.isEmpty())
        look.sign = {answer == "no"_L1 || answer == "withdrawn"_L1 ? u"status-cancelled"_s
                                                                   : u"status-completed"_s,
                     &ThemeColors::neutral};
    look.quiet = later || !answer.isEmpty();
    look.strong = !look.quiet;
    return look;
}

// Also what nobody answered in time waits for nobody.
RowLook lookOfDone(const QModelIndex &index)
{
    RowLook look = lookOfItem(index);
    look.quiet = true;
    look.strong = false;
    return look;
}

} // namespace

InboxPage::InboxPage(NodeFeed *feed, ProjectContext *context, Theme *, QWidget *parent)
    : DockPage(parent)
    , m_context(context)
    , m_open(new InboxModel(feed, InboxModel::Shows::Open, this))
    , m_done(new InboxModel(feed, InboxModel::Shows::Done, this))
    , m_doneFound(new QSortFilterProxyModel(this))
    , m_openList(new ListView(tr("Waiting for you"), lookOfItem, true, this))
    , m_doneList(new ListView(tr("Answered"), lookOfDone, true, this))
    , m_lists(new QStackedWidget(this))
    , m_right(new QStackedWidget(this))
    , m_panel(new AnswerPanel(this))
    , m_batch(new BatchPanel(this))
    , m_empty(new EmptyState(u"inbox"_s, {}, {}, this))
{
    m_doneFound->setSourceModel(m_done);
    m_doneFound->setFilterCaseSensitivity(Qt::CaseInsensitive);
    m_doneFound->setFilterRole(Qt::AccessibleTextRole);
    m_openList->setModel(m_open);
    m_openList->setHeadingRole(InboxModel::SectionRole);
    m_doneList->setModel(m_doneFound);
    m_lists->addWidget(m_openList);
    m_lists->addWidget(m_doneList);
    m_right->addWidget(m_panel);
    m_right->addWidget(m_batch);
    m_right->addWidget(m_empty);

    auto *left = new QWidget(this);
    auto *leftColumn = new QVBoxLayout(left);
    leftColumn->setContentsMargins(0, 0, 0, 0);
    leftColumn->setSpacing(0);
    leftColumn->addWidget(makeBar());
    leftColumn->addWidget(m_lists, 1);
    m_split = new ShareSplitter(Qt::Horizontal, {2, 3}, this);
    m_split->addWidget(left);
    m_split->addWidget(m_right);
    auto *all = new QHBoxLayout(this);
    all->setContentsMargins(0, 0, 0, 0);
    all->addWidget(m_split);

    m_openList->setSelectionMode(QAbstractItemView::ExtendedSelection);
    connect(m_openList->selectionModel(), &QItemSelectionModel::selectionChanged, this,
            &InboxPage::showCurrent);
    connect(m_panel, &AnswerPanel::answered, m_open, &InboxModel::answer);
    connect(m_batch, &BatchPanel::answered, m_open, &InboxModel::answer);
    connect(m_open, &InboxModel::failed, context, &ProjectContext::failed);
    for (InboxModel *model : {m_open, m_done}) {
        connect(model, &InboxModel::loaded, this, &InboxPage::onLoaded);
        connect(model, &InboxModel::dataChanged, this, &InboxPage::showCurrent);
    }
    for (ListView *list : {m_openList, m_doneList}) {
        connect(list, &ListView::currentMoved, this, &InboxPage::showCurrent);
        connect(list, &ListView::activated, m_panel, &AnswerPanel::focusQuestion);
    }
    m_ages.setInterval(ageIntervalMs);
    connect(&m_ages, &QTimer::timeout, m_openList->viewport(), qOverload<>(&QWidget::update));
    connect(&m_ages, &QTimer::timeout, this, &InboxPage::showCurrent); // its age too
    addAnswerKeys();
    show(InboxModel::Shows::Open);
}

QWidget *InboxPage::makeBar()
{
    auto *bar = new QWidget(this);
    m_openButton = new QToolButton(bar);
    m_doneButton = new QToolButton(bar);
    m_goTo = new QToolButton(bar);
    m_search = new QLineEdit(bar);
    m_openButton->setText(tr("Waiting"));
    m_doneButton->setText(tr("Answered"));
    m_goTo->setIcon(themedIcon(u"follow"_s));
    m_goTo->setToolTip(tr("Show the run that asks"));
    m_goTo->setAccessibleName(m_goTo->toolTip());
    auto *group = new QButtonGroup(bar);
    for (QToolButton *button : {m_openButton, m_doneButton}) {
        button->setCheckable(true);
        group->addButton(button);
    }
    m_search->setPlaceholderText(tr("Find"));
    m_search->setAccessibleName(tr("Find among the answered"));
    m_search->setClearButtonEnabled(true);
    auto *row = new QHBoxLayout(bar);
    row->setContentsMargins(metrics::normal(), metrics::tight(), metrics::normal(), metrics::tight());
    row->setSpacing(metrics::tight());
    row->addWidget(m_openButton);
    row->addWidget(m_doneButton);
    row->addWidget(m_search, 1);
    row->addStretch();
    row->addWidget(m_goTo);
    connect(m_openButton, &QToolButton::clicked, this, [this] { show(InboxModel::Shows::Open); });
    connect(m_doneButton, &QToolButton::clicked, this, [this] { show(InboxModel::Shows::Done); });
    connect(m_search, &QLineEdit::textChanged, m_doneFound, &QSortFilterProxyModel::setFilterFixedString);
    connect(m_goTo, &QToolButton::clicked, this, [this] {
        const QModelIndex found = m_open->indexOf(m_panel->item());
        const api::InboxInfo *item = m_open->rowAt(found.row());
        if (!item || !item->refs.run.isValid())
            return;
        m_context->setRun(item->refs.run);
        emit m_context->dockWanted(u"workflow"_s);
    });
    return bar;
}

void InboxPage::addAnswerKeys()
{
    const auto key = [this](const QString &text, Qt::Key letter, api::AnswerKind kind) {
        auto *action = new QAction(text, m_openList);
        action->setShortcut(letter);
        action->setShortcutContext(Qt::WidgetShortcut);
        connect(action, &QAction::triggered, this, [this, kind] {
            if (m_right->currentWidget() == m_batch)
                m_batch->answer(kind);
            else
                m_panel->answer(kind);
        });
        m_openList->addAction(action);
    };
    key(tr("Yes"), Qt::Key_Y, api::AnswerKind::Yes);
    key(tr("No"), Qt::Key_N, api::AnswerKind::No);
    key(tr("Later"), Qt::Key_L, api::AnswerKind::Later);
}

void InboxPage::resizeEvent(QResizeEvent *event)
{
    DockPage::resizeEvent(event);
    const bool upright = width() < metrics::units(narrowUnits) && height() > width();
    m_split->setDirection(upright ? Qt::Vertical : Qt::Horizontal);
}

void InboxPage::activate()
{
    m_open->setActive(true);
    m_done->setActive(m_doneButton->isChecked());
    m_ages.start();
}

void InboxPage::deactivate()
{
    m_open->setActive(false);
    m_done->setActive(false);
    m_ages.stop();
}

QWidget *InboxPage::focusTarget() { return m_lists->currentWidget(); }

void InboxPage::show(InboxModel::Shows shows)
{
    const bool open = shows == InboxModel::Shows::Open;
    (open ? m_openButton : m_doneButton)->setChecked(true);
    m_search->setVisible(!open);
    m_goTo->setVisible(open);
    m_lists->setCurrentWidget(open ? m_openList : m_doneList);
    m_done->setActive(!open && isVisible());
    onLoaded();
}

void InboxPage::choose(InboxId item)
{
    m_wanted = item;
    show(InboxModel::Shows::Open);
}

void InboxPage::onLoaded()
{
    if (const QModelIndex wanted = m_open->indexOf(m_wanted); wanted.isValid()) {
        m_openList->setCurrentIndex(wanted);
        m_wanted = {};
    }
    auto *list = m_openButton->isChecked() ? m_openList : m_doneList;
    if (!list->currentIndex().isValid() && list->model()->rowCount() > 0)
        list->setCurrentIndex(list->model()->index(0, 0));
    showCurrent();
}

bool InboxPage::showChosen()
{
    const QModelIndexList chosen = m_openList->selectionModel()->selectedRows();
    if (chosen.size() < 2)
        return false;
    std::vector<api::InboxInfo> items;
    bool answering = false;
    for (int row = 0; row < m_open->rowCount(); ++row) { // in their order, whatever was chosen first
        if (!m_openList->selectionModel()->isRowSelected(row))
            continue;
        items.push_back(*m_open->rowAt(row));
        answering = answering || m_open->isAnswering(items.back().id);
    }
    m_batch->setItems(items, answering);
    m_right->setCurrentWidget(m_batch);
    m_goTo->setEnabled(false);
    return true;
}

void InboxPage::showCurrent()
{
    const bool open = m_openButton->isChecked();
    if (open && showChosen())
        return;
    const InboxModel *model = open ? m_open : m_done;
    const QModelIndex current =
        open ? m_openList->currentIndex() : m_doneFound->mapToSource(m_doneList->currentIndex());
    if (const api::InboxInfo *item = model->rowAt(current.row()); item && current.isValid()) {
        m_panel->setItem(*item, model->isAnswering(item->id));
        m_goTo->setEnabled(item->refs.run.isValid());
        m_right->setCurrentWidget(m_panel);
        return;
    }
    m_goTo->setEnabled(false);
    m_right->setCurrentWidget(m_empty);
    if (!model->isLoaded())
        m_empty->setTexts(tr("Asking the node…"), {});
    else if (open)
        m_empty->setTexts(
            tr("Nothing waits for you"),
            tr("Approvals, permissions and questions of agents appear here, and results of schedules."));
    else
        m_empty->setTexts(tr("Nothing was answered yet"), {});
}

} // namespace muster
