#include "ui/dialogs/start_run_dialog.h"

#include "core/viewmodel/describe.h"
#include "core/viewmodel/describe_run.h"
#include "core/viewmodel/flow_list_model.h"
#include "core/viewmodel/project_context.h"
#include "core/viewmodel/run_starter.h"
#include "ui/dialogs/flow_inputs_form.h"
#include "ui/dialogs/preflight_panel.h"
#include "ui/theme/metrics.h"
#include "ui/widgets/fact_line.h"
#include "ui/widgets/wrapped_label.h"

#include <QComboBox>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QPointer>
#include <QPushButton>
#include <QScreen>
#include <QScrollArea>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace muster {
namespace {

constexpr int mostProblems = 8;

} // namespace

StartRunDialog::StartRunDialog(NodeFeed *feed, ProjectContext *context, RunStarter *starter, QString flow,
                               QWidget *parent)
    : QDialog(parent)
    , m_feed(feed)
    , m_context(context)
    , m_starter(starter)
    , m_wanted(std::move(flow))
    , m_flows(new FlowListModel(feed, context, this))
    , m_content(new QWidget(this))
    , m_flow(new QComboBox(m_content))
    , m_description(wrappedLabel(u"muted"_s, m_content))
    , m_inputs(new FlowInputsForm(m_content))
    , m_runtime(new QComboBox(m_content))
    , m_accepted(new FactLine(m_content))
    , m_forecast(new PreflightPanel(feed, m_content))
    , m_problems(wrappedLabel(u"text"_s, m_content))
    , m_error(wrappedLabel(u"error"_s, m_content))
    , m_buttons(new QDialogButtonBox(QDialogButtonBox::Cancel, this))
    , m_start(new QPushButton(tr("&Start"), this))
{
    setWindowTitle(tr("Start a flow"));
    setAttribute(Qt::WA_DeleteOnClose);
    layOut();
    m_flow->setModel(m_flows);
    m_flow->setAccessibleName(tr("Flow"));
    m_runtime->setAccessibleName(tr("Runtime"));
    m_runtime->addItem(tr("As the flow says"), QString());
    connect(m_flows, &FlowListModel::loaded, this, &StartRunDialog::onFlows);
    connect(m_flow, &QComboBox::currentIndexChanged, this, &StartRunDialog::showFlow);
    m_accepted->setAccessibleName(tr("What a run may do without asking"));
    connect(m_inputs, &FlowInputsForm::edited, this, &StartRunDialog::updateButton);
    connect(m_inputs, &FlowInputsForm::edited, this, &StartRunDialog::askForecast);
    connect(m_runtime, &QComboBox::currentIndexChanged, this, &StartRunDialog::askForecast);
    connect(m_forecast, &PreflightPanel::shown, this, &StartRunDialog::fit);
    m_flows->setActive(true);
    askRuntimes();
    updateButton();
}

void StartRunDialog::layOut()
{
    auto *form = m_form = new QFormLayout;
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    form->setHorizontalSpacing(metrics::normal()); // as in the form of inputs, which stands below
    form->setVerticalSpacing(metrics::normal());
    form->addRow(tr("&Flow"), m_flow);
    m_description->setAlignment(Qt::AlignLeft | Qt::AlignTop); // close to its field
    form->addRow(QString(), m_description);
    form->addRow(tr("&Runtime"), m_runtime);
    m_start->setProperty("role", u"primary"_s);
    m_start->setDefault(true);
    m_buttons->addButton(m_start, QDialogButtonBox::AcceptRole);
    connect(m_start, &QPushButton::clicked, this, &StartRunDialog::start);
    connect(m_buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    // On a small screen it is higher than there is room.
    auto *scroll = new QScrollArea(this);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setFocusPolicy(Qt::NoFocus);
    scroll->setWidget(m_content);
    scroll->setProperty("role", u"page"_s);
    auto *column = new QVBoxLayout(m_content);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(metrics::units(3));
    column->addLayout(form);
    column->addWidget(m_inputs);
    column->addWidget(m_accepted);
    column->addWidget(m_forecast);
    column->addWidget(m_problems);
    column->addWidget(m_error);
    column->addStretch();
    auto *all = new QVBoxLayout(this);
    all->setContentsMargins(metrics::wide(), metrics::wide(), metrics::wide(), metrics::wide());
    all->setSpacing(metrics::units(3));
    all->addWidget(scroll, 1);
    all->addWidget(m_buttons);
    setMinimumWidth(metrics::units(110));
}

// As adjustSize(), which stops at two thirds of the screen. Its texts are as high as the width makes them.
void StartRunDialog::fit()
{
    ensurePolished();
    m_content->layout()->activate();
    const QMargins margins = layout()->contentsMargins();
    const int around = margins.left() + margins.right();
    const int wanted = std::max(m_content->minimumSizeHint().width() + around, minimumWidth());
    const int before = height();
    int high = margins.top() + margins.bottom() + layout()->spacing() + m_buttons->sizeHint().height() +
               m_content->layout()->totalHeightForWidth(wanted - around);
    // It does not shrink under the hands of whoever types.
    if (m_inputs->isAncestorOf(focusWidget()))
        high = std::max(high, before);
    const QRect room = screen()->availableGeometry();
    resize(QSize(wanted, high).boundedTo(room.size()));
    if (!isVisible() || height() == before)
        return;
    // Around its middle, and not beyond the screen.
    const int top = std::min(y() - (height() - before) / 2, room.bottom() - frameGeometry().height());
    move(x(), std::max(room.top(), top));
}

const api::FlowInfo *StartRunDialog::chosen() const { return m_flows->rowAt(m_flow->currentIndex()); }

void StartRunDialog::onFlows()
{
    int row = m_wanted.isEmpty() ? -1 : m_flow->findText(m_wanted);
    for (int i = 0; row < 0 && i < m_flows->rowCount(); ++i) {
        if (m_flows->rowAt(i)->usable)
            row = i;
    }
    m_flow->setCurrentIndex(std::max(row, 0));
    showFlow();
}

void StartRunDialog::showFlow()
{
    const api::FlowInfo *flow = chosen();
    if (!flow)
        return;
    showText(m_description, flow->description);
    m_inputs->setInputs(flow->inputs);
    m_inputs->followInTabOrder(m_runtime);
    lineUp();
    showText(m_error, flow->trusted
                          ? QString()
                          : tr("This flow belongs to the project and does nothing until you trust it."));
    showText(m_problems, {});
    m_accepted->setFact({}, {});
    if (flow->trusted)
        check(*flow);
    askForecast();
    updateButton();
    fit();
}

void StartRunDialog::askForecast()
{
    const api::FlowInfo *flow = chosen();
    if (!flow || flow->problemCount > 0)
        m_forecast->clear();
    else
        m_forecast->ask({.project = m_context->project().path,
                         .flow = flow->path.isEmpty() ? flow->name : flow->path,
                         .inputs = m_inputs->values(),
                         .runtime = m_runtime->currentData().toString()});
}

void StartRunDialog::lineUp()
{
    QList<QWidget *> labels{m_form->labelForField(m_flow), m_form->labelForField(m_runtime)};
    const QList<QLabel *> ofInputs = m_inputs->labels();
    labels.append(QList<QWidget *>(ofInputs.cbegin(), ofInputs.cend()));
    int widest = 0;
    for (const QWidget *label : std::as_const(labels))
        widest = std::max(widest, label->sizeHint().width());
    for (QWidget *label : std::as_const(labels))
        label->setMinimumWidth(widest);
}

void StartRunDialog::check(const api::FlowInfo &flow)
{
    const api::CheckFlow query{.project = m_context->project().path,
                               .flow = flow.path.isEmpty() ? flow.name : flow.path};
    m_feed->node().query(query, this, [this, name = flow.name](const Result<api::FlowCheckInfo> &check) {
        if (check && chosen() && chosen()->name == name)
            showProblems(*check);
    });
}

void StartRunDialog::showProblems(const api::FlowCheckInfo &check)
{
    QStringList lines;
    for (const api::FlowProblemInfo &problem : check.problems) {
        if (lines.size() == mostProblems) {
            lines += tr("… and %n more", nullptr, static_cast<int>(check.problems.size()) - mostProblems);
            break;
        }
        const FlowProblemText text = describe(problem);
        lines += tr("Line %1:%2 – %3").arg(problem.line).arg(problem.column).arg(text.message) %
                 (text.hint.isEmpty() ? QString() : QString(u' ' % text.hint));
    }
    showText(m_problems, lines.join(u'\n'));
    m_accepted->setFact(describeAccepted(check).join(u'\n'), lookOf(InboxKind::Permission));
    fit();
}

void StartRunDialog::askRuntimes()
{
    m_feed->node().query(api::ListRuntimes{}, this,
                         [this](const Result<std::vector<api::RuntimeInfo>> &list) {
        if (!list)
            return;
        for (const api::RuntimeInfo &runtime : *list) {
            if (runtime.state == "ready"_L1)
                m_runtime->addItem(runtime.label.isEmpty() ? runtime.id : runtime.label, runtime.id);
        }
    });
}

void StartRunDialog::start()
{
    const api::FlowInfo *flow = chosen();
    if (!flow || m_starting)
        return;
    m_starting = true;
    updateButton();
    const api::StartRun request{
        .flow = flow->name, .inputs = m_inputs->values(), .runtime = m_runtime->currentData().toString()};
    // The dialog may be closed while the node thinks; the run starts all the same.
    m_starter->start(request, [self = QPointer(this)](const Result<RunId> &run) {
        if (!self)
            return;
        self->m_starting = false;
        if (run) {
            self->accept();
            return;
        }
        self->updateButton();
        showText(self->m_error, describe(run.error()));
    });
}

void StartRunDialog::updateButton()
{
    const api::FlowInfo *flow = chosen();
    const QStringList wrong = m_inputs->notNumbers();
    if (flow && flow->trusted)
        showText(m_error, wrong.isEmpty() ? QString() : tr("Not a number: %1").arg(wrong.join(u", "_s)));
    m_start->setEnabled(flow && flow->usable && !m_starting && m_inputs->missing().isEmpty() &&
                        wrong.isEmpty());
}

} // namespace muster
