#include "ui/dialogs/schedule_rules_form.h"

#include "core/base/duration.h"
#include "core/viewmodel/describe_firing.h"
#include "ui/theme/metrics.h"

#include <QCheckBox>
#include <QComboBox>
#include <QFormLayout>
#include <QLineEdit>
#include <QLocale>

#include <cmath>

using namespace Qt::StringLiterals;

namespace muster {
namespace {

constexpr double microsPerUsd = 1e6;

// As a person writes it; the whole of it, so that nothing is lost by looking at it.
QString usdText(qint64 microUsd)
{
    return microUsd == 0 ? QString()
                         : QLocale::c().toString(static_cast<double>(microUsd) / microsPerUsd, 'g', 12);
}

std::optional<qint64> microUsdFrom(const QString &text)
{
    if (text.isEmpty())
        return 0;
    bool fits = false;
    const double usd = QLocale::c().toDouble(QString(text).remove(u'$').replace(u',', u'.'), &fits);
    if (!fits || usd < 0 || usd > 1e9)
        return std::nullopt;
    return std::llround(usd * microsPerUsd);
}

std::optional<qint64> durationFrom(const QString &text)
{
    return text.isEmpty() ? std::optional<qint64>(0) : durationFromText(QString(text).remove(u' '));
}

std::optional<int> wholeFrom(const QString &text)
{
    if (text.isEmpty())
        return 0;
    bool fits = false;
    const int number = QLocale::c().toInt(text, &fits);
    return fits ? std::optional(number) : std::nullopt;
}

QString wholeText(int number) { return number == 0 ? QString() : QString::number(number); }

template <typename E> void addRules(QComboBox *box)
{
    for (const auto &[rule, name] : EnumNames<E>::table)
        box->addItem(describe(rule), QString::fromLatin1(name));
}

template <typename E> E chosenIn(const QComboBox *box)
{
    return enumFromName<E>(box->currentData().toString()).value_or(E{});
}

} // namespace

ScheduleRulesForm::ScheduleRulesForm(QWidget *parent)
    : QWidget(parent)
    , m_form(new QFormLayout(this))
    , m_pool(new QComboBox(this))
    , m_priority(line(tr("Priority"), u"0"_s, tr("Higher begins earlier: from -100 to 100")))
    , m_steps(line(tr("Most agent steps"), tr("No limit of its own"),
                   tr("Of one firing. At the limit it is stopped; five times in a row pause the schedule")))
    , m_deadline(line(tr("Deadline"), tr("None"), tr("How long one firing may work: 20m, 2h30m, 90s")))
    , m_budget(line(tr("Budget of a firing in USD"), tr("As the settings say"),
                    tr("What one firing may cost; at the limit it is stopped")))
    , m_dayBudget(line(tr("Budget of a day in USD"), tr("None"),
                       tr("All firings of a day in the schedule’s zone; what is due then is skipped")))
    , m_missed(new QComboBox(this))
    , m_overlap(new QComboBox(this))
    , m_unattended(new QCheckBox(tr("&Unattended: ask nobody"), this))
    , m_notify(new QComboBox(this))
    , m_archive(new QCheckBox(tr("Keep what went well as see&n"), this))
{
    m_pool->setAccessibleName(tr("Pool"));
    m_missed->setAccessibleName(tr("Missed times"));
    m_missed->setToolTip(tr("Times while the machine slept or Muster was closed"));
    m_overlap->setAccessibleName(tr("Overlap"));
    m_overlap->setToolTip(tr("A time that comes while the firing before still goes on"));
    m_unattended->setAccessibleName(tr("Unattended"));
    m_unattended->setToolTip(tr("What goes beyond its permissions is denied at once"));
    m_unattended->setAccessibleDescription(m_unattended->toolTip());
    m_notify->setAccessibleName(tr("Results in the inbox"));
    m_notify->setToolTip(tr("Which results of its firings are put into the inbox"));
    m_archive->setAccessibleName(tr("Keep what went well as seen"));
    m_archive->setToolTip(tr("It stays in the inbox among what is done, and asks for no attention"));
    m_archive->setAccessibleDescription(m_archive->toolTip());
    addRules<MissedRule>(m_missed);
    addRules<OverlapRule>(m_overlap);
    addRules<ResultNotice>(m_notify);
    for (QComboBox *each : {m_pool, m_missed, m_overlap, m_notify}) {
        each->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
        each->setMinimumContentsLength(12);
    }
    layOut();
    for (const QLineEdit *each : {m_priority, m_steps, m_deadline, m_budget, m_dayBudget})
        connect(each, &QLineEdit::textChanged, this, &ScheduleRulesForm::edited);
    for (const QComboBox *each : {m_pool, m_missed, m_overlap, m_notify})
        connect(each, &QComboBox::currentIndexChanged, this, &ScheduleRulesForm::edited);
    for (const QCheckBox *each : {m_unattended, m_archive})
        connect(each, &QCheckBox::toggled, this, &ScheduleRulesForm::edited);
    setSpec({});
}

QLineEdit *ScheduleRulesForm::line(const QString &name, const QString &nothing, const QString &help)
{
    auto *edit = new QLineEdit(this);
    edit->setAccessibleName(name);
    edit->setAccessibleDescription(help);
    edit->setPlaceholderText(nothing);
    edit->setToolTip(help);
    return edit;
}

void ScheduleRulesForm::layOut()
{
    m_form->setContentsMargins(0, 0, 0, 0);
    m_form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    m_form->setHorizontalSpacing(metrics::normal());
    m_form->setVerticalSpacing(metrics::normal());
    m_form->addRow(tr("Most agent s&teps"), m_steps);
    m_form->addRow(tr("&Deadline"), m_deadline);
    m_form->addRow(tr("&Budget of a firing, $"), m_budget);
    m_form->addRow(tr("Budget of a da&y, $"), m_dayBudget);
    m_form->addRow(tr("P&ool"), m_pool);
    m_form->addRow(tr("Pr&iority"), m_priority);
    m_form->addRow(tr("M&issed times"), m_missed);
    m_form->addRow(tr("O&verlap"), m_overlap);
    m_form->addRow(QString(), m_unattended);
    m_form->addRow(tr("&Results in the inbox"), m_notify);
    m_form->addRow(QString(), m_archive);
}

void ScheduleRulesForm::setSpec(const api::ScheduleSpec &spec)
{
    m_given = spec;
    m_isOfPrompt = spec.flow.isEmpty();
    if (m_pool->findText(spec.pool) < 0)
        m_pool->addItem(spec.pool);
    m_pool->setCurrentText(spec.pool);
    m_priority->setText(wholeText(spec.priority));
    m_steps->setText(wholeText(spec.maxTurns));
    m_deadline->setText(spec.deadlineMs == 0 ? QString() : durationText(spec.deadlineMs));
    m_budget->setText(usdText(spec.budgetMicroUsd));
    m_dayBudget->setText(usdText(spec.dayBudgetMicroUsd));
    m_missed->setCurrentIndex(m_missed->findData(enumName(spec.missed)));
    m_overlap->setCurrentIndex(m_overlap->findData(enumName(spec.overlap)));
    m_unattended->setChecked(spec.unattended);
    m_notify->setCurrentIndex(m_notify->findData(enumName(spec.notify)));
    m_archive->setChecked(spec.archive);
}

void ScheduleRulesForm::writeTo(api::ScheduleSpec &spec) const
{
    spec.pool = m_pool->currentText();
    spec.priority = wholeFrom(m_priority->text()).value_or(m_given.priority);
    spec.maxTurns = wholeFrom(m_steps->text()).value_or(m_given.maxTurns);
    spec.deadlineMs = durationFrom(m_deadline->text()).value_or(m_given.deadlineMs);
    spec.budgetMicroUsd = microUsdFrom(m_budget->text()).value_or(m_given.budgetMicroUsd);
    spec.dayBudgetMicroUsd = microUsdFrom(m_dayBudget->text()).value_or(m_given.dayBudgetMicroUsd);
    spec.missed = chosenIn<MissedRule>(m_missed);
    spec.overlap = chosenIn<OverlapRule>(m_overlap);
    spec.unattended = m_unattended->isChecked();
    spec.notify = chosenIn<ResultNotice>(m_notify);
    spec.archive = m_archive->isChecked();
}

void ScheduleRulesForm::setPools(const std::vector<api::PoolInfo> &pools)
{
    const QString chosen = m_pool->currentText();
    const QSignalBlocker quiet(m_pool);
    for (const api::PoolInfo &pool : pools) {
        if (m_pool->findText(pool.name) < 0)
            m_pool->addItem(pool.name);
    }
    m_pool->setCurrentText(chosen);
}

void ScheduleRulesForm::setOfPrompt(bool isPrompt)
{
    for (QWidget *each : {static_cast<QWidget *>(m_pool), static_cast<QWidget *>(m_priority)})
        m_form->setRowVisible(each, isPrompt);
    if (isPrompt == m_isOfPrompt)
        return;
    m_isOfPrompt = isPrompt;
    const QString usual = durationText(api::ScheduleSpec{}.deadlineMs); // of prompts
    if (!isPrompt && m_deadline->text() == usual)
        m_deadline->clear();
    else if (isPrompt && m_deadline->text().isEmpty())
        m_deadline->setText(usual);
}

void ScheduleRulesForm::setReadOnly(bool readOnly)
{
    for (QLineEdit *each : {m_priority, m_steps, m_deadline, m_budget, m_dayBudget})
        each->setReadOnly(readOnly);
    for (QWidget *each : {static_cast<QWidget *>(m_pool), static_cast<QWidget *>(m_missed),
                          static_cast<QWidget *>(m_overlap), static_cast<QWidget *>(m_unattended),
                          static_cast<QWidget *>(m_notify), static_cast<QWidget *>(m_archive)})
        each->setEnabled(!readOnly);
}

QString ScheduleRulesForm::problem() const
{
    QStringList wrong;
    for (const QLineEdit *each : {m_priority, m_steps}) {
        if (!wholeFrom(each->text()))
            wrong += each->accessibleName();
    }
    for (const QLineEdit *each : {m_budget, m_dayBudget}) {
        if (!microUsdFrom(each->text()))
            wrong += each->accessibleName();
    }
    if (!wrong.isEmpty())
        return tr("Not a number: %1").arg(wrong.join(u", "_s));
    if (!durationFrom(m_deadline->text()))
        return tr("The deadline is no duration. Write one like 20m, 2h30m or 90s.");
    return {};
}

QWidget *ScheduleRulesForm::field(const QString &key) const
{
    static const QHash<QString, QLineEdit * ScheduleRulesForm::*> lines{
        {u"max_turns"_s, &ScheduleRulesForm::m_steps},
        {u"priority"_s, &ScheduleRulesForm::m_priority},
        {u"deadline_ms"_s, &ScheduleRulesForm::m_deadline},
        {u"budget_micro_usd"_s, &ScheduleRulesForm::m_budget},
        {u"day_budget_micro_usd"_s, &ScheduleRulesForm::m_dayBudget}};
    if (key == "pool"_L1)
        return m_pool;
    if (key == "missed"_L1)
        return m_missed;
    if (key == "overlap"_L1)
        return m_overlap;
    if (key == "unattended"_L1)
        return m_unattended;
    if (key == "notify"_L1)
        return m_notify;
    if (key == "archive"_L1)
        return m_archive;
    return lines.contains(key) ? this->*lines.value(key) : nullptr;
}

} // namespace muster
