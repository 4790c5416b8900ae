#include "ui/dialogs/schedule_dialog.h"

#include "core/viewmodel/describe_firing.h"
#include "core/viewmodel/describe_schedule.h"
#include "core/viewmodel/node_feed.h"
#include "core/viewmodel/project_context.h"
#include "core/viewmodel/schedule_desk.h"
#include "core/viewmodel/when_preview.h"
#include "ui/dialogs/schedule_rules_form.h"
#include "ui/dialogs/schedule_start_form.h"
#include "ui/dialogs/when_field.h"
#include "ui/theme/metrics.h"
#include "ui/widgets/marked_line.h"
#include "ui/widgets/notice_banner.h"
#include "ui/widgets/wrapped_label.h"

#include <QCheckBox>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLineEdit>
#include <QPushButton>
#include <QScreen>
#include <QScrollArea>
#include <QTimeZone>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace muster {
namespace {

constexpr int secondMs = 1000;
constexpr int widthUnits = 150;
constexpr int heightUnits = 190;
constexpr int leastWidthUnits = 90;

StatusLook amber() { return {u"warning"_s, &ThemeColors::waiting}; }

void addPart(QVBoxLayout *column, const QString &title, QWidget *part)
{
    auto *label = new QLabel(title, part->parentWidget());
    label->setProperty("role", u"heading"_s);
    column->addSpacing(metrics::normal());
    column->addWidget(label);
    column->addWidget(part);
}

} // namespace

ScheduleDialog::ScheduleDialog(NodeFeed *feed, ProjectContext *context, api::ScheduleInfo schedule,
                               QWidget *parent)
    : QDialog(parent)
    , m_feed(feed)
    , m_context(context)
    , m_schedule(std::move(schedule))
    , m_desk(new ScheduleDesk(&feed->node(), this))
    , m_preview(new WhenPreview(&feed->node(), this))
    , m_notice(new NoticeBanner(this))
    , m_collision(new NoticeBanner(this))
    , m_leave(new NoticeBanner(this))
    , m_scroll(new QScrollArea(this))
    , m_name(new QLineEdit(this))
    , m_start(new ScheduleStartForm(feed, context, this))
    , m_when(new WhenField(this))
    , m_rules(new ScheduleRulesForm(this))
    , m_paused(new QCheckBox(tr("Begin pa&used"), this))
    , m_error(wrappedLabel(u"error"_s, this))
    , m_save(new QPushButton(tr("&Save"), this))
{
    const bool isNew = !m_schedule.id.isValid();
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(isNew ? tr("New schedule") : tr("Schedule %1").arg(m_schedule.spec.name));
    if (isNew && m_schedule.spec.zone.isEmpty())
        m_schedule.spec.zone = QString::fromLatin1(QTimeZone::systemTimeZoneId());
    m_paused->setVisible(isNew);
    m_paused->setAccessibleName(tr("Begin paused"));
    makeBanners();
    layOut();
    setSpec(m_schedule.spec);
    m_begun = spec();
    connect(m_name, &QLineEdit::textChanged, this, &ScheduleDialog::onEdited);
    connect(m_start, &ScheduleStartForm::edited, this, &ScheduleDialog::onEdited);
    connect(m_start, &ScheduleStartForm::inputsShown, this, &ScheduleDialog::updateButton);
    connect(m_start, &ScheduleStartForm::inputsShown, this, &ScheduleDialog::lineUp);
    connect(m_when, &WhenField::edited, this, &ScheduleDialog::onEdited);
    connect(m_rules, &ScheduleRulesForm::edited, this, &ScheduleDialog::onEdited);
    connect(m_preview, &WhenPreview::changed, this, &ScheduleDialog::showPreview);
    m_second.setInterval(secondMs);
    connect(&m_second, &QTimer::timeout, m_when, &WhenField::updateTimes);
    m_second.start();
    askPools();
    askPreview();
    updateButton();
    lineUp();
    m_name->setFocus();
}

void ScheduleDialog::makeBanners()
{
    if (!m_schedule.file.isEmpty()) {
        m_notice->setNotice(
            describe(Error{.code = ErrorCode::Conflict, .detail = u"file"_s, .where = m_schedule.file}),
            {u"file"_s, &ThemeColors::neutral});
        m_name->setReadOnly(true);
        m_start->setReadOnly(true);
        m_when->setReadOnly(true);
        m_rules->setReadOnly(true);
        m_save->hide();
    }
    makeSaveBanners();
}

void ScheduleDialog::makeSaveBanners()
{
    QPushButton *anyway = m_collision->addButton(tr("Save &anyway"),
                                                 tr("They may run at the same time; what has no slot waits"));
    m_shift = m_collision->addButton(tr("Shift"), tr("The smallest shift with which it meets nobody"));
    connect(anyway, &QPushButton::clicked, this, &ScheduleDialog::save);
    connect(m_shift, &QPushButton::clicked, this, &ScheduleDialog::shift);
    QPushButton *drop = m_leave->addButton(tr("Close &without saving"), tr("What you have written is lost"));
    QPushButton *stay = m_leave->addButton(tr("&Keep writing"), tr("Back to the form"));
    connect(drop, &QPushButton::clicked, this, [this] { QDialog::reject(); });
    connect(stay, &QPushButton::clicked, this, [this] {
        m_leave->setNotice({}, {});
        m_name->setFocus();
    });
}

QWidget *ScheduleDialog::makeForm()
{
    auto *form = new QWidget(m_scroll);
    auto *column = new QVBoxLayout(form);
    column->setContentsMargins(metrics::wide(), metrics::normal(), metrics::wide(), metrics::wide());
    column->setSpacing(metrics::normal());
    auto *name = new QWidget(form);
    auto *row = new QFormLayout(name);
    row->setContentsMargins(0, 0, 0, 0);
    row->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    row->setHorizontalSpacing(metrics::normal());
    row->addRow(tr("&Name"), m_name);
    m_name->setAccessibleName(tr("Name"));
    column->addWidget(name);
    addPart(column, tr("What it starts"), m_start);
    addPart(column, tr("When it fires"), m_when);
    addPart(column, tr("Limits and rules"), m_rules);
    column->addWidget(m_paused);
    column->addStretch();
    return form;
}

QWidget *ScheduleDialog::makeButtons()
{
    auto *bar = new QWidget(this);
    auto *column = new QVBoxLayout(bar);
    column->setContentsMargins(metrics::wide(), metrics::normal(), metrics::wide(), metrics::wide());
    const bool readOnly = !m_schedule.file.isEmpty();
    auto *buttons = new QDialogButtonBox(readOnly ? QDialogButtonBox::Close : QDialogButtonBox::Cancel, bar);
    m_save->setProperty("role", u"primary"_s);
    m_save->setDefault(true);
    if (!readOnly)
        buttons->addButton(m_save, QDialogButtonBox::ActionRole);
    connect(m_save, &QPushButton::clicked, this, &ScheduleDialog::save);
    connect(buttons, &QDialogButtonBox::rejected, this, &ScheduleDialog::reject);
    column->addWidget(m_error);
    column->addWidget(buttons);
    return bar;
}

void ScheduleDialog::layOut()
{
    m_scroll->setWidgetResizable(true);
    m_scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_scroll->setProperty("role", u"page"_s);
    m_scroll->setFocusPolicy(Qt::NoFocus);
    m_scroll->setWidget(makeForm());
    auto *line = new QFrame(this);
    line->setProperty("role", u"line"_s);
    line->setFixedHeight(1);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_notice);
    column->addWidget(m_scroll, 1);
    column->addWidget(line);
    column->addWidget(m_collision);
    column->addWidget(m_leave);
    column->addWidget(makeButtons());
    setMinimumWidth(metrics::units(leastWidthUnits));
    resize(
        QSize(metrics::units(widthUnits), metrics::units(heightUnits)).boundedTo(screen()->availableSize()));
}

// Its parts look like one form.
void ScheduleDialog::lineUp()
{
    QList<QWidget *> labels;
    const auto forms = m_scroll->widget()->findChildren<QFormLayout *>();
    for (const QFormLayout *form : forms) {
        for (int row = 0; row < form->rowCount(); ++row) {
            const QLayoutItem *item = form->itemAt(row, QFormLayout::LabelRole);
            if (item && item->widget())
                labels += item->widget();
        }
    }
    int widest = 0;
    for (const QWidget *label : std::as_const(labels))
        widest = std::max(widest, label->sizeHint().width());
    for (QWidget *label : std::as_const(labels))
        label->setMinimumWidth(widest);
}

void ScheduleDialog::setSpec(const api::ScheduleSpec &spec)
{
    m_filling = true;
    m_name->setText(spec.name);
    m_start->setSpec(spec);
    m_when->setValues(spec.when, spec.zone);
    m_rules->setSpec(spec);
    m_rules->setOfPrompt(m_start->isPrompt());
    m_filling = false;
}

// What the form does not show stays as it was.
api::ScheduleSpec ScheduleDialog::spec() const
{
    api::ScheduleSpec spec = m_schedule.spec;
    spec.name = m_name->text().trimmed();
    m_start->writeTo(spec);
    spec.when = m_when->when();
    spec.zone = m_when->zone();
    m_rules->writeTo(spec);
    return spec;
}

void ScheduleDialog::onEdited()
{
    if (m_filling)
        return;
    m_touched = true;
    m_rules->setOfPrompt(m_start->isPrompt());
    lineUp(); // a flow has inputs of its own
    m_leave->setNotice({}, {});
    updateButton();
    askPreview();
}

void ScheduleDialog::askPreview()
{
    m_preview->ask({.project = m_context->project().path, .schedule = m_schedule.id, .spec = spec()});
}

void ScheduleDialog::showPreview()
{
    m_when->show(*m_preview);
    const auto &alike = m_preview->preview().calibration;
    m_start->setCalibration(alike ? describe(*alike) : QString());
    showCollision();
}

void ScheduleDialog::showCollision()
{
    const auto &collision = m_preview->preview().collision;
    if (!collision || !m_schedule.file.isEmpty()) {
        m_collision->setNotice({}, amber());
        return;
    }
    m_shift->setText(tr("S&hift by %n min", nullptr, collision->shiftMinutes));
    m_shift->setVisible(collision->shiftMinutes > 0);
    m_collision->setNotice(describe(*collision), amber());
}

void ScheduleDialog::shift()
{
    const auto collision = m_preview->preview().collision;
    if (!collision)
        return;
    if (collision->shiftedWhen.isEmpty()) {
        m_schedule.spec.anchorAt = collision->shiftedAnchorAt;
        onEdited();
    } else {
        m_when->setWhen(collision->shiftedWhen);
    }
    m_when->line()->setFocus();
}

void ScheduleDialog::updateButton()
{
    const QString startProblem = m_start->problem();
    const QString problem = startProblem.isEmpty() ? m_rules->problem() : startProblem;
    showText(m_error, problem);
    m_save->setEnabled(!m_saving && problem.isEmpty());
}

void ScheduleDialog::save()
{
    if (m_saving || !m_save->isEnabled())
        return;
    m_saving = true;
    updateButton();
    m_desk->save({.schedule = m_schedule.id,
                  .project = m_context->project().path,
                  .spec = spec(),
                  .revision = m_schedule.revision,
                  .paused = m_paused->isChecked()},
                 this, [this](const Result<ScheduleId> &saved) { onSaved(saved); });
}

void ScheduleDialog::onSaved(const Result<ScheduleId> &saved)
{
    m_saving = false;
    updateButton();
    if (saved) {
        m_context->setSchedule(*saved);
        accept();
        return;
    }
    const Error &error = saved.error();
    if (error.code == ErrorCode::Conflict && error.where == "revision"_L1) {
        onConflict();
        return;
    }
    showText(m_error, describe(error));
    if (QWidget *wrong = field(error.where)) {
        wrong->setFocus();
        m_scroll->ensureWidgetVisible(wrong);
    }
}

void ScheduleDialog::onConflict()
{
    m_feed->node().query(api::ShowSchedule{.schedule = m_schedule.id, .limit = 0}, this,
                         [this](const Result<api::ScheduleDetail> &detail) {
        if (detail)
            join(detail->schedule);
        else
            showText(m_error, describe(detail.error()));
    });
}

void ScheduleDialog::join(const api::ScheduleInfo &theirs)
{
    const ScheduleMerge merge = mergeSchedules(m_schedule.spec, spec(), theirs.spec);
    m_schedule = theirs;
    setSpec(merge.spec);
    m_schedule.spec.anchorAt = merge.spec.anchorAt;
    QStringList told{tr("Somebody else has changed this schedule meanwhile. What you wrote is still here.")};
    if (!merge.taken.isEmpty())
        told += tr("Taken over from there: %1.").arg(namesOf(merge.taken));
    if (!merge.both.isEmpty())
        told += tr("Changed there too, and yours stands: %1.").arg(namesOf(merge.both));
    told += tr("Look at it, and save again.");
    m_notice->setNotice(told.join(u' '), amber());
    askPreview();
    updateButton();
}

QWidget *ScheduleDialog::field(const QString &key) const
{
    if (key == "name"_L1)
        return m_name;
    if (key == "when"_L1 || key == "zone"_L1 || key == "anchor_at"_L1)
        return m_when->line();
    QWidget *found = m_start->field(key);
    return found ? found : m_rules->field(key);
}

QString ScheduleDialog::namesOf(const QStringList &keys) const
{
    QStringList names;
    for (const QString &key : keys) {
        const QWidget *control = field(key);
        names += control && !control->accessibleName().isEmpty() ? control->accessibleName() : key;
    }
    names.removeDuplicates();
    return names.join(u", "_s);
}

void ScheduleDialog::askPools()
{
    m_feed->node().query(api::ListPools{}, this, [this](const Result<std::vector<api::PoolInfo>> &pools) {
        if (pools)
            m_rules->setPools(*pools);
    });
}

void ScheduleDialog::reject()
{
    const bool asked = !m_leave->text().isEmpty();
    if (asked || !m_touched || spec() == m_begun || !m_schedule.file.isEmpty()) {
        QDialog::reject();
        return;
    }
    m_leave->setNotice(tr("What you have written is not saved."), amber());
}

} // namespace muster
