#include "ui/docks/workflow/run_view_bar.h"

#include "ui/theme/icons.h"
#include "ui/theme/metrics.h"

#include <QButtonGroup>
#include <QHBoxLayout>
#include <QToolButton>

using namespace Qt::StringLiterals;

namespace muster {

RunViewBar::RunViewBar(QWidget *parent)
    : QWidget(parent)
    , m_views(new QButtonGroup(this))
{
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(metrics::tight());
    QToolButton *out = addTool(u"minus"_s, tr("Zoom out"), tr("Zoom out (−)"));
    QToolButton *in = addTool(u"plus"_s, tr("Zoom in"), tr("Zoom in (+)"));
    QToolButton *fit = addTool(u"fit"_s, tr("Show the whole graph"), tr("Show the whole graph (0)"));
    connect(out, &QToolButton::clicked, this, &RunViewBar::zoomOutWanted);
    connect(in, &QToolButton::clicked, this, &RunViewBar::zoomInWanted);
    connect(fit, &QToolButton::clicked, this, &RunViewBar::fitWanted);
    m_tools = {out, in, fit};
    addView(List, u"list"_s, tr("List"), tr("Show the steps as a list, with the items of each"))
        ->setChecked(true);
    addView(Graph, u"flow"_s, tr("Graph"), tr("Show the steps as a graph, with what each needs"));
    connect(m_views, &QButtonGroup::idToggled, this, &RunViewBar::onToggled);
    for (QToolButton *tool : std::as_const(m_tools))
        tool->hide();
}

QToolButton *RunViewBar::addTool(const QString &icon, const QString &name, const QString &help)
{
    auto *made = new QToolButton(this);
    made->setIcon(themedIcon(icon));
    made->setToolTip(help);
    made->setAccessibleName(name);
    made->setAutoRaise(true);
    made->setFocusPolicy(Qt::TabFocus);
    layout()->addWidget(made);
    return made;
}

QToolButton *RunViewBar::addView(View view, const QString &icon, const QString &text, const QString &help)
{
    QToolButton *made = addTool(icon, text, help);
    made->setText(text);
    made->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    made->setCheckable(true);
    m_views->addButton(made, view);
    return made;
}

void RunViewBar::choose(View view) { m_views->button(view)->setChecked(true); }

RunViewBar::View RunViewBar::view() const { return static_cast<View>(m_views->checkedId()); }

void RunViewBar::onToggled(int view, bool on)
{
    if (!on)
        return;
    for (QToolButton *tool : std::as_const(m_tools))
        tool->setVisible(view == Graph);
    emit chosen(static_cast<View>(view));
}

} // namespace muster
