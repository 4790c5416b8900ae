#include "ui/docks/editor/editor_header.h"

#include "core/viewmodel/flow_list_model.h"
#include "ui/theme/metrics.h"
#include "ui/widgets/recolored_icon_label.h"
#include "ui/widgets/status_look.h"

#include <QCheckBox>
#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QPushButton>

using namespace Qt::StringLiterals;

namespace muster {

EditorHeader::EditorHeader(FlowListModel *flows, QWidget *parent)
    : QWidget(parent)
    , m_flows(flows)
    , m_flow(new QComboBox(this))
    , m_sign(new RecoloredIconLabel(u"info"_s, this))
    , m_fact(new QLabel(this))
    , m_drafts(new QPushButton(this))
    , m_run(new QCheckBox(this))
    , m_new(button(tr("&New…"), tr("Begin a new flow in this project"), &EditorHeader::newWanted))
    , m_insert(
          button(tr("&Insert a step…"), tr("Add a step at the end of the flow"), &EditorHeader::insertWanted))
    , m_copy(button(tr("&Copy to this project"), tr("Make a flow of the project's own of it, to change it"),
                    &EditorHeader::copyWanted))
    , m_start(button(tr("&Start…"), tr("Start this flow as it is saved"), &EditorHeader::startWanted))
    , m_save(button(tr("S&ave"), tr("Save the flow (Ctrl+S)"), &EditorHeader::saveWanted))
{
    m_flow->setModel(flows);
    m_flow->setAccessibleName(tr("Flow that is edited"));
    m_flow->setPlaceholderText(tr("Choose a flow"));
    m_flow->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_flow->setMinimumContentsLength(12);
    m_fact->setTextFormat(Qt::PlainText);
    m_save->setProperty("role", u"primary"_s);
    m_run->setToolTip(tr("Show how the steps of this run stand, on the graph"));
    m_drafts->setToolTip(tr("Flows that were changed and not saved"));
    connect(m_flow, &QComboBox::activated, this, &EditorHeader::flowChosen);
    connect(m_run, &QCheckBox::toggled, this, &EditorHeader::runToggled);
    connect(m_drafts, &QPushButton::clicked, this, &EditorHeader::showDrafts);
    connect(flows, &FlowListModel::loaded, this, [this] { setState(m_state); });
    layOut();
    setState({});
}

QPushButton *EditorHeader::button(const QString &text, const QString &help, void (EditorHeader::*wanted)())
{
    auto *made = new QPushButton(text, this);
    made->setToolTip(help);
    connect(made, &QPushButton::clicked, this, wanted);
    return made;
}

void EditorHeader::layOut()
{
    auto *above = new QHBoxLayout;
    above->addWidget(m_flow);
    above->addWidget(m_sign);
    above->addWidget(m_fact);
    above->addStretch(1);
    above->addWidget(m_drafts);
    above->addWidget(m_run);
    auto *below = new QHBoxLayout;
    below->addWidget(m_new);
    below->addWidget(m_insert);
    below->addStretch();
    below->addWidget(m_copy);
    below->addWidget(m_start);
    below->addWidget(m_save);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(metrics::normal(), metrics::normal(), metrics::normal(), metrics::normal());
    column->setSpacing(metrics::normal());
    column->addLayout(above);
    column->addLayout(below);
}

void EditorHeader::setState(const EditorState &state)
{
    m_state = state;
    const bool isOpen = !state.name.isEmpty();
    m_flow->setCurrentIndex(isOpen ? m_flow->findText(state.name) : -1);
    if (!isOpen)
        showFact({}, {u"info"_s, &ThemeColors::neutral});
    else if (!state.isWritable)
        showFact(tr("To read only"), {u"info"_s, &ThemeColors::neutral});
    else if (state.isNew)
        showFact(tr("%1, not saved yet").arg(state.name), {u"file-modified"_s, &ThemeColors::waiting});
    else if (state.isModified)
        showFact(tr("Unsaved changes"), {u"file-modified"_s, &ThemeColors::waiting});
    else
        showFact(tr("Saved"), {u"check"_s, &ThemeColors::completed});
    m_insert->setEnabled(isOpen && state.isWritable);
    m_copy->setVisible(isOpen && !state.isWritable);
    m_save->setVisible(!isOpen || state.isWritable);
    m_save->setEnabled(isOpen && (state.isModified || state.isNew));
    m_start->setEnabled(isOpen && !state.isModified && !state.isNew);
    m_run->setText(tr("Show &run %1").arg(state.run));
    m_run->setAccessibleName(tr("Show run %1").arg(state.run));
    m_run->setVisible(!state.run.isEmpty());
    m_drafts->setText(tr("%n draft(s)", nullptr, static_cast<int>(state.drafts.size())));
    m_drafts->setVisible(!state.drafts.isEmpty());
}

void EditorHeader::showFact(const QString &text, const StatusLook &look)
{
    m_sign->setIcon(look.icon, look.color);
    m_sign->setVisible(!text.isEmpty());
    m_fact->setText(text);
}

void EditorHeader::chooseFlow()
{
    m_flow->setFocus(Qt::ShortcutFocusReason);
    m_flow->showPopup();
}

bool EditorHeader::showsRun() const { return m_run->isChecked() && !m_state.run.isEmpty(); }

void EditorHeader::setShowsRun(bool shows) { m_run->setChecked(shows); }

void EditorHeader::showDrafts()
{
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    for (int i = 0; i < m_state.drafts.size(); ++i)
        menu->addAction(m_state.drafts.at(i), this, [this, i] { emit draftChosen(i); });
    menu->popup(m_drafts->mapToGlobal(QPoint(0, m_drafts->height())));
}

} // namespace muster
