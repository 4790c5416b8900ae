#include "ui/dialogs/providers_page.h"

#include "core/viewmodel/describe.h"
#include "core/viewmodel/describe_runtime.h"
#include "core/viewmodel/runtime_list_model.h"
#include "ui/dialogs/accounts_panel.h"
#include "ui/theme/metrics.h"
#include "ui/widgets/list_view.h"
#include "ui/widgets/wrapped_label.h"

#include <QComboBox>
#include <QDateTime>
#include <QGridLayout>
#include <QPushButton>
#include <QScrollArea>
#include <QScrollBar>
#include <QSignalBlocker>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace muster {
namespace {

StatusLook lookOfState(const QString &state)
{
    if (state == "ready"_L1)
        return {iconForRuntimeState(state), &ThemeColors::completed};
    return {iconForRuntimeState(state),
            state == "not_installed"_L1 ? &ThemeColors::neutral : &ThemeColors::waiting};
}

RowLook lookOfRuntime(const api::RuntimeInfo &runtime)
{
    QString subtitle = describeRuntimeState(runtime.state);
    if (!runtime.path.isEmpty() && runtime.signIn == "unknown"_L1)
        subtitle += u" · "_s + ProvidersPage::tr("sign-in not known");
    return {.sign = lookOfState(runtime.state),
            .title = runtime.label,
            .trailing = runtime.isDefault ? ProvidersPage::tr("default") : runtime.version,
            .subtitle = subtitle,
            .quiet = runtime.state == "not_installed"_L1};
}

QString modelsOf(const api::RuntimeInfo &runtime)
{
    QStringList lines;
    for (const api::ModelInfo &model : runtime.models)
        lines += model.id + u": "_s + describePrices(model);
    return lines.join(u'\n');
}

} // namespace

ProvidersPage::ProvidersPage(NodeFeed *feed, QWidget *parent)
    : QWidget(parent)
    , m_feed(feed)
    , m_model(new RuntimeListModel(feed, this))
    , m_default(new QComboBox(this))
    , m_again(new QPushButton(tr("Check a&gain"), this))
    , m_problem(wrappedLabel(u"error"_s, this))
    , m_facts(new QGridLayout)
{
    m_list = new ListView(tr("Runtimes"), [this](const QModelIndex &index) {
        return lookOfRuntime(*m_model->rowAt(index.row()));
    }, true, this);
    m_list->setModel(m_model);
    m_default->setAccessibleName(tr("Default runtime"));
    m_again->setToolTip(tr("Look for the programs and ask them for their versions"));
    layOut();
    connect(m_list, &ListView::currentMoved, this, &ProvidersPage::showChosen);
    connect(m_again, &QPushButton::clicked, this, [this] {
        showProblem({});
        m_model->ask(true);
    });
    connect(m_default, &QComboBox::activated, this, [this](int row) {
        showProblem({});
        m_model->setDefault(m_default->itemData(row).toString());
    });
    connect(m_model, &RuntimeListModel::loaded, this, &ProvidersPage::onLoaded);
    connect(m_model, &RuntimeListModel::checkingChanged, this, &ProvidersPage::showChecking);
    connect(m_model, &RuntimeListModel::failed, this, [this](const Error &error) {
        m_notLoaded = true;
        showProblem(describe(error));
    });
    connect(m_model, &RuntimeListModel::refused, this,
            [this](const Error &error) { showProblem(describe(error)); });
    showChecking();
    showChosen();
}

QLabel *ProvidersPage::addFact(const QString &name)
{
    auto *label = new QLabel(name, this);
    label->setProperty("role", u"muted"_s);
    auto *value = new QLabel(this);
    value->setTextFormat(Qt::PlainText);
    value->setWordWrap(true);
    value->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    value->setAccessibleName(name);
    const int row = m_facts->rowCount();
    m_facts->addWidget(label, row, 0, Qt::AlignTop);
    m_facts->addWidget(value, row, 1);
    label->setBuddy(value);
    return value;
}

void ProvidersPage::addAccounts()
{
    m_accounts = new AccountsPanel(m_feed, this);
    auto *label = new QLabel(tr("Accounts"), this);
    label->setProperty("role", u"muted"_s);
    const int row = m_facts->rowCount();
    m_facts->addWidget(label, row, 0, 1, 2);
    m_facts->addWidget(m_accounts, row + 1, 0, 1, 2);
    connect(m_accounts, &AccountsPanel::changed, m_model, [this] { m_model->ask(false); });
}

// A fact without words takes no room.
void ProvidersPage::setFact(QLabel *value, const QString &text)
{
    value->setText(text);
    value->setVisible(!text.isEmpty());
    const auto labels = findChildren<QLabel *>();
    for (QLabel *label : labels) {
        if (label->buddy() == value)
            label->setVisible(!text.isEmpty());
    }
}

void ProvidersPage::layOut()
{
    m_facts->setColumnStretch(1, 1);
    m_facts->setHorizontalSpacing(metrics::wide());
    m_facts->setVerticalSpacing(metrics::normal());
    m_state = addFact(tr("State"));
    m_advice = addFact(tr("To do"));
    m_program = addFact(tr("Program"));
    m_version = addFact(tr("Version"));
    m_signIn = addFact(tr("Sign-in"));
    m_limit = addFact(tr("Limit"));
    addAccounts();
    m_models = addFact(tr("Models"));
    m_abilities = addFact(tr("Abilities"));

    auto *label = new QLabel(tr("&Default runtime"), this);
    label->setBuddy(m_default);
    auto *top = new QHBoxLayout;
    top->addWidget(label);
    top->addWidget(m_default, 1);
    top->addStretch(1);
    top->addWidget(m_again);

    auto *facts = m_factsArea = new QWidget(this);
    auto *factsColumn = new QVBoxLayout(facts);
    factsColumn->setContentsMargins(metrics::wide(), 0, 0, 0);
    factsColumn->addLayout(m_facts);
    factsColumn->addStretch();
    // Models and accounts may be many, and the window low.
    auto *scroll = m_scroll = new QScrollArea(this);
    scroll->setWidget(facts);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setProperty("role", u"page"_s);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setFocusPolicy(Qt::NoFocus);
    auto *middle = new QHBoxLayout;
    middle->addWidget(m_list, 2);
    middle->addWidget(scroll, 3);

    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(metrics::units(3));
    column->addLayout(top);
    column->addLayout(middle, 1);
    column->addWidget(m_problem);
}

void ProvidersPage::showProblem(const QString &text) { showText(m_problem, text); }

void ProvidersPage::onLoaded()
{
    if (std::exchange(m_notLoaded, false))
        showProblem({});
    showDefaults();
    if (!m_list->currentIndex().isValid()) {
        const auto &rows = m_model->rows();
        const auto used = std::ranges::find_if(rows, &api::RuntimeInfo::isDefault);
        m_list->setCurrentIndex(
            m_model->index(used == rows.end() ? 0 : static_cast<int>(used - rows.begin())));
    }
    showChosen();
}

// What is ready can be the default; what is the default stays to be seen, also when it is not ready.
void ProvidersPage::showDefaults()
{
    const QSignalBlocker quiet(m_default);
    m_default->clear();
    for (const api::RuntimeInfo &runtime : m_model->rows()) {
        const bool ready = runtime.state == "ready"_L1;
        if (!ready && !runtime.isDefault)
            continue;
        m_default->addItem(ready ? runtime.label
                                 : tr("%1 (%2)").arg(runtime.label, describeRuntimeState(runtime.state)),
                           runtime.id);
        if (runtime.isDefault)
            m_default->setCurrentIndex(m_default->count() - 1);
    }
}

void ProvidersPage::showChosen()
{
    const api::RuntimeInfo *chosen = m_model->rowAt(m_list->currentIndex().row());
    const api::RuntimeInfo runtime = chosen ? *chosen : api::RuntimeInfo();
    const bool there = !runtime.path.isEmpty();
    const bool asked = there && runtime.versionState != "not_asked"_L1;
    const qint64 now = QDateTime::currentMSecsSinceEpoch();
    const QString age = describeAge(runtime.checkedAt, now);
    setFact(m_state, describeRuntimeState(runtime.state));
    setFact(m_advice, adviceFor(runtime));
    setFact(m_program, there ? runtime.path : runtime.detail);
    setFact(m_version, asked ? tr("%1 (asked %2)").arg(describeVersion(runtime), age) : QString());
    setFact(m_signIn, there ? describeSignIn(runtime) : QString());
    setFact(m_limit, runtime.accounts.empty() ? describeLimit(runtime.limit, now) : QString());
    m_accounts->setRuntime(runtime);
    setFact(m_models, modelsOf(runtime));
    setFact(m_abilities, describeAbilities(runtime.abilities));
    // It scrolls up and down only, so that nothing may be cut at its side.
    m_scroll->setMinimumWidth(m_factsArea->minimumSizeHint().width() +
                              m_scroll->verticalScrollBar()->sizeHint().width());
}

void ProvidersPage::showChecking()
{
    m_again->setEnabled(!m_model->isChecking());
    m_again->setText(m_model->isChecking() ? tr("Checking…") : tr("Check a&gain"));
}

} // namespace muster
