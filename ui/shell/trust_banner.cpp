#include "ui/shell/trust_banner.h"

#include "core/viewmodel/flow_list_model.h"
#include "core/viewmodel/project_context.h"
#include "ui/theme/metrics.h"
#include "ui/widgets/recolored_icon_label.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>

using namespace Qt::StringLiterals;

namespace muster {

TrustBanner::TrustBanner(NodeFeed *feed, ProjectContext *context, QWidget *parent)
    : QToolBar(tr("Trust"), parent)
    , m_context(context)
    , m_flows(new FlowListModel(feed, context, this))
    , m_text(new QLabel(this))
{
    setObjectName(u"TrustBanner"_s);
    setMovable(false);
    setFloatable(false);
    setContextMenuPolicy(Qt::PreventContextMenu);
    m_text->setTextFormat(Qt::PlainText);
    m_text->setWordWrap(true);
    auto *sign = new RecoloredIconLabel(u"permission"_s, this);
    sign->setIcon(u"permission"_s, &ThemeColors::waiting);
    auto *trust = new QPushButton(tr("&Trust this project"), this);
    auto *later = new QPushButton(tr("Not n&ow"), this);
    connect(trust, &QPushButton::clicked, this, [this] { m_context->setTrusted(true); });
    connect(later, &QPushButton::clicked, this, [this] {
        m_putOff.insert(m_context->project().path);
        update();
    });
    auto *content = new QWidget(this);
    auto *row = new QHBoxLayout(content);
    row->setContentsMargins(metrics::units(3), metrics::tight(), metrics::units(3), metrics::tight());
    row->setSpacing(metrics::normal());
    row->addWidget(sign);
    row->addWidget(m_text, 1);
    row->addWidget(trust);
    row->addWidget(later);
    content->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    addWidget(content);
    connect(m_flows, &FlowListModel::loaded, this, &TrustBanner::update);
    connect(context, &ProjectContext::projectChanged, this, &TrustBanner::update);
    m_flows->setActive(true);
    update();
}

void TrustBanner::update()
{
    const int own = m_flows->untrustedCount();
    const api::ProjectInfo &project = m_context->project();
    m_text->setText(tr("“%1” brings %n flow(s) of its own. They do nothing until you trust it; the built-in "
                       "flows work without.",
                       nullptr, own)
                        .arg(project.name));
    setVisible(m_context->isOpen() && !project.trusted && own > 0 && !m_putOff.contains(project.path));
}

} // namespace muster
