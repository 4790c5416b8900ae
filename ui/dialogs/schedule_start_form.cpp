#include "ui/dialogs/schedule_start_form.h"

#include "core/viewmodel/flow_list_model.h"
#include "core/viewmodel/project_context.h"
#include "ui/dialogs/flow_inputs_form.h"
#include "ui/theme/metrics.h"
#include "ui/widgets/wrapped_label.h"

#include <QButtonGroup>
#include <QComboBox>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QRadioButton>
#include <QStackedWidget>

using namespace Qt::StringLiterals;

namespace muster {
namespace {

enum Kind : std::uint8_t { Prompt, Flow };

constexpr int promptLines = 4;
constexpr int patternLines = 2;

QPlainTextEdit *textBox(const QString &name, const QString &nothing, int lines, QWidget *parent)
{
    auto *box = new QPlainTextEdit(parent);
    box->setAccessibleName(name);
    box->setPlaceholderText(nothing);
    box->setTabChangesFocus(true);
    box->setFixedHeight(box->fontMetrics().lineSpacing() * lines + metrics::units(5));
    return box;
}

QComboBox *combo(const QString &name, QWidget *parent)
{
    auto *box = new QComboBox(parent);
    box->setAccessibleName(name);
    box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    box->setMinimumContentsLength(12);
    return box;
}

// What is said already stays to be chosen, whether it is there or not.
void choose(QComboBox *box, const QString &data)
{
    if (box->findData(data) < 0)
        box->addItem(data, data);
    box->setCurrentIndex(box->findData(data));
}

QStringList linesOf(const QPlainTextEdit *box)
{
    QStringList lines = box->toPlainText().split(u'\n');
    for (QString &line : lines)
        line = line.trimmed();
    lines.removeAll(QString());
    return lines;
}

QFormLayout *formIn(QWidget *page)
{
    auto *form = new QFormLayout(page);
    form->setContentsMargins(0, 0, 0, 0);
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    form->setHorizontalSpacing(metrics::normal());
    form->setVerticalSpacing(metrics::normal());
    return form;
}

} // namespace

ScheduleStartForm::ScheduleStartForm(NodeFeed *feed, ProjectContext *context, QWidget *parent)
    : QWidget(parent)
    , m_feed(feed)
    , m_context(context)
    , m_flows(new FlowListModel(feed, context, this))
    , m_kind(new QButtonGroup(this))
    , m_pages(new QStackedWidget(this))
    , m_prompt(textBox(tr("Prompt"), tr("What the agent is told"), promptLines, this))
    , m_calibration(wrappedLabel(u"muted"_s, this))
    , m_profile(combo(tr("Profile"), this))
    , m_model(combo(tr("Model"), this))
    , m_mayWrite(
          textBox(tr("Files that it may write"), tr("Patterns, one a line: docs/**"), patternLines, this))
    , m_mayRun(
          textBox(tr("Commands that it may run"), tr("Patterns, one a line: make test"), patternLines, this))
    , m_flow(combo(tr("Flow"), this))
    , m_description(wrappedLabel(u"muted"_s, this))
    , m_inputs(new FlowInputsForm(this))
    , m_runtime(combo(tr("Runtime"), this))
{
    m_model->setEditable(true);
    m_model->setInsertPolicy(QComboBox::NoInsert);
    m_model->lineEdit()->setPlaceholderText(tr("As usual"));
    m_model->lineEdit()->setAccessibleName(tr("Model"));
    m_profile->addItem(tr("None"), QString());
    m_runtime->addItem(tr("As usual"), QString());
    m_pages->addWidget(makePrompt());
    m_pages->addWidget(makeFlow());
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(metrics::normal());
    column->addWidget(makeChoice());
    column->addWidget(m_pages);
    auto *by = new QWidget(this);
    formIn(by)->addRow(tr("Ru&ntime"), m_runtime);
    column->addWidget(by);
    for (const QPlainTextEdit *box : {m_prompt, m_mayWrite, m_mayRun})
        connect(box, &QPlainTextEdit::textChanged, this, &ScheduleStartForm::edited);
    for (const QComboBox *box : {m_profile, m_runtime})
        connect(box, &QComboBox::currentIndexChanged, this, &ScheduleStartForm::edited);
    connect(m_model, &QComboBox::currentTextChanged, this, &ScheduleStartForm::edited);
    connect(m_inputs, &FlowInputsForm::edited, this, &ScheduleStartForm::edited);
    connect(m_kind, &QButtonGroup::idClicked, this, [this] {
        showKind();
        emit edited();
    });
    connect(m_flow, &QComboBox::currentIndexChanged, this, [this] {
        showFlow(); // what is missing is what this one needs
        emit edited();
    });
    connect(m_runtime, &QComboBox::currentIndexChanged, this, &ScheduleStartForm::showModels);
    connect(m_flows, &FlowListModel::loaded, this, &ScheduleStartForm::onFlows);
    m_flows->setActive(true);
    askLists();
    showKind();
}

QWidget *ScheduleStartForm::makeChoice()
{
    auto *row = new QWidget(this);
    auto *line = new QHBoxLayout(row);
    line->setContentsMargins(0, 0, 0, 0);
    line->setSpacing(metrics::wide());
    auto *prompt = new QRadioButton(tr("A &prompt"), row);
    auto *flow = new QRadioButton(tr("A &flow"), row);
    prompt->setAccessibleName(tr("Starts a prompt"));
    flow->setAccessibleName(tr("Starts a flow"));
    m_kind->addButton(prompt, Prompt);
    m_kind->addButton(flow, Flow);
    prompt->setChecked(true);
    line->addWidget(prompt);
    line->addWidget(flow);
    line->addStretch();
    return row;
}

QWidget *ScheduleStartForm::makePrompt()
{
    auto *page = new QWidget(m_pages);
    QFormLayout *form = formIn(page);
    auto *column = new QVBoxLayout;
    column->setSpacing(metrics::tight());
    column->addWidget(m_prompt);
    column->addWidget(m_calibration);
    form->addRow(tr("Promp&t"), column);
    qobject_cast<QLabel *>(form->labelForField(column))->setBuddy(m_prompt);
    form->addRow(tr("P&rofile"), m_profile);
    form->addRow(tr("&Model"), m_model);
    form->addRow(tr("May write"), m_mayWrite);
    form->addRow(tr("May run"), m_mayRun);
    return page;
}

QWidget *ScheduleStartForm::makeFlow()
{
    auto *page = new QWidget(m_pages);
    auto *column = new QVBoxLayout(page);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(metrics::normal());
    auto *first = new QWidget(page);
    QFormLayout *form = formIn(first);
    form->addRow(tr("F&low"), m_flow);
    form->addRow(QString(), m_description);
    column->addWidget(first);
    column->addWidget(m_inputs);
    column->addStretch();
    return page;
}

void ScheduleStartForm::askLists()
{
    const QString project = m_context->project().path;
    m_feed->node().query(api::ListProfiles{.project = project}, this,
                         [this](const Result<QStringList> &names) {
        if (!names)
            return;
        const QSignalBlocker quiet(m_profile);
        const QString chosen = m_profile->currentData().toString();
        for (const QString &name : *names) {
            if (m_profile->findData(name) < 0)
                m_profile->addItem(name, name);
        }
        choose(m_profile, chosen);
    });
    m_feed->node().query(api::ListRuntimes{}, this,
                         [this](const Result<std::vector<api::RuntimeInfo>> &runtimes) {
        if (runtimes)
            takeRuntimes(*runtimes);
    });
}

void ScheduleStartForm::takeRuntimes(const std::vector<api::RuntimeInfo> &runtimes)
{
    m_runtimes = runtimes;
    const QSignalBlocker quiet(m_runtime);
    const QString chosen = m_runtime->currentData().toString();
    for (const api::RuntimeInfo &runtime : m_runtimes) {
        const QString label = runtime.label.isEmpty() ? runtime.id : runtime.label;
        if (const int at = m_runtime->findData(runtime.id); at >= 0)
            m_runtime->setItemText(at, label);
        else if (runtime.state == "ready"_L1)
            m_runtime->addItem(label, runtime.id);
    }
    choose(m_runtime, chosen);
    showModels();
}

// Those of the chosen runtime, to choose from; any other can be written.
void ScheduleStartForm::showModels()
{
    const QSignalBlocker quiet(m_model);
    const QString written = m_model->currentText();
    m_model->clear();
    const auto found =
        std::ranges::find(m_runtimes, m_runtime->currentData().toString(), &api::RuntimeInfo::id);
    if (found != m_runtimes.end()) {
        for (const api::ModelInfo &model : found->models)
            m_model->addItem(model.id);
    }
    m_model->setCurrentIndex(-1);
    m_model->setEditText(written);
}

void ScheduleStartForm::setSpec(const api::ScheduleSpec &spec)
{
    m_given = spec;
    m_kind->button(spec.flow.isEmpty() ? Prompt : Flow)->setChecked(true);
    m_prompt->setPlainText(spec.prompt);
    choose(m_profile, spec.profile);
    choose(m_runtime, spec.runtime);
    m_model->setEditText(spec.model);
    m_mayWrite->setPlainText(spec.mayWrite.join(u'\n'));
    m_mayRun->setPlainText(spec.mayRun.join(u'\n'));
    m_shownFlow.clear();
    onFlows();
    showKind();
}

void ScheduleStartForm::onFlows()
{
    const QString chosen = m_shownFlow.isEmpty() ? m_given.flow : m_flow->currentData().toString();
    const QSignalBlocker quiet(m_flow);
    m_flow->clear();
    for (const api::FlowInfo &flow : m_flows->rows())
        m_flow->addItem(flow.name, flow.name);
    if (!chosen.isEmpty() && m_flow->findData(chosen) < 0)
        m_flow->addItem(m_flows->isLoaded() ? tr("%1 (not there)").arg(chosen) : chosen, chosen);
    m_flow->setCurrentIndex(chosen.isEmpty() ? 0 : m_flow->findData(chosen));
    showFlow();
}

const api::FlowInfo *ScheduleStartForm::chosenFlow() const
{
    const auto found =
        std::ranges::find(m_flows->rows(), m_flow->currentData().toString(), &api::FlowInfo::name);
    return found == m_flows->rows().end() ? nullptr : &*found;
}

// What was written into its inputs stays while the same flow is chosen.
void ScheduleStartForm::showFlow()
{
    const api::FlowInfo *flow = chosenFlow();
    if (!flow || flow->name == m_shownFlow)
        return;
    m_shownFlow = flow->name;
    showText(m_description,
             flow->trusted ? flow->description
                           : tr("This flow belongs to the project and does nothing until you trust it."));
    const QSignalBlocker quiet(m_inputs); // it is not the person who writes
    m_inputs->setInputs(flow->inputs);
    if (flow->name == m_given.flow)
        m_inputs->setValues(m_given.inputs);
    m_inputs->setEnabled(!m_readOnly);
    emit inputsShown();
}

// The form is as high as what is chosen needs it.
void ScheduleStartForm::showKind()
{
    const int kind = m_kind->checkedId();
    for (int page = 0; page < m_pages->count(); ++page) {
        const auto policy = page == kind ? QSizePolicy::Preferred : QSizePolicy::Ignored;
        m_pages->widget(page)->setSizePolicy(QSizePolicy::Preferred, policy);
    }
    m_pages->setCurrentIndex(kind);
    m_pages->updateGeometry();
}

bool ScheduleStartForm::isPrompt() const { return m_kind->checkedId() == Prompt; }

void ScheduleStartForm::writeTo(api::ScheduleSpec &spec) const
{
    spec.runtime = m_runtime->currentData().toString();
    if (!isPrompt()) {
        spec.prompt.clear();
        spec.flow = m_flow->currentData().toString();
        // Until its inputs are known, what was said of them stays.
        spec.inputs = m_shownFlow == spec.flow ? m_inputs->values() : m_given.inputs;
        return;
    }
    spec.flow.clear();
    spec.inputs = {};
    spec.prompt = m_prompt->toPlainText();
    spec.profile = m_profile->currentData().toString();
    spec.model = m_model->currentText().trimmed();
    spec.mayWrite = linesOf(m_mayWrite);
    spec.mayRun = linesOf(m_mayRun);
}

void ScheduleStartForm::setReadOnly(bool readOnly)
{
    m_readOnly = readOnly;
    for (QPlainTextEdit *box : {m_prompt, m_mayWrite, m_mayRun})
        box->setReadOnly(readOnly);
    for (QComboBox *box : {m_profile, m_model, m_flow, m_runtime})
        box->setEnabled(!readOnly);
    const auto buttons = m_kind->buttons();
    for (QAbstractButton *button : buttons)
        button->setEnabled(!readOnly);
    m_inputs->setEnabled(!readOnly);
}

void ScheduleStartForm::setCalibration(const QString &text) { showText(m_calibration, text); }

QString ScheduleStartForm::problem() const
{
    if (isPrompt())
        return {};
    if (const QStringList missing = m_inputs->missing(); !missing.isEmpty())
        return tr("Still missing: %1").arg(missing.join(u", "_s));
    if (const QStringList wrong = m_inputs->notNumbers(); !wrong.isEmpty())
        return tr("Not a number: %1").arg(wrong.join(u", "_s));
    return {};
}

QWidget *ScheduleStartForm::field(const QString &key) const
{
    static const QHash<QString, QComboBox * ScheduleStartForm::*> boxes{
        {u"profile"_s, &ScheduleStartForm::m_profile},
        {u"runtime"_s, &ScheduleStartForm::m_runtime},
        {u"model"_s, &ScheduleStartForm::m_model},
        {u"flow"_s, &ScheduleStartForm::m_flow}};
    if (key == "prompt"_L1)
        return isPrompt() ? static_cast<QWidget *>(m_prompt) : m_flow;
    if (key == "may_write"_L1)
        return m_mayWrite;
    if (key == "may_run"_L1)
        return m_mayRun;
    if (key == "inputs"_L1)
        return m_inputs;
    return boxes.contains(key) ? this->*boxes.value(key) : nullptr;
}

} // namespace muster
