#include "ui/dialogs/permission_rule_dialog.h"

#include "core/viewmodel/describe.h"
#include "core/viewmodel/describe_runtime.h"
#include "core/viewmodel/permission_list_model.h"
#include "core/viewmodel/visible_text.h"
#include "ui/theme/metrics.h"
#include "ui/widgets/wrapped_label.h"

#include <QComboBox>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace muster {
namespace {

// Of these a person can make rules; of the others only answers do.
constexpr std::array sayable{ToolKind::Execute, ToolKind::Edit, ToolKind::Delete, ToolKind::Move,
                             ToolKind::Read};

QComboBox *combo(const QString &name, QWidget *parent)
{
    auto *box = new QComboBox(parent);
    box->setAccessibleName(name);
    // A long path is not to make the dialog wide.
    box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    box->setMinimumContentsLength(12);
    return box;
}

} // namespace

PermissionRuleDialog::PermissionRuleDialog(PermissionListModel *rules,
                                           const std::vector<api::ProjectInfo> &projects,
                                           api::PermissionInfo rule, QWidget *parent)
    : QDialog(parent)
    , m_rules(rules)
    , m_rule(std::move(rule))
    , m_effect(combo(tr("Effect"), this))
    , m_kind(combo(tr("Act"), this))
    , m_pattern(new QLineEdit(this))
    , m_hint(wrappedLabel(u"muted"_s, this))
    , m_project(combo(tr("Project"), this))
    , m_profile(combo(tr("Profile"), this))
    , m_error(wrappedLabel(u"error"_s, this))
    , m_keep(new QPushButton(m_rule.id.isValid() ? tr("&Save") : tr("&Add"), this))
{
    setWindowTitle(m_rule.id.isValid() ? tr("Change a rule") : tr("Add a rule"));
    setAttribute(Qt::WA_DeleteOnClose);
    m_pattern->setAccessibleName(tr("What"));
    layOut();
    fill(projects);
    connect(m_kind, &QComboBox::currentIndexChanged, this, &PermissionRuleDialog::showHint);
    connect(m_pattern, &QLineEdit::textChanged, this, &PermissionRuleDialog::showHint);
    connect(m_project, &QComboBox::currentIndexChanged, this, &PermissionRuleDialog::askProfiles);
    connect(m_keep, &QPushButton::clicked, this, &PermissionRuleDialog::keep);
    askProfiles();
    showHint();
}

void PermissionRuleDialog::layOut()
{
    auto *form = new QFormLayout;
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    form->addRow(tr("A&gents"), m_effect);
    form->addRow(tr("A&ct"), m_kind);
    form->addRow(tr("&What"), m_pattern);
    form->addRow(QString(), m_hint);
    form->addRow(tr("Pro&ject"), m_project);
    form->addRow(tr("Pro&file"), m_profile);
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Cancel, this);
    m_keep->setProperty("role", u"primary"_s);
    m_keep->setDefault(true);
    buttons->addButton(m_keep, QDialogButtonBox::ActionRole);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(metrics::wide(), metrics::wide(), metrics::wide(), metrics::wide());
    column->setSpacing(metrics::units(3));
    column->addLayout(form);
    column->addWidget(m_error);
    column->addStretch();
    column->addWidget(buttons);
    setMinimumWidth(metrics::units(120));
}

void PermissionRuleDialog::fill(const std::vector<api::ProjectInfo> &projects)
{
    m_effect->addItem(tr("may"), true);
    m_effect->addItem(tr("may not"), false);
    m_effect->setCurrentIndex(m_rule.allowed || !m_rule.id.isValid() ? 0 : 1);
    for (const ToolKind one : sayable)
        m_kind->addItem(describeAct(one), enumName(one));
    if (!std::ranges::contains(sayable, m_rule.kind))
        m_kind->addItem(describeAct(m_rule.kind), enumName(m_rule.kind));
    m_kind->setCurrentIndex(std::max(0, m_kind->findData(enumName(m_rule.kind))));
    m_project->addItem(tr("Every project"), QString());
    for (const api::ProjectInfo &project : projects) {
        m_project->addItem(project.name, project.path);
        m_project->setItemData(m_project->count() - 1, project.path, Qt::ToolTipRole);
    }
    if (m_project->findData(m_rule.projectPath) < 0)
        m_project->addItem(m_rule.projectName, m_rule.projectPath);
    m_project->setCurrentIndex(m_project->findData(m_rule.projectPath));
    // What cannot be seen as it is, is not to be edited as if it could.
    const QString visible = withVisibleMarks(m_rule.pattern);
    const bool isLine = visible == m_rule.pattern && !visible.contains(u'\n') && !visible.contains(u'\t');
    m_beginning = isLine ? visible : QString(visible).replace(u'\n', u'⏎');
    m_pattern->setText(m_beginning);
    m_pattern->setReadOnly(!isLine);
    m_pattern->setCursorPosition(0);
}

// Those of the chosen project; the one of the rule stays to be chosen.
void PermissionRuleDialog::askProfiles()
{
    const QString chosen = m_profile->count() > 0 ? m_profile->currentData().toString() : m_rule.profile;
    const auto show = [this, chosen](const QStringList &names) {
        QStringList all = names;
        if (!chosen.isEmpty() && !all.contains(chosen))
            all += chosen;
        m_profile->clear();
        m_profile->addItem(tr("Every profile, and agents without one"), QString());
        for (const QString &name : std::as_const(all))
            m_profile->addItem(withVisibleMarks(name), name);
        m_profile->setCurrentIndex(std::max(0, m_profile->findData(chosen)));
    };
    show({});
    const QString project = m_project->currentData().toString();
    m_rules->askProfiles(project, this, [this, project, show](const QStringList &names) {
        if (m_project->currentData().toString() == project)
            show(names);
    });
}

ToolKind PermissionRuleDialog::kind() const
{
    return enumFromName<ToolKind>(m_kind->currentData().toString()).value_or(ToolKind::Other);
}

// As it was, to the letter, until somebody writes another.
QString PermissionRuleDialog::pattern() const
{
    return m_pattern->text() == m_beginning ? m_rule.pattern : m_pattern->text().trimmed();
}

void PermissionRuleDialog::showHint()
{
    const bool toTheLetter =
        m_rule.id.isValid() && m_rule.exact && pattern() == m_rule.pattern && kind() == m_rule.kind;
    showText(m_hint,
             toTheLetter ? tr("This exact act, as it was answered. Written anew it may have “*”.")
             : kind() == ToolKind::Execute
                 ? tr("One command. A last “*” stands for any arguments: ctest *")
                 : tr("A path in the project. “*” stands for any name, “**” for folders too: src/**"));
    updateButton();
}

// With room for it.
void PermissionRuleDialog::say(const QString &text)
{
    showText(m_error, text);
    adjustSize();
}

void PermissionRuleDialog::updateButton()
{
    say({});
    m_keep->setEnabled(!m_keeping && !pattern().isEmpty());
}

void PermissionRuleDialog::keep()
{
    m_keeping = true;
    updateButton();
    m_rules->set({.rule = m_rule.id,
                  .project = m_project->currentData().toString(),
                  .profile = m_profile->currentData().toString(),
                  .kind = kind(),
                  .pattern = pattern(),
                  .allowed = m_effect->currentData().toBool()},
                 this, [this](const Status &kept) {
        m_keeping = false;
        if (kept) {
            accept();
            return;
        }
        updateButton();
        say(describe(kept.error()));
    });
}

} // namespace muster
