#include "ui/docks/changes/changes_page.h"

#include "core/viewmodel/changes_model.h"
#include "core/viewmodel/describe.h"
#include "core/viewmodel/worktrees_model.h"
#include "ui/docks/changes/change_delegates.h"
#include "ui/docks/changes/diff_view.h"
#include "ui/docks/changes/ending_dialogs.h"
#include "ui/docks/changes/worktree_header.h"
#include "ui/theme/icons.h"
#include "ui/theme/metrics.h"
#include "ui/theme/theme.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/share_splitter.h"

#include <QApplication>
#include <QDesktopServices>
#include <QLabel>
#include <QListView>
#include <QResizeEvent>
#include <QStackedLayout>
#include <QStackedWidget>
#include <QToolButton>
#include <QUrl>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace muster {
namespace {

constexpr int narrowUnits = 230; // of width: below it the lists stand over the difference
constexpr int lowUnits = 120;    // of height: then they stay beside it as long as they can
constexpr int lowNarrowUnits = 150;

QListView *makeList(QAbstractItemModel *model, QStyledItemDelegate *delegate, const QString &name,
                    QWidget *parent)
{
    auto *list = new QListView(parent);
    list->setModel(model);
    delegate->setParent(list);
    list->setItemDelegate(delegate);
    list->setUniformItemSizes(true);
    list->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    list->setAccessibleName(name);
    return list;
}

} // namespace

ChangesPage::ChangesPage(NodeFeed *feed, ProjectContext *context, Theme *theme, QWidget *parent)
    : DockPage(parent)
    , m_feed(feed)
    , m_context(context)
    , m_worktrees(new WorktreesModel(feed, context, this))
    , m_changes(new ChangesModel(feed, this))
    , m_splitter(new ShareSplitter(Qt::Horizontal, {3, 7}, this))
    , m_empty(new EmptyState(u"changes"_s, {}, {}, this))
    , m_stack(new QStackedLayout(this))
{
    m_splitter->addWidget(makeLists());
    m_splitter->addWidget(makeRight());
    m_stack->addWidget(m_splitter);
    m_stack->addWidget(m_empty);

    connect(m_worktrees, &WorktreesModel::loaded, this, &ChangesPage::onWorktreesLoaded);
    connect(m_worktrees, &QAbstractItemModel::dataChanged, this, &ChangesPage::showHeader);
    connect(m_changes, &ChangesModel::loaded, this, &ChangesPage::onChangesLoaded);
    connect(m_changes, &ChangesModel::fileLoaded, this, [this](const api::FileChange &file) {
        if (file.binary) {
            showFileNote(tr("A binary file"), tr("Its content is not shown as text."));
            return;
        }
        if (file.hunks.empty()) {
            showFileNote(tr("No line differs"), tr("Only its name or its rights changed, or it is empty."));
            return;
        }
        m_diff->setFile(file);
        m_fileStack->setCurrentWidget(m_diff);
    });
    connect(m_changes, &ChangesModel::fileFailed, this, [this](const Error &error) {
        showFileNote(tr("The difference could not be read"), describe(error));
    });
    connect(m_trees->selectionModel(), &QItemSelectionModel::currentChanged, this,
            [this](const QModelIndex &index) {
        if (index.isValid())
            chooseWorktree(m_worktrees->at(index.row()).id);
    });
    connect(m_files->selectionModel(), &QItemSelectionModel::currentChanged, this,
            &ChangesPage::onFileChosen);
    connect(context, &ProjectContext::worktreeChanged, this, &ChangesPage::followContext);
    connect(context, &ProjectContext::runChanged, this, &ChangesPage::followRun);
    connect(context, &ProjectContext::projectChanged, this, [this] {
        m_lastEnding.clear();
        showEmpty();
    });
    connect(theme, &Theme::changed, m_diff, &DiffView::applyTheme);
    showEmpty();
    showHeader();
}

QWidget *ChangesPage::makeLists()
{
    m_lists = new ShareSplitter(Qt::Vertical, {2, 3}, this);
    auto *top = new QWidget(m_lists);
    auto *title = new QLabel(tr("&Worktrees"), top);
    title->setProperty("role", u"muted"_s);
    m_ended = new QToolButton(top);
    m_ended->setText(tr("All"));
    m_ended->setIcon(themedIcon(u"filter"_s));
    m_ended->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_ended->setCheckable(true);
    m_ended->setToolTip(tr("Show merged, dropped and unchanged worktrees as well"));
    auto *bar = new QHBoxLayout;
    bar->setContentsMargins(metrics::normal(), metrics::tight(), metrics::tight(), metrics::tight());
    bar->addWidget(title, 1);
    m_dropUnchanged = new QToolButton(top);
    m_dropUnchanged->setToolTip(tr("Drop all worktrees in which nothing was changed"));
    m_dropUnchanged->setAccessibleName(m_dropUnchanged->toolTip());
    m_dropUnchanged->hide();
    bar->addWidget(m_dropUnchanged);
    bar->addWidget(m_ended);
    connect(m_dropUnchanged, &QToolButton::clicked, this, &ChangesPage::dropUnchanged);
    m_trees = makeList(m_worktrees, new WorktreeDelegate, tr("Worktrees"), top);
    title->setBuddy(m_trees);
    auto *column = new QVBoxLayout(top);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addLayout(bar);
    column->addWidget(m_trees, 1);
    m_files = makeList(m_changes, new FileDelegate, tr("Changed files"), m_lists);
    m_lists->addWidget(top);
    m_lists->addWidget(m_files);
    m_lists->setMinimumWidth(metrics::units(40));
    connect(m_ended, &QToolButton::toggled, m_worktrees, &WorktreesModel::setShowEnded);
    return m_lists;
}

QWidget *ChangesPage::makeRight()
{
    auto *right = new QWidget(this);
    m_header = new WorktreeHeader(right);
    m_fileStack = new QStackedWidget(right);
    m_diff = new DiffView(m_fileStack);
    m_fileNote = new EmptyState(u"file"_s, {}, {}, m_fileStack);
    m_fileStack->addWidget(m_diff);
    m_fileStack->addWidget(m_fileNote);
    auto *line = new QFrame(right);
    line->setProperty("role", u"line"_s);
    line->setFixedHeight(1);
    auto *column = new QVBoxLayout(right);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_header);
    column->addWidget(line);
    column->addWidget(m_fileStack, 1);
    connect(m_header, &WorktreeHeader::mergeWanted, this, &ChangesPage::merge);
    connect(m_header, &WorktreeHeader::dropWanted, this, &ChangesPage::drop);
    connect(m_header, &WorktreeHeader::terminalWanted, this, [this] {
        if (const auto *tree = m_worktrees->find(m_changes->worktree()))
            emit terminalWanted(tree->path);
    });
    connect(m_header, &WorktreeHeader::folderWanted, this, [this] {
        if (const auto *tree = m_worktrees->find(m_changes->worktree()))
            QDesktopServices::openUrl(QUrl::fromLocalFile(tree->path));
    });
    return right;
}

void ChangesPage::activate()
{
    m_worktrees->setActive(true);
    m_changes->setActive(true);
}

void ChangesPage::deactivate()
{
    m_worktrees->setActive(false);
    m_changes->setActive(false);
}

QWidget *ChangesPage::focusTarget()
{
    return m_stack->currentIndex() == 0 ? static_cast<QWidget *>(m_trees) : m_empty;
}

void ChangesPage::resizeEvent(QResizeEvent *event)
{
    DockPage::resizeEvent(event);
    const bool low = event->size().height() < metrics::units(lowUnits);
    const bool narrow = event->size().width() < metrics::units(low ? lowNarrowUnits : narrowUnits);
    const auto outer = narrow ? Qt::Vertical : Qt::Horizontal;
    m_header->setNarrow(narrow);
    m_splitter->setDirection(outer);
    m_lists->setDirection(narrow ? Qt::Horizontal : Qt::Vertical);
}

QString ChangesPage::nameOf(const api::WorktreeInfo &worktree) const
{
    const QString run = m_worktrees->runName(worktree.run);
    return run.isEmpty() ? worktree.branch : run;
}

void ChangesPage::onWorktreesLoaded()
{
    showEmpty();
    const auto unchanged = m_worktrees->unchanged().size();
    m_dropUnchanged->setVisible(unchanged > 0);
    m_dropUnchanged->setText(tr("Drop unchanged (%1)…").arg(unchanged));
    const int row = m_worktrees->rowOf(m_changes->worktree());
    if (row >= 0) {
        m_trees->setCurrentIndex(m_worktrees->index(row));
        showHeader();
        return;
    }
    chooseWorktree({});
    followContext();
    if (!m_changes->worktree().isValid())
        followRun();
    if (!m_changes->worktree().isValid() && m_worktrees->rowCount() > 0)
        m_trees->setCurrentIndex(m_worktrees->index(0));
}

void ChangesPage::followContext()
{
    if (const int row = m_worktrees->rowOf(m_context->worktree()); row >= 0)
        m_trees->setCurrentIndex(m_worktrees->index(row));
}

void ChangesPage::followRun()
{
    for (int row = 0; m_context->run().isValid() && row < m_worktrees->rowCount(); ++row) {
        if (m_worktrees->at(row).run == m_context->run()) {
            m_trees->setCurrentIndex(m_worktrees->index(row));
            return;
        }
    }
}

void ChangesPage::chooseWorktree(WorktreeId id)
{
    if (m_changes->worktree() != id) {
        m_diff->clearFile();
        m_changes->setWorktree(id);
    }
    if (id.isValid())
        m_context->setWorktree(id);
    showHeader();
}

void ChangesPage::onChangesLoaded()
{
    if (m_changes->error()) {
        showFileNote(tr("The changes could not be read"), describe(*m_changes->error()));
    } else if (m_changes->isLoaded() && m_changes->rowCount() == 0) {
        const bool ended = m_changes->info().endedAt > 0;
        showFileNote(ended ? tr("Nothing was changed") : tr("Nothing is changed"),
                     ended ? tr("The worktree ended as it was made.")
                           : tr("This worktree is as it was when it was made."));
    } else if (m_changes->rowCount() > 0) {
        const int row = std::max(0, m_changes->rowOf(m_changes->openedFile()));
        m_files->setCurrentIndex(m_changes->index(row));
    } else {
        m_diff->clearFile();
        m_fileStack->setCurrentWidget(m_diff);
    }
    showHeader();
}

void ChangesPage::onFileChosen()
{
    const QModelIndex index = m_files->currentIndex();
    if (index.isValid())
        m_changes->openFile(m_changes->at(index.row()).path);
}

void ChangesPage::showHeader()
{
    const api::WorktreeInfo *tree = m_worktrees->find(m_changes->worktree());
    m_header->show(tree ? *tree : api::WorktreeInfo(), tree ? m_worktrees->runName(tree->run) : QString());
}

void ChangesPage::showEmpty()
{
    const bool nothing = m_worktrees->rowCount() == 0 &&
                         (m_worktrees->isLoaded() || m_worktrees->error() || !m_context->isOpen());
    const bool hadFocus = isAncestorOf(QApplication::focusWidget());
    const int before = m_stack->currentIndex();
    m_stack->setCurrentIndex(nothing && !m_ended->isChecked() && m_worktrees->unchanged().empty() ? 1 : 0);
    // Qt would give the focus to whatever comes next.
    if (hadFocus && m_stack->currentIndex() != before)
        focusTarget()->setFocus(Qt::OtherFocusReason);
    if (!m_context->isOpen()) {
        m_empty->setTexts(tr("No project is open"), tr("Open one to see what runs have changed in it."));
    } else if (m_worktrees->error()) {
        m_empty->setTexts(tr("The worktrees could not be read"), describe(*m_worktrees->error()));
        m_empty->setAction(tr("&Try again"), [this] { m_worktrees->refresh(); });
    } else {
        m_empty->setTexts(
            m_lastEnding.isEmpty() ? tr("No run has changes that wait")
                                   : QString(m_lastEnding % u' ' % tr("No other run has changes that wait.")),
            tr("Agents that write work in worktrees of their own. What they changed is here to read, "
               "merge or drop."));
        m_empty->setAction(tr("Show &ended ones"), [this] {
            m_ended->setChecked(true);
            m_stack->setCurrentIndex(0);
        });
    }
}

void ChangesPage::showFileNote(const QString &title, const QString &help)
{
    m_diff->clearFile();
    m_fileNote->setTexts(title, help);
    m_fileStack->setCurrentWidget(m_fileNote);
}

void ChangesPage::merge()
{
    const api::WorktreeInfo *tree = m_worktrees->find(m_changes->worktree());
    if (!tree)
        return;
    askToMerge(*tree, nameOf(*tree), this,
               [this, branch = tree->branch, target = tree->target](const api::MergeWorktree &command) {
        submit(command, tr("Merging %1 into %2…").arg(branch, target),
               tr("%1 is merged into %2.").arg(branch, target));
    });
}

void ChangesPage::drop()
{
    const api::WorktreeInfo *tree = m_worktrees->find(m_changes->worktree());
    if (!tree)
        return;
    askToDrop(*tree, nameOf(*tree), this, [this, branch = tree->branch](const api::DropWorktree &command) {
        submit(command, tr("Dropping %1…").arg(branch), tr("%1 is dropped.").arg(branch));
    });
}

void ChangesPage::dropUnchanged()
{
    const std::vector<api::WorktreeInfo> unchanged = m_worktrees->unchanged();
    askToDropUnchanged(static_cast<int>(unchanged.size()), this, [this, unchanged] {
        for (const api::WorktreeInfo &tree : unchanged)
            submit(api::DropWorktree{.worktree = tree.id}, tr("Dropping %1…").arg(tree.branch),
                   tr("The unchanged worktrees are dropped."));
    });
}

void ChangesPage::submit(const api::Command &command, const QString &busy, const QString &done)
{
    m_lastEnding.clear();
    m_header->setBusy(busy);
    m_feed->node().submit(command, this, [this, done](const Result<api::CommandDone> &result) {
        m_header->setBusy({});
        if (!result) {
            m_header->tellProblem(describeEndingProblem(result.error())
                                      .value_or(EndingProblem{.text = describe(result.error())}));
        } else {
            const QString kept = result->text.startsWith("refs/"_L1) ? result->text : result->list.value(0);
            m_lastEnding = done;
            m_header->tellSuccess(kept.isEmpty() ? done
                                                 : QString(done % u' ' % tr("Set aside: %1").arg(kept)));
        }
        showEmpty();
        m_worktrees->refresh();
        m_changes->refresh();
    });
}

} // namespace muster
