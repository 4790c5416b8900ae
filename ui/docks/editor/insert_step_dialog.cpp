#include "ui/docks/editor/insert_step_dialog.h"

#include "core/viewmodel/describe_preflight.h"
#include "core/viewmodel/node_feed.h"
#include "core/viewmodel/project_context.h"
#include "ui/theme/metrics.h"
#include "ui/widgets/wrapped_label.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLineEdit>
#include <QListWidget>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QRegularExpression>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace muster {
namespace {

constexpr int textLines = 4;
constexpr int needLines = 6;
const QString exampleList = u"${{ steps.plan.json.tasks }}"_s;

// The kinds that a few words make, by their key in the file.
constexpr std::array kinds{std::pair{"agent", "prompt"}, std::pair{"shell", "run"},
                           std::pair{"approval", "approval"}, std::pair{"script", "script"},
                           std::pair{"delay", "delay"}};

} // namespace

InsertStepDialog::InsertStepDialog(NodeFeed *feed, ProjectContext *context, const FlowGraph &graph,
                                   const QString &after, QWidget *parent)
    : QDialog(parent)
    , m_graph(graph)
    , m_kind(new QComboBox(this))
    , m_id(new QLineEdit(this))
    , m_what(new QLabel(this))
    , m_text(new QPlainTextEdit(this))
    , m_needs(new QListWidget(this))
    , m_profile(new QComboBox(this))
    , m_foreach(new QLineEdit(this))
    , m_json(new QCheckBox(tr("Its answer is &JSON"), this))
    , m_error(wrappedLabel(u"error"_s, this))
    , m_insert(new QPushButton(tr("&Insert"), this))
{
    setWindowTitle(tr("Insert a step"));
    setAttribute(Qt::WA_DeleteOnClose);
    for (const auto &[kind, key] : kinds)
        m_kind->addItem(describeKind(QString::fromLatin1(kind)), QString::fromLatin1(key));
    m_kind->setAccessibleName(tr("Kind"));
    m_id->setAccessibleName(tr("Id"));
    m_id->setMaxLength(64);
    m_id->setPlaceholderText(tr("letters, digits, “_” and “-”"));
    m_text->setTabChangesFocus(true);
    m_text->setFixedHeight(m_text->fontMetrics().lineSpacing() * textLines + 2 * metrics::normal());
    m_needs->setAccessibleName(tr("Steps that come before it"));
    m_profile->setAccessibleName(tr("Profile"));
    m_profile->addItem(tr("None"), QString());
    m_json->setAccessibleName(tr("Its answer is JSON"));
    m_foreach->setAccessibleName(tr("For each of"));
    m_foreach->setPlaceholderText(exampleList);
    fillNeeds(after);
    layOut();
    connect(m_kind, &QComboBox::currentIndexChanged, this, &InsertStepDialog::showKind);
    connect(m_id, &QLineEdit::textChanged, this, &InsertStepDialog::update);
    connect(m_text, &QPlainTextEdit::textChanged, this, &InsertStepDialog::update);
    askProfiles(feed, context);
    showKind();
}

// Those that a step of the list may name: of a loop and of `finally` it may not.
void InsertStepDialog::fillNeeds(const QString &after)
{
    for (const api::FlowStepInfo &step : m_graph.steps) {
        if (step.isFinal || !step.loop.isEmpty())
            continue;
        auto *item = new QListWidgetItem(step.id, m_needs);
        item->setFlags(Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemIsUserCheckable);
        item->setCheckState(step.id == after ? Qt::Checked : Qt::Unchecked);
        item->setToolTip(describeKind(step.kind));
    }
    m_needs->setFixedHeight(metrics::rowHeight() * std::clamp(m_needs->count(), 2, needLines));
}

void InsertStepDialog::layOut()
{
    auto *form = new QFormLayout;
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    form->addRow(tr("&Kind"), m_kind);
    form->addRow(tr("&Id"), m_id);
    m_what->setBuddy(m_text);
    form->addRow(m_what, m_text);
    form->addRow(tr("&Needs"), m_needs);
    form->addRow(tr("&Profile"), m_profile);
    form->addRow(tr("For &each of"), m_foreach);
    form->addRow(QString(), m_json);
    m_insert->setProperty("role", u"primary"_s);
    m_insert->setDefault(true);
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Cancel, this);
    buttons->addButton(m_insert, QDialogButtonBox::AcceptRole);
    connect(buttons, &QDialogButtonBox::accepted, this, &InsertStepDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(metrics::wide(), metrics::wide(), metrics::wide(), metrics::wide());
    column->setSpacing(metrics::units(3));
    column->addLayout(form);
    column->addWidget(m_error);
    column->addStretch();
    column->addWidget(buttons);
    setMinimumWidth(metrics::units(110));
}

void InsertStepDialog::askProfiles(NodeFeed *feed, ProjectContext *context)
{
    feed->node().query(api::ListProfiles{.project = context->project().path}, this,
                       [this](const Result<QStringList> &profiles) {
        for (const QString &profile : profiles.value_or(QStringList()))
            m_profile->addItem(profile, profile);
    });
}

QString InsertStepDialog::kind() const { return m_kind->currentData().toString(); }

void InsertStepDialog::showKind()
{
    const QString key = kind();
    const bool isWork = key == "prompt"_L1 || key == "run"_L1;
    m_what->setText(key == "prompt"_L1     ? tr("Pro&mpt")
                    : key == "run"_L1      ? tr("Co&mmand")
                    : key == "approval"_L1 ? tr("&Question")
                    : key == "script"_L1   ? tr("Ja&vaScript")
                                           : tr("Ho&w long"));
    m_text->setAccessibleName(QString(m_what->text()).remove(u'&'));
    m_text->setPlaceholderText(key == "delay"_L1 ? u"10m"_s : QString());
    m_profile->setEnabled(key == "prompt"_L1);
    m_foreach->setEnabled(isWork);
    m_json->setEnabled(isWork);
    update();
}

void InsertStepDialog::update()
{
    static const QRegularExpression pattern(u"^[A-Za-z_][A-Za-z0-9_-]*$"_s);
    const QString id = m_id->text();
    const bool isTaken = m_graph.indexById.contains(id);
    const bool isName = pattern.match(id).hasMatch();
    if (isTaken)
        showText(m_error, tr("There is a step of that id."));
    else
        showText(m_error,
                 id.isEmpty() || isName
                     ? QString()
                     : tr("An id begins with a letter or “_” and has letters, digits, “_” and “-”."));
    m_insert->setEnabled(isName && !isTaken && !m_text->toPlainText().trimmed().isEmpty());
}

void InsertStepDialog::accept()
{
    NewStep step{.id = m_id->text(), .kind = kind(), .text = m_text->toPlainText()};
    for (int row = 0; row < m_needs->count(); ++row) {
        if (m_needs->item(row)->checkState() == Qt::Checked)
            step.needs += m_needs->item(row)->text();
    }
    if (m_profile->isEnabled())
        step.profile = m_profile->currentData().toString();
    if (m_foreach->isEnabled())
        step.foreach = m_foreach->text().trimmed();
    if (m_json->isEnabled() && m_json->isChecked())
        step.output = u"json"_s;
    emit chosen(step);
    QDialog::accept();
}

} // namespace muster
