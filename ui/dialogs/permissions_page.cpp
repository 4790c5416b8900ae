#include "ui/dialogs/permissions_page.h"

#include "core/viewmodel/describe.h"
#include "core/viewmodel/describe_runtime.h"
#include "core/viewmodel/permission_list_model.h"
#include "ui/theme/metrics.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/list_view.h"

#include <QDateTime>
#include <QLabel>
#include <QPushButton>
#include <QShortcut>
#include <QStackedWidget>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace muster {
namespace {

RowLook lookOfRule(const api::PermissionInfo &rule, const QString &pattern)
{
    const QString where =
        rule.projectName.isEmpty() ? PermissionsPage::tr("every project") : rule.projectName;
    return {.sign = rule.allowed ? StatusLook{u"check"_s, &ThemeColors::completed}
                                 : StatusLook{u"close"_s, &ThemeColors::failed},
            .title = pattern,
            .trailing = where,
            .subtitle =
                QStringList{describeRule(rule), describeUse(rule, QDateTime::currentMSecsSinceEpoch())}.join(
                    u" · "_s)};
}

} // namespace

PermissionsPage::PermissionsPage(NodeFeed *feed, QWidget *parent)
    : QWidget(parent)
    , m_model(new PermissionListModel(feed, this))
    , m_empty(new EmptyState(u"permission"_s, tr("No lasting rules"),
                             tr("An answer “always” to what an agent asks makes one. It holds for that exact "
                                "act in that project until you revoke it here."),
                             this))
    , m_body(new QStackedWidget(this))
    , m_revoke(new QPushButton(tr("&Revoke"), this))
    , m_problem(new QLabel(this))
{
    m_list = new ListView(tr("Lasting rules"), [this](const QModelIndex &index) {
        return lookOfRule(*m_model->rowAt(index.row()), index.data().toString());
    }, true, this);
    m_list->setModel(m_model);
    m_revoke->setProperty("role", u"danger"_s);
    m_revoke->setToolTip(tr("Agents ask again for what the chosen rule says (Del)"));
    m_revoke->setEnabled(false);
    m_problem->setTextFormat(Qt::PlainText);
    m_problem->setWordWrap(true);
    m_problem->setProperty("role", u"error"_s);
    m_problem->hide();
    layOut();
    auto *remove = new QShortcut(QKeySequence(QKeySequence::Delete), m_list);
    remove->setContext(Qt::WidgetShortcut);
    connect(remove, &QShortcut::activated, this, &PermissionsPage::revoke);
    connect(m_revoke, &QPushButton::clicked, this, &PermissionsPage::revoke);
    connect(m_list, &ListView::currentMoved, this,
            [this](const QModelIndex &index) { m_revoke->setEnabled(index.isValid()); });
    connect(m_model, &PermissionListModel::loaded, this, &PermissionsPage::onLoaded);
    connect(m_model, &PermissionListModel::failed, this, [this](const Error &error) {
        m_notLoaded = true;
        showProblem(describe(error));
    });
    connect(m_model, &PermissionListModel::refused, this,
            [this](const Error &error) { showProblem(describe(error)); });
}

void PermissionsPage::layOut()
{
    m_body->addWidget(m_list);
    m_body->addWidget(m_empty);
    auto *bottom = new QHBoxLayout;
    bottom->addStretch();
    bottom->addWidget(m_revoke);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(metrics::units(3));
    column->addWidget(m_body, 1);
    column->addLayout(bottom);
    column->addWidget(m_problem);
}

void PermissionsPage::showProblem(const QString &text)
{
    m_problem->setText(text);
    m_problem->setVisible(!text.isEmpty());
}

void PermissionsPage::onLoaded()
{
    if (std::exchange(m_notLoaded, false))
        showProblem({});
    const bool empty = m_model->rowCount() == 0;
    m_body->setCurrentWidget(empty ? static_cast<QWidget *>(m_empty) : m_list);
    m_revoke->setVisible(!empty);
    if (!empty && !m_list->currentIndex().isValid())
        m_list->setCurrentIndex(m_model->index(0));
    m_revoke->setEnabled(m_list->currentIndex().isValid());
}

void PermissionsPage::revoke()
{
    showProblem({});
    if (const api::PermissionInfo *rule = m_model->rowAt(m_list->currentIndex().row()))
        m_model->revoke(rule->id);
}

} // namespace muster
