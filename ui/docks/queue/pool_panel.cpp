#include "ui/docks/queue/pool_panel.h"

#include "core/viewmodel/describe.h"
#include "core/viewmodel/describe_tasks.h"
#include "core/viewmodel/visible_text.h"
#include "ui/theme/metrics.h"
#include "ui/widgets/fact_line.h"
#include "ui/widgets/load_look.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QSpinBox>

using namespace Qt::StringLiterals;

namespace muster {
namespace {

constexpr int mostSlots = 256; // that a node takes
constexpr int noCap = -1;

bool isFull(const api::PoolInfo &pool) { return pool.cap && pool.held >= *pool.cap; }

} // namespace

PoolPanel::PoolPanel(QWidget *parent)
    : QWidget(parent)
    , m_name(new QLabel(this))
    , m_slots(new FactLine(this))
    , m_frees(new FactLine(this))
    , m_shares(new FactLine(this))
    , m_limit(new FactLine(this))
    , m_fixed(new FactLine(this))
    , m_cap(makeCap())
{
    m_name->setProperty("role", u"heading"_s);
    m_name->setTextFormat(Qt::PlainText);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(metrics::units(3), metrics::units(3), metrics::units(3), metrics::units(3));
    column->setSpacing(metrics::normal());
    column->addWidget(m_name);
    for (FactLine *fact : {m_slots, m_frees, m_shares, m_limit, m_fixed})
        column->addWidget(fact);
    column->addWidget(m_cap);
    column->addStretch();
}

QWidget *PoolPanel::makeCap()
{
    auto *row = new QWidget(this);
    auto *label = new QLabel(tr("At &once:"), row);
    m_number = new QSpinBox(row);
    m_number->setRange(noCap, mostSlots);
    m_number->setSpecialValueText(tr("no cap"));
    m_number->setAccessibleName(tr("Tasks at once"));
    label->setBuddy(m_number);
    m_set = new QPushButton(tr("&Set"), row);
    m_set->setToolTip(tr("From now on; what runs goes on"));
    auto *line = new QHBoxLayout(row);
    line->setContentsMargins(0, metrics::tight(), 0, 0);
    line->setSpacing(metrics::normal());
    for (QWidget *part :
         {static_cast<QWidget *>(label), static_cast<QWidget *>(m_number), static_cast<QWidget *>(m_set)})
        line->addWidget(part);
    line->addStretch();
    connect(m_number, &QSpinBox::valueChanged, this, &PoolPanel::updateSet);
    connect(m_set, &QPushButton::clicked, this, [this] { emit capWanted(m_pool.name, wanted()); });
    return row;
}

std::optional<int> PoolPanel::wanted() const
{
    return m_number->value() == noCap ? std::nullopt : std::optional(m_number->value());
}

void PoolPanel::setPool(const api::PoolInfo &pool, qint64 nowMs)
{
    const bool isNews = pool.name != m_pool.name || pool.cap != m_pool.cap;
    m_pool = pool;
    m_name->setText(withVisibleMarks(pool.name));
    m_slots->setFact(describePool(pool), isFull(pool) ? lookOfLoad(api::SwarmLoad::Saturated)
                                                      : StatusLook{u"gauge"_s, &ThemeColors::neutral});
    m_frees->setFact(isFull(pool) ? tr("A slot frees: %1").arg(describeWaitFor(pool.freesAt, nowMs))
                                  : QString(),
                     {u"later"_s, &ThemeColors::neutral});
    m_shares->setFact(pool.shares.isEmpty()
                          ? QString()
                          : tr("Its tasks also need a slot of “%1”.").arg(withVisibleMarks(pool.shares)),
                      {u"info"_s, &ThemeColors::neutral});
    m_limit->setFact(
        pool.deadlineMs > 0
            ? tr("A task may take %1, unless it says otherwise.").arg(describeDuration(pool.deadlineMs))
            : QString(),
        {u"later"_s, &ThemeColors::neutral});
    const bool fixed = pool.name == "chat"_L1;
    m_fixed->setFact(fixed ? tr("A chat waits for no slot: this pool has no cap.") : QString(),
                     {u"info"_s, &ThemeColors::neutral});
    m_cap->setVisible(!fixed);
    if (isNews)
        showCap();
}

void PoolPanel::showCap()
{
    m_number->setValue(m_pool.cap.value_or(noCap));
    updateSet();
}

void PoolPanel::updateSet() { m_set->setEnabled(wanted() != m_pool.cap); }

} // namespace muster
