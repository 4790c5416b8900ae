// Which flow is open in the editor, those that begin there, and the drafts.
#include "core/viewmodel/flow_document.h"
#include "core/viewmodel/flow_list_model.h"
#include "core/viewmodel/project_context.h"
#include "core/viewmodel/step_yaml.h"
#include "ui/docks/editor/flow_editor_page.h"
#include "ui/docks/editor/new_flow_dialog.h"
#include "ui/docks/editor/yaml_edit.h"
#include "ui/shell/window_settings.h"
#include "ui/widgets/flow_graph_view.h"
#include "ui/widgets/notice_banner.h"

#include <QRegularExpression>

using namespace Qt::StringLiterals;

namespace muster {

// The flow that was open here last, or one that was not saved.
void FlowEditorPage::onProject()
{
    m_document->close();
    m_edit->clear();
    const ProjectId project = m_context->project().id;
    QString last = m_settings ? m_settings->value(openFlowKey(project)).toString() : QString();
    const std::vector<UnsavedFlow> drafts = m_drafts.all(project);
    if (last.isEmpty() && !drafts.empty())
        last = drafts.front().path;
    const auto draft = m_drafts.find(project, last);
    if (draft && draft->baseHash.isEmpty())
        beginWith(flowNameOf(draft->path), draft->text);
    else if (!last.isEmpty() && m_context->isOpen())
        m_document->open(last);
    showState();
}

// As an edit, so that undo gives what is saved.
void FlowEditorPage::showDraft(const UnsavedFlow &draft)
{
    m_edit->replaceAll(draft.text);
    m_document->setBase(draft.baseHash);
    m_banner.draft->setNotice(tr("These changes were not saved. They were kept as a draft."),
                              {u"info"_s, &ThemeColors::waiting});
}

void FlowEditorPage::discardDraft()
{
    m_drafts.drop(m_context->project().id, m_document->info().path);
    m_edit->document()->setModified(false); // nothing to keep when it is read anew
    m_document->open(m_document->info().path);
}

void FlowEditorPage::keepDraft()
{
    m_keepSoon.stop();
    const api::FlowTextInfo &info = m_document->info();
    if (!m_document->isOpen() || !info.writable)
        return;
    const ProjectId project = m_context->project().id;
    if (m_edit->document()->isModified())
        m_drafts.keep(project, {.path = info.path, .baseHash = info.hash, .text = m_edit->toPlainText()});
    else
        m_drafts.drop(project, info.path);
}

std::vector<UnsavedFlow> FlowEditorPage::otherDrafts() const
{
    std::vector<UnsavedFlow> drafts = m_drafts.all(m_context->project().id);
    std::erase_if(drafts, [this](const UnsavedFlow &draft) { return draft.path == m_document->info().path; });
    return drafts;
}

void FlowEditorPage::openDraft(int index)
{
    const std::vector<UnsavedFlow> drafts = otherDrafts();
    if (index < 0 || index >= static_cast<int>(drafts.size()))
        return;
    const UnsavedFlow &draft = drafts[static_cast<size_t>(index)];
    keepDraft();
    if (draft.baseHash.isEmpty())
        beginWith(flowNameOf(draft.path), draft.text);
    else
        m_document->open(draft.path);
}

QStringList FlowEditorPage::ownFlows() const
{
    QStringList names;
    for (const api::FlowInfo &flow : m_flows->rows()) {
        if (flow.origin == "project"_L1)
            names += flow.name;
    }
    return names;
}

void FlowEditorPage::chooseName(std::function<void(const QString &)> use)
{
    auto *dialog = new NewFlowDialog({}, ownFlows(), this);
    connect(dialog, &NewFlowDialog::chosen, this,
            [use = std::move(use)](const QString &name, const QString &) { use(name); });
    dialog->open();
}

void FlowEditorPage::newFlow()
{
    QStringList templates;
    for (const api::FlowInfo &flow : m_flows->rows())
        templates += flow.name;
    auto *dialog =
        new NewFlowDialog(templates.isEmpty() ? QStringList(u"hello"_s) : templates, ownFlows(), this);
    connect(dialog, &NewFlowDialog::chosen, this, &FlowEditorPage::begin);
    dialog->open();
}

void FlowEditorPage::begin(const QString &name, const QString &from)
{
    keepDraft();
    if (from.isEmpty()) {
        beginWith(name, newFlowText(name));
        return;
    }
    m_feed->node().query(api::ReadFlow{.project = m_context->project().path, .flow = from}, this,
                         [this, name](const Result<api::FlowTextInfo> &read) {
        static const QRegularExpression line(u"^name:.*$"_s, QRegularExpression::MultilineOption);
        if (!read) {
            emit m_context->failed(read.error());
            return;
        }
        QString text = read->text;
        beginWith(name, text.replace(line, u"name: "_s + name));
    });
}

void FlowEditorPage::beginWith(const QString &name, const QString &text)
{
    m_banner.conflict->setNotice({}, {});
    m_banner.draft->setNotice({}, {});
    m_document->begin(name);
    m_graph->setGraph({});
    m_edit->setReadOnly(false);
    m_edit->setPlainText(text);
    m_edit->document()->setModified(true);
    if (m_settings)
        m_settings->setValue(openFlowKey(m_context->project().id), m_document->info().path);
    keepDraft();
    showState();
    m_edit->setFocus();
}

} // namespace muster
