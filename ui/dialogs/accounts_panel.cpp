#include "ui/dialogs/accounts_panel.h"

#include "core/viewmodel/account_list_model.h"
#include "core/viewmodel/describe.h"
#include "core/viewmodel/describe_runtime.h"
#include "ui/dialogs/add_account_dialog.h"
#include "ui/theme/metrics.h"
#include "ui/widgets/list_view.h"
#include "ui/widgets/wrapped_label.h"

#include <QDateTime>
#include <QMessageBox>
#include <QPushButton>
#include <QShortcut>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace muster {
namespace {

constexpr int mostRows = 4;

QString nameOf(const api::AccountInfo &account)
{
    return account.name.isEmpty() ? AccountsPanel::tr("First") : account.name;
}

RowLook lookOf(const api::AccountInfo &account)
{
    const bool ready = account.state == "ready"_L1;
    const bool rests = account.state == "rests"_L1;
    return {.sign = ready ? StatusLook{u"check"_s, &ThemeColors::completed}
                          : StatusLook{rests ? u"later"_s : u"warning"_s, &ThemeColors::waiting},
            .title = nameOf(account),
            .subtitle = describeAccountState(account, QDateTime::currentMSecsSinceEpoch())};
}

QString whatRemovingDoes(const api::AccountInfo &account)
{
    QStringList lines;
    if (!account.keys.isEmpty())
        lines +=
            AccountsPanel::tr("Its key (%1) is taken out of the keychain.").arg(account.keys.join(u", "_s));
    lines += AccountsPanel::tr("What is known of its limits is forgotten.");
    if (!account.configHome.isEmpty())
        lines += AccountsPanel::tr("Its folder stays as it is: %1").arg(account.configHome);
    lines += AccountsPanel::tr("What runs with it just now ends as it would have; what comes next is done "
                               "with another account.");
    return lines.join(u'\n');
}

} // namespace

AccountsPanel::AccountsPanel(NodeFeed *feed, QWidget *parent)
    : QWidget(parent)
    , m_model(new AccountListModel(feed, this))
    , m_only(wrappedLabel(u"text"_s, this))
    , m_detail(wrappedLabel(u"muted"_s, this))
    , m_done(wrappedLabel(u"muted"_s, this))
    , m_problem(wrappedLabel(u"error"_s, this))
    , m_add(new QPushButton(tr("&Add account…"), this))
    , m_remove(new QPushButton(tr("Re&move"), this))
{
    m_list = new ListView(tr("Accounts"), [this](const QModelIndex &index) {
        return lookOf(*m_model->rowAt(index.row()));
    }, true, this);
    m_list->setModel(m_model);
    m_list->setMaxRows(mostRows);
    for (QLabel *label : {m_detail, m_done})
        label->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_detail->setAccessibleName(tr("Chosen account"));
    m_done->setAccessibleName(tr("What was done"));
    m_remove->setProperty("role", u"danger"_s);
    m_remove->setToolTip(tr("Remove the chosen account (Del)"));
    layOut();
    listen();
    showAccounts();
}

void AccountsPanel::layOut()
{
    auto *buttons = new QHBoxLayout;
    buttons->addWidget(m_add);
    buttons->addWidget(m_remove);
    buttons->addStretch();
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(metrics::normal());
    column->addWidget(m_only);
    column->addWidget(m_list);
    column->addWidget(m_detail);
    column->addLayout(buttons);
    column->addWidget(m_done);
    column->addWidget(m_problem);
}

void AccountsPanel::listen()
{
    auto *remove = new QShortcut(QKeySequence(QKeySequence::Delete), m_list);
    remove->setContext(Qt::WidgetShortcut);
    connect(remove, &QShortcut::activated, this, &AccountsPanel::askToRemove);
    connect(m_remove, &QPushButton::clicked, this, &AccountsPanel::askToRemove);
    connect(m_add, &QPushButton::clicked, this, &AccountsPanel::addAccount);
    connect(m_list, &ListView::currentMoved, this, &AccountsPanel::showChosen);
    connect(m_model, &AccountListModel::changed, this, &AccountsPanel::changed);
    connect(m_model, &AccountListModel::added, this, [this](const QString &name, const QString &folder) {
        const QString line = signInLineOf(m_model->runtime(), folder);
        showText(m_problem, {});
        showText(m_done, line.isEmpty()
                             ? tr("%1 is added.").arg(name)
                             : tr("%1 is added. To sign in, run this in a terminal: %2").arg(name, line));
    });
    connect(m_model, &AccountListModel::removed, this, [this](const QString &name, const QString &folder) {
        showText(m_problem, {});
        showText(m_done, folder.isEmpty()
                             ? tr("%1 is removed.").arg(name)
                             : tr("%1 is removed. Its folder is still there: %2").arg(name, folder));
    });
    connect(m_model, &AccountListModel::refused, this, [this](const Error &error) {
        showText(m_done, {});
        showText(m_problem, describe(error));
    });
}

void AccountsPanel::setRuntime(const api::RuntimeInfo &runtime)
{
    if (runtime.id != m_model->runtime().id) {
        showText(m_done, {});
        showText(m_problem, {});
    }
    m_model->setRuntime(runtime);
    showAccounts();
}

void AccountsPanel::showAccounts()
{
    const bool several = m_model->rowCount() > 0;
    const bool canHaveMore = m_model->canHaveMore();
    m_list->setVisible(several);
    m_remove->setVisible(several);
    showText(m_only, several       ? QString()
                     : canHaveMore ? tr("Only the first, as its program finds it")
                                   : tr("Only the first: no key and no folder tells accounts of it apart"));
    m_add->setVisible(canHaveMore);
    if (several && !m_list->currentIndex().isValid())
        m_list->setCurrentIndex(m_model->index(0));
    showChosen();
}

const api::AccountInfo *AccountsPanel::chosen() const
{
    const api::AccountInfo *account = m_model->rowAt(m_list->currentIndex().row());
    return account && !account->name.isEmpty() ? account : nullptr;
}

void AccountsPanel::showChosen()
{
    const api::AccountInfo *account = m_model->rowAt(m_list->currentIndex().row());
    m_remove->setEnabled(chosen() != nullptr);
    if (!account) {
        showText(m_detail, {});
        return;
    }
    const QString state = describeAccountState(*account, QDateTime::currentMSecsSinceEpoch());
    showText(m_detail, tr("%1: %2\nSigned in: %3", "account, its state, by what it is signed in")
                           .arg(nameOf(*account), state, describeAccountSignIn(*account)));
}

void AccountsPanel::addAccount() { (new AddAccountDialog(m_model, this))->open(); }

void AccountsPanel::askToRemove()
{
    const api::AccountInfo *account = chosen();
    if (!account)
        return;
    auto *box = new QMessageBox(
        QMessageBox::Warning, tr("Remove an account"),
        tr("Remove “%1” from the accounts of %2?").arg(account->name, m_model->runtime().label),
        QMessageBox::NoButton, this);
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setTextFormat(Qt::PlainText);
    box->setInformativeText(whatRemovingDoes(*account));
    QPushButton *remove = box->addButton(tr("&Remove"), QMessageBox::DestructiveRole);
    connect(remove, &QPushButton::clicked, m_model,
            [model = m_model, name = account->name] { model->remove(name); });
    QPushButton *cancel = box->addButton(QMessageBox::Cancel);
    box->setDefaultButton(cancel);
    box->setEscapeButton(cancel);
    box->open();
}

} // namespace muster
