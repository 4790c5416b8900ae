#include "ui/docks/editor/flow_editor_page.h"

#include "core/viewmodel/describe.h"
#include "core/viewmodel/flow_document.h"
#include "core/viewmodel/flow_list_model.h"
#include "core/viewmodel/project_context.h"
#include "core/viewmodel/run_model.h"
#include "core/viewmodel/step_yaml.h"
#include "ui/docks/editor/editor_header.h"
#include "ui/docks/editor/insert_step_dialog.h"
#include "ui/docks/editor/problem_list.h"
#include "ui/docks/editor/yaml_edit.h"
#include "ui/shell/window_settings.h"
#include "ui/theme/metrics.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/flow_graph_view.h"
#include "ui/widgets/notice_banner.h"
#include "ui/widgets/share_splitter.h"
#include "ui/widgets/wrapped_label.h"

#include <QPushButton>
#include <QScopedValueRollback>
#include <QShortcut>
#include <QStackedWidget>
#include <QTextBlock>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace muster {
namespace {

constexpr int sideBySideUnits = 170; // of width: from there on the graph stands beside the text
constexpr int keepAfterMs = 100;

} // namespace

FlowEditorPage::FlowEditorPage(NodeFeed *feed, ProjectContext *context, Theme *theme,
                               WindowSettings *settings, QWidget *parent)
    : DockPage(parent)
    , m_feed(feed)
    , m_context(context)
    , m_settings(settings)
    , m_drafts(settings)
    , m_flows(new FlowListModel(feed, context, this))
    , m_run(new RunModel(feed, context, this))
    , m_document(new FlowDocument(feed, context, [this] { return m_edit->toPlainText(); }, this))
    , m_header(new EditorHeader(m_flows, this))
    , m_edit(new YamlEdit(theme, this))
    , m_problems(new ProblemList(this))
    , m_graph(new FlowGraphView(this))
    , m_graphNote(wrappedLabel(u"muted"_s, this))
    , m_split(new ShareSplitter(Qt::Horizontal, {1, 1}, this))
    , m_pages(new QStackedWidget(this))
    , m_shown(new QWidget(this))
    , m_empty(new EmptyState(u"flow"_s, tr("No flow is open"),
                             tr("Choose one above, or begin a new one: its text and its graph are edited "
                                "side by side."),
                             this))
{
    makeBanners();
    layOut();
    connectDocument();
    addShortcuts();
    m_keepSoon.setSingleShot(true);
    m_keepSoon.setInterval(keepAfterMs);
    connect(&m_keepSoon, &QTimer::timeout, this, &FlowEditorPage::keepDraft);
    connect(context, &ProjectContext::projectChanged, this, &FlowEditorPage::onProject);
    connect(m_run, &RunModel::detailChanged, this, &FlowEditorPage::onRun);
    m_empty->setAction(tr("&Begin a new flow…"), [this] { newFlow(); });
    onProject();
}

void FlowEditorPage::makeBanners()
{
    m_banner.conflict = new NoticeBanner(this);
    const auto add = [this](NoticeBanner *banner, const QString &text, const QString &help, auto act) {
        QPushButton *button = banner->addButton(text, help);
        connect(button, &QPushButton::clicked, this, act);
    };
    add(m_banner.conflict, tr("&Load theirs"), tr("Read the file anew; undo brings your text back"),
        [this] { m_document->open(m_document->info().path); });
    add(m_banner.conflict, tr("&Keep mine"), tr("Write over what the other program has written"),
        [this] { m_document->keepMine(); });
    add(m_banner.conflict, tr("Save &as…"), tr("Keep both, under another name"),
        [this] { chooseName([this](const QString &name) { m_document->saveAs(name); }); });
    m_banner.draft = new NoticeBanner(this);
    add(m_banner.draft, tr("&Discard the draft"), tr("Back to the file as it is saved"),
        [this] { discardDraft(); });
}

void FlowEditorPage::layOut()
{
    auto *text = new QWidget(this);
    auto *left = new QVBoxLayout(text);
    left->setContentsMargins(0, 0, 0, 0);
    left->setSpacing(0);
    left->addWidget(m_edit, 1);
    left->addWidget(m_problems);
    auto *picture = new QWidget(this);
    m_graphNote->setContentsMargins(metrics::normal(), metrics::tight(), metrics::normal(), metrics::tight());
    auto *right = new QVBoxLayout(picture);
    right->setContentsMargins(0, 0, 0, 0);
    right->setSpacing(0);
    right->addWidget(m_graphNote);
    right->addWidget(m_graph, 1);
    m_split->addWidget(text);
    m_split->addWidget(picture);
    auto *column = new QVBoxLayout(m_shown);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_banner.conflict);
    column->addWidget(m_banner.draft);
    column->addWidget(m_split, 1);
    m_pages->addWidget(m_shown);
    m_pages->addWidget(m_empty);
    auto *all = new QVBoxLayout(this);
    all->setContentsMargins(0, 0, 0, 0);
    all->setSpacing(0);
    all->addWidget(m_header);
    all->addWidget(m_pages, 1);
}

void FlowEditorPage::connectDocument()
{
    connect(m_document, &FlowDocument::opened, this, &FlowEditorPage::onOpened);
    connect(m_document, &FlowDocument::moved, this, &FlowEditorPage::showState);
    connect(m_document, &FlowDocument::checked, this, &FlowEditorPage::onChecked);
    connect(m_document, &FlowDocument::graphChanged, this, &FlowEditorPage::onGraph);
    connect(m_document, &FlowDocument::saved, this, &FlowEditorPage::onSaved);
    connect(m_document, &FlowDocument::conflict, this, &FlowEditorPage::onConflict);
    connect(m_document, &FlowDocument::failed, this, [this](const Error &error) {
        m_afterSave = {};
        emit m_context->failed(error);
    });
    connect(m_edit, &YamlEdit::textChanged, this, &FlowEditorPage::onEdited);
    connect(m_edit, &YamlEdit::cursorPositionChanged, this, &FlowEditorPage::followCursor);
    connect(m_graph, &FlowGraphView::stepChosen, this, &FlowEditorPage::followGraph);
    connect(m_graph, &FlowGraphView::stepActivated, this, [this](const QString &step) {
        followGraph(step);
        m_edit->setFocus();
    });
    connect(m_problems, &ProblemList::chosen, this, [this](int line, int column) {
        m_edit->goTo(line, column);
        m_edit->setFocus();
    });
    connect(m_header, &EditorHeader::flowChosen, this, [this](int row) {
        if (const api::FlowInfo *flow = m_flows->rowAt(row))
            edit(flow->path.isEmpty() ? flow->name : flow->path);
    });
    connect(m_header, &EditorHeader::draftChosen, this, &FlowEditorPage::openDraft);
    connect(m_header, &EditorHeader::newWanted, this, &FlowEditorPage::newFlow);
    connect(m_header, &EditorHeader::insertWanted, this, &FlowEditorPage::insertStep);
    connect(m_header, &EditorHeader::saveWanted, this, &FlowEditorPage::save);
    connect(m_header, &EditorHeader::copyWanted, this,
            [this] { m_document->saveAs(m_document->info().name); });
    connect(m_header, &EditorHeader::startWanted, this,
            [this] { emit startWanted(m_document->info().name); });
    connect(m_header, &EditorHeader::runToggled, this, &FlowEditorPage::onRun);
}

void FlowEditorPage::addShortcuts()
{
    const auto add = [this](const QKeySequence &keys, auto act) {
        connect(new QShortcut(keys, this, nullptr, nullptr, Qt::WidgetWithChildrenShortcut),
                &QShortcut::activated, this, act);
    };
    add(QKeySequence::Save, &FlowEditorPage::save);
    add(QKeySequence(Qt::Key_F6), &FlowEditorPage::nextPart);
    add(QKeySequence(Qt::Key_F8), [this] {
        const QTextCursor at = m_edit->textCursor();
        m_problems->goToNext(at.blockNumber() + 1, at.positionInBlock() + 1);
    });
}

void FlowEditorPage::activate()
{
    m_flows->setActive(true);
    m_run->setActive(true);
}

void FlowEditorPage::deactivate()
{
    keepDraft();
    m_flows->setActive(false);
    m_run->setActive(false);
}

QWidget *FlowEditorPage::focusTarget()
{
    return m_document->isOpen() ? m_edit : static_cast<QWidget *>(m_header);
}

void FlowEditorPage::resizeEvent(QResizeEvent *event)
{
    DockPage::resizeEvent(event);
    m_split->setDirection(width() >= metrics::units(sideBySideUnits) ? Qt::Horizontal : Qt::Vertical);
}

void FlowEditorPage::edit(const QString &flow)
{
    keepDraft();
    m_document->open(flow);
}

void FlowEditorPage::editOther() { m_header->chooseFlow(); }

void FlowEditorPage::onOpened(const QString &text)
{
    const api::FlowTextInfo &info = m_document->info();
    const ProjectId project = m_context->project().id;
    const bool isReload = !m_banner.conflict->text().isEmpty();
    m_banner.conflict->setNotice({}, {});
    m_banner.draft->setNotice({}, {});
    m_edit->setReadOnly(!info.writable);
    if (isReload)
        m_edit->replaceAll(text);
    else
        m_edit->setPlainText(text);
    m_edit->document()->setModified(false);
    if (m_settings)
        m_settings->setValue(openFlowKey(project), info.path);
    const auto draft = m_drafts.find(project, info.path);
    if (draft && !isReload && draft->text != text)
        showDraft(*draft);
    else
        m_drafts.drop(project, info.path);
    m_graph->setStatuses({});
    showState();
    onRun();
}

void FlowEditorPage::onEdited()
{
    if (!m_document->isOpen())
        return;
    m_document->edited();
    m_keepSoon.start();
    showState();
}

void FlowEditorPage::save()
{
    if (!m_document->isOpen() || !m_document->isWritable())
        return;
    keepDraft(); // until it is written
    m_savedRevision = m_edit->document()->revision();
    m_document->save();
}

void FlowEditorPage::onSaved()
{
    const ProjectId project = m_context->project().id;
    const api::FlowTextInfo &info = m_document->info();
    m_banner.conflict->setNotice({}, {});
    m_banner.draft->setNotice({}, {});
    m_edit->setReadOnly(false);
    for (const UnsavedFlow &draft : m_drafts.all(project)) {
        if (flowNameOf(draft.path) == info.name)
            m_drafts.drop(project, draft.path);
    }
    if (m_savedRevision == m_edit->document()->revision() || !m_edit->document()->isModified())
        m_edit->document()->setModified(false);
    else
        keepDraft(); // what was written meanwhile
    if (m_settings)
        m_settings->setValue(openFlowKey(project), info.path);
    showState();
    if (const auto done = std::exchange(m_afterSave, {}))
        done();
}

void FlowEditorPage::onConflict()
{
    m_afterSave = {};
    m_banner.conflict->setNotice(
        m_document->isNew() ? tr("The project has a flow of this name already. Nothing was written.")
                            : tr("Another program has changed this file since it was read. Nothing was "
                                 "written."),
        {u"warning"_s, &ThemeColors::failed});
    emit m_context->dockWanted(u"editor"_s);
}

QStringList FlowEditorPage::unsaved() const
{
    const bool isUnsaved = m_document->isOpen() && m_document->isWritable() &&
                           (m_edit->document()->isModified() || m_document->isNew());
    return isUnsaved ? QStringList(m_document->info().name) : QStringList();
}

void FlowEditorPage::saveThen(const std::function<void()> &done)
{
    if (unsaved().isEmpty()) {
        done();
        return;
    }
    m_afterSave = done;
    save();
}

void FlowEditorPage::onChecked()
{
    m_edit->setProblems(m_document->problems());
    m_problems->setProblems(m_document->problems());
    const bool isCurrent = m_document->problems().empty();
    m_graph->setOutdated(!isCurrent);
    showText(m_graphNote, isCurrent ? QString()
                          : m_document->graph().steps.empty()
                              ? tr("The graph is drawn when the text has no "
                                   "problems.")
                              : tr("As of the last version without problems"));
}

void FlowEditorPage::onGraph()
{
    m_graph->setGraph(m_document->graph());
    followCursor();
}

void FlowEditorPage::onRun()
{
    QHash<QString, StepStatus> statuses;
    const api::RunInfo &run = m_run->run();
    const bool fits = m_document->isOpen() && run.id.isValid() && run.flow == m_document->info().name;
    if (fits && m_header->showsRun()) {
        for (const api::StepInfo &step : m_run->detail().steps) {
            if (step.index < 0)
                statuses.insert(step.stepId, step.status);
        }
    }
    m_graph->setStatuses(statuses);
    showState();
}

// The last step that begins at or before the cursor.
void FlowEditorPage::followCursor()
{
    if (m_following || !m_document->isOpen())
        return;
    const QScopedValueRollback following(m_following, true);
    const int line = m_edit->currentLine();
    const api::FlowStepInfo *found = nullptr;
    for (const api::FlowStepInfo &step : m_graph->graph().steps) {
        if (step.line <= line && (!found || step.line > found->line))
            found = &step;
    }
    m_graph->choose(found ? found->id : QString());
}

void FlowEditorPage::followGraph(const QString &id)
{
    const int step = m_graph->graph().indexById.value(id, -1);
    if (step < 0)
        return;
    const QScopedValueRollback following(m_following, true);
    const api::FlowStepInfo &info = m_graph->graph().steps[static_cast<size_t>(step)];
    m_edit->goTo(info.line, info.column);
}

void FlowEditorPage::nextPart()
{
    QList<QWidget *> parts{m_edit};
    if (m_problems->isVisible())
        parts.append(m_problems->list());
    parts.append({m_graph, m_header});
    qsizetype now = -1;
    for (qsizetype i = 0; i < parts.size(); ++i) {
        if (parts[i]->hasFocus() || parts[i]->isAncestorOf(focusWidget()))
            now = i;
    }
    QWidget *next = parts[(now + 1) % parts.size()];
    next->setFocus(Qt::TabFocusReason);
}

void FlowEditorPage::insertStep()
{
    if (!m_document->isOpen() || !m_document->isWritable())
        return;
    auto *dialog = new InsertStepDialog(m_feed, m_context, m_document->graph(), m_graph->chosen(), this);
    connect(dialog, &InsertStepDialog::chosen, this, &FlowEditorPage::insert);
    dialog->open();
}

void FlowEditorPage::insert(const NewStep &step)
{
    const auto made = muster::insertStep(m_edit->toPlainText(), step);
    if (!made) {
        emit m_context->failed(Error{
            .code = ErrorCode::Unsupported, .detail = m_document->info().name, .where = u"steps_in_line"_s});
        return;
    }
    m_edit->insertAt(made->at, made->text, made->cursor);
    m_edit->setFocus();
}

void FlowEditorPage::showState()
{
    const api::FlowTextInfo &info = m_document->info();
    const bool isOpen = m_document->isOpen();
    const bool isModified = isOpen && m_edit->document()->isModified();
    const api::RunInfo &run = m_run->run();
    const bool fits = isOpen && run.id.isValid() && run.flow == info.name;
    QStringList drafts;
    for (const UnsavedFlow &draft : otherDrafts())
        drafts += flowNameOf(draft.path);
    m_header->setState({.name = info.name,
                        .isModified = isModified,
                        .isNew = m_document->isNew(),
                        .isWritable = info.writable,
                        .run = fits ? u'#' + QString::number(run.number) : QString(),
                        .drafts = drafts});
    m_pages->setCurrentWidget(isOpen ? m_shown : m_empty);
    emit titleChanged(isOpen ? tr("Flow editor – %1%2").arg(info.name, isModified ? u" •"_s : QString())
                             : tr("Flow editor"));
}

} // namespace muster
