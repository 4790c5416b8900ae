#include "ui/dialogs/when_field.h"

#include "core/viewmodel/describe.h"
#include "core/viewmodel/describe_schedule.h"
#include "core/viewmodel/when_preview.h"
#include "ui/theme/metrics.h"
#include "ui/widgets/fact_line.h"
#include "ui/widgets/marked_line.h"
#include "ui/widgets/wrapped_label.h"

#include <QComboBox>
#include <QCompleter>
#include <QDateTime>
#include <QFormLayout>
#include <QLineEdit>
#include <QTimeZone>

using namespace Qt::StringLiterals;

namespace muster {
namespace {

QStringList zoneNames()
{
    QStringList names;
    const QList<QByteArray> ids = QTimeZone::availableTimeZoneIds();
    for (const QByteArray &id : ids)
        names += QString::fromLatin1(id);
    return names;
}

} // namespace

WhenField::WhenField(QWidget *parent)
    : QWidget(parent)
    , m_when(new MarkedLine(tr("When"), this))
    , m_zone(new QComboBox(this))
    , m_reading(new FactLine(this))
    , m_cron(wrappedLabel(u"muted"_s, this))
    , m_times(wrappedLabel(u"text"_s, this))
    , m_examples(wrappedLabel(u"muted"_s, this))
{
    m_when->setPlaceholderText(tr("weekdays at 9"));
    m_zone->setEditable(true);
    m_zone->setInsertPolicy(QComboBox::NoInsert);
    m_zone->addItems(zoneNames());
    m_zone->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_zone->setMinimumContentsLength(12);
    m_zone->setAccessibleName(tr("Time zone"));
    m_zone->lineEdit()->setAccessibleName(tr("Time zone"));
    m_zone->completer()->setCompletionMode(QCompleter::PopupCompletion);
    m_zone->completer()->setFilterMode(Qt::MatchContains);
    m_zone->completer()->setCaseSensitivity(Qt::CaseInsensitive);
    m_times->setAccessibleName(tr("Next times"));
    auto *form = new QFormLayout;
    form->setContentsMargins(0, 0, 0, 0);
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    form->setHorizontalSpacing(metrics::normal());
    form->setVerticalSpacing(metrics::normal());
    form->addRow(tr("&When"), m_when);
    form->addRow(tr("Time &zone"), m_zone);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(metrics::tight());
    column->addLayout(form);
    // Below the form, not in a row of it, which would not be as high as the broken lines are.
    column->addWidget(m_reading);
    column->addWidget(m_cron);
    column->addWidget(m_times);
    column->addWidget(m_examples);
    connect(m_when, &QPlainTextEdit::textChanged, this, &WhenField::edited);
    connect(m_zone, &QComboBox::currentTextChanged, this, &WhenField::edited);
}

void WhenField::setValues(const QString &when, const QString &zone)
{
    m_when->setText(when);
    m_zone->setCurrentText(zone);
}

void WhenField::setWhen(const QString &when) { m_when->setText(when); }

QString WhenField::when() const { return m_when->text().trimmed(); }

QString WhenField::zone() const { return m_zone->currentText().trimmed(); }

void WhenField::setReadOnly(bool readOnly)
{
    m_when->setReadOnly(readOnly);
    m_zone->setEnabled(!readOnly);
}

void WhenField::show(const WhenPreview &preview)
{
    const api::SchedulePreview &got = preview.preview();
    m_next = got.next;
    if (got.problem || !got.badZone.isEmpty())
        showProblem(got);
    else
        showReading(preview.reading(), got);
    updateTimes();
}

void WhenField::showProblem(const api::SchedulePreview &preview)
{
    m_next.clear();
    showText(m_cron, {});
    const bool nothing = when().isEmpty();
    // In what was typed, before which there may be blanks.
    const qsizetype blanks = m_when->text().indexOf(when());
    QString text;
    if (!preview.badZone.isEmpty()) {
        text = describe(
            Error{.code = ErrorCode::InvalidArgument, .detail = preview.badZone, .where = u"zone"_s});
        m_when->setMark(-1, 0);
    } else {
        const api::WhenProblemInfo &problem = *preview.problem;
        text = describe(whenProblemFrom(
            QStringList{problem.mistake, QString::number(problem.position), problem.found, problem.expected}
                .join(u'\n')));
        m_when->setMark(blanks + problem.position, problem.found.size());
    }
    m_reading->setFact(nothing ? QString() : text, {u"warning"_s, &ThemeColors::failed});
    showText(m_examples, describeWhenExamples());
}

void WhenField::showReading(const QString &reading, const api::SchedulePreview &preview)
{
    m_when->setMark(-1, 0);
    m_reading->setFact(reading, {u"later"_s, &ThemeColors::running});
    showText(m_cron, preview.cron == when() ? QString() : describeCron(preview.cron));
    showText(m_examples, {});
    if (!reading.isEmpty() && preview.next.empty())
        showText(
            m_examples,
            describe(Error{.code = ErrorCode::Conflict, .detail = u"expired"_s, .where = u"schedule"_s}));
}

void WhenField::updateTimes()
{
    const qint64 now = QDateTime::currentMSecsSinceEpoch();
    QStringList lines = describeTimes(m_next, now);
    const QString own = QString::fromLatin1(QTimeZone::systemTimeZoneId());
    if (!lines.isEmpty() && own != zone())
        lines.prepend(tr("In your zone, %1:").arg(own));
    if (const QString text = lines.join(u'\n'); text != m_times->text())
        showText(m_times, text);
}

} // namespace muster
