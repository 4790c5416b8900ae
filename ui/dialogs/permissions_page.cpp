#include "ui/dialogs/permissions_page.h"

#include "core/viewmodel/describe.h"
#include "core/viewmodel/describe_runtime.h"
#include "core/viewmodel/permission_list_model.h"
#include "core/viewmodel/project_list_model.h"
#include "core/viewmodel/visible_text.h"
#include "ui/dialogs/permission_rule_dialog.h"
#include "ui/theme/metrics.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/list_view.h"
#include "ui/widgets/wrapped_label.h"

#include <QComboBox>
#include <QDateTime>
#include <QPushButton>
#include <QShortcut>
#include <QSignalBlocker>
#include <QStackedWidget>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace muster {
namespace {

RowLook lookOfRule(const api::PermissionInfo &rule, const QString &pattern)
{
    QStringList facts{describeRule(rule), describeRuleOrigin(rule),
                      describeUse(rule, QDateTime::currentMSecsSinceEpoch())};
    if (!rule.profile.isEmpty())
        facts.insert(1, PermissionsPage::tr("profile %1").arg(withVisibleMarks(rule.profile)));
    return {.sign = rule.allowed ? StatusLook{u"check"_s, &ThemeColors::completed}
                                 : StatusLook{u"close"_s, &ThemeColors::failed},
            .title = pattern,
            .trailing = rule.projectName.isEmpty() ? PermissionsPage::tr("every project") : rule.projectName,
            .subtitle = facts.join(u" · "_s)};
}

} // namespace

PermissionsPage::PermissionsPage(NodeFeed *feed, QWidget *parent)
    : QWidget(parent)
    , m_model(new PermissionListModel(feed, this))
    , m_projects(new ProjectListModel(feed, this))
    , m_project(new QComboBox(this))
    , m_empty(new EmptyState(u"permission"_s, tr("No lasting rules"),
                             tr("An answer “always” to what an agent asks makes one. It holds for that exact "
                                "act in that project until you revoke it here. Or add one yourself."),
                             this))
    , m_body(new QStackedWidget(this))
    , m_add(new QPushButton(tr("&Add rule…"), this))
    , m_change(new QPushButton(tr("&Edit…"), this))
    , m_revoke(new QPushButton(tr("&Revoke"), this))
    , m_problem(wrappedLabel(u"error"_s, this))
{
    m_list = new ListView(tr("Lasting rules"), [this](const QModelIndex &index) {
        return lookOfRule(*m_model->rowAt(index.row()), index.data().toString());
    }, true, this);
    m_list->setModel(m_model);
    m_project->setAccessibleName(tr("Rules of"));
    m_project->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_project->setMinimumContentsLength(16);
    m_change->setToolTip(tr("Change the chosen rule (Enter)"));
    m_revoke->setProperty("role", u"danger"_s);
    m_revoke->setToolTip(tr("Agents ask again for what the chosen rule says (Del)"));
    layOut();
    listen();
    showProjects();
    showChosen();
    m_projects->setActive(true);
}

void PermissionsPage::layOut()
{
    m_body->addWidget(m_list);
    m_body->addWidget(m_empty);
    auto *label = new QLabel(tr("Rules &of"), this);
    label->setBuddy(m_project);
    auto *top = new QHBoxLayout;
    top->addWidget(label);
    top->addWidget(m_project, 1);
    top->addStretch(1);
    auto *bottom = new QHBoxLayout;
    bottom->addWidget(m_add);
    bottom->addStretch();
    bottom->addWidget(m_change);
    bottom->addWidget(m_revoke);
    auto *about = wrappedLabel(u"muted"_s, this);
    showText(about, tr("What denies wins. Else the most specific rule decides: of a profile, then of the "
                       "project, then of every project. What no rule covers is asked."));
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(metrics::units(3));
    column->addLayout(top);
    column->addWidget(m_body, 1);
    column->addLayout(bottom);
    column->addWidget(m_problem);
    column->addWidget(about);
}

void PermissionsPage::listen()
{
    auto *remove = new QShortcut(QKeySequence(QKeySequence::Delete), m_list);
    remove->setContext(Qt::WidgetShortcut);
    connect(remove, &QShortcut::activated, this, &PermissionsPage::revoke);
    connect(m_revoke, &QPushButton::clicked, this, &PermissionsPage::revoke);
    connect(m_add, &QPushButton::clicked, this, &PermissionsPage::addRule);
    connect(m_change, &QPushButton::clicked, this, &PermissionsPage::changeRule);
    // Later: the same Enter would press the default button of a dialog that is there already.
    connect(m_list, &ListView::activated, this, &PermissionsPage::changeRule, Qt::QueuedConnection);
    connect(m_list, &ListView::currentMoved, this, &PermissionsPage::showChosen);
    connect(m_project, &QComboBox::activated, this,
            [this](int row) { m_model->setProject(m_project->itemData(row).toString()); });
    for (const auto moved : {&QAbstractItemModel::rowsInserted, &QAbstractItemModel::rowsRemoved})
        connect(m_projects, moved, this, &PermissionsPage::showProjects);
    connect(m_projects, &QAbstractItemModel::modelReset, this, &PermissionsPage::showProjects);
    connect(m_model, &PermissionListModel::loaded, this, &PermissionsPage::onLoaded);
    connect(m_model, &PermissionListModel::kept, this, [this](PermissionRuleId rule) { m_shown = rule; });
    connect(m_model, &PermissionListModel::failed, this, [this](const Error &error) {
        m_notLoaded = true;
        showProblem(describe(error));
    });
    connect(m_model, &PermissionListModel::refused, this,
            [this](const Error &error) { showProblem(describe(error)); });
}

void PermissionsPage::showProjects()
{
    const QSignalBlocker quiet(m_project);
    m_project->clear();
    m_project->addItem(tr("All projects"), QString());
    for (const api::ProjectInfo &project : m_projects->rows()) {
        m_project->addItem(project.name, project.path);
        m_project->setItemData(m_project->count() - 1, project.path, Qt::ToolTipRole);
    }
    m_project->setCurrentIndex(std::max(0, m_project->findData(m_model->project())));
}

void PermissionsPage::showProblem(const QString &text) { showText(m_problem, text); }

const api::PermissionInfo *PermissionsPage::chosen() const
{
    return m_model->rowAt(m_list->currentIndex().row());
}

void PermissionsPage::showChosen()
{
    const api::PermissionInfo *rule = chosen();
    if (rule)
        m_shown = rule->id;
    m_change->setEnabled(rule != nullptr);
    m_revoke->setEnabled(rule != nullptr);
}

void PermissionsPage::onLoaded()
{
    if (std::exchange(m_notLoaded, false))
        showProblem({});
    const bool empty = m_model->rowCount() == 0;
    m_body->setCurrentWidget(empty ? static_cast<QWidget *>(m_empty) : m_list);
    m_change->setVisible(!empty);
    m_revoke->setVisible(!empty);
    if (const QModelIndex shown = m_model->indexOf(m_shown); shown.isValid())
        m_list->setCurrentIndex(shown);
    else if (!empty && !m_list->currentIndex().isValid())
        m_list->setCurrentIndex(m_model->index(0));
    showChosen();
}

void PermissionsPage::addRule()
{
    showProblem({});
    const auto &projects = m_projects->rows();
    const auto found = std::ranges::find(projects, m_model->project(), &api::ProjectInfo::path);
    api::PermissionInfo beginning{.kind = ToolKind::Execute};
    if (found != projects.end()) {
        beginning.projectPath = found->path;
        beginning.projectName = found->name;
    }
    (new PermissionRuleDialog(m_model, projects, beginning, this))->open();
}

void PermissionsPage::changeRule()
{
    showProblem({});
    if (const api::PermissionInfo *rule = chosen())
        (new PermissionRuleDialog(m_model, m_projects->rows(), *rule, this))->open();
}

void PermissionsPage::revoke()
{
    showProblem({});
    if (const api::PermissionInfo *rule = chosen())
        m_model->revoke(rule->id);
}

} // namespace muster
